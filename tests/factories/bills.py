"""Sites that bill, and runs through their life, by the real services."""

import datetime as dt
from decimal import Decimal

from billing.models import RentRun
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, draft_run
from billing.services.settings import set_billing
from core.periods import Period
from sites.models import Site, VatRule
from tests.factories import scene

EVER = Period(dt.date(2015, 1, 1))


def site(code: str = "CAS", *, starts_on: dt.date) -> Site:
    """A site that bills from a day on, with VAT of 20 % on everything."""
    made = scene.site(code)
    for subject in ("office", "desk", "service"):
        VatRule.objects.get_or_create(
            lessor=made.lessor, subject=subject, period=EVER, defaults={"rate": Decimal(20)}
        )
    set_billing(site=made, starts_on=starts_on, acting_user=None)
    return made


def computed(site: Site, month: dt.date) -> RentRun:
    return compute(draft_run(site=site, month=month, acting_user=None))


def issued(site: Site, month: dt.date) -> RentRun:
    return issue(start_issuing(run=computed(site, month), acting_user=None))
