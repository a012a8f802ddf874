"""Every hub bills from this month on; the month's run of one of them is issued."""

from accounts.models import User
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, draft_run
from billing.services.settings import set_billing
from core.periods import first_of_month, today
from sites.models import Site

ISSUED = "RAB"
"""The others' runs are for whoever tries the product to begin."""


def bill(director: User) -> None:
    month = first_of_month(today())
    for site in Site.objects.order_by("code"):
        set_billing(site=site, starts_on=month, acting_user=director)
    site = Site.objects.get(code=ISSUED)
    run = compute(draft_run(site=site, month=month, acting_user=director))
    issue(start_issuing(run=run, acting_user=director))
