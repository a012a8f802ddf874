"""The longest stay of a start-up: its site's managers are warned in time. Nothing is blocked."""

import datetime as dt

from core import messages
from core.history import recorded
from core.models import Message
from core.periods import ONE_DAY, today
from leases.agenda import stay_ends, warning_due
from leases.choices import LeaseState
from leases.letters import stay_ends_soon
from leases.models import Lease
from leases.selectors.agenda import nearing_maximum_stay, with_facts
from leases.services.locking import locked
from sites.selectors import managers_of


def warn_of_maximum_stays() -> int:
    """Write to the site's managers 12, 6 and 3 months before, once for each company.

    Counted from the company's first start-up letting in the network. After days of downtime only
    the newest warning is written. Returns how many companies it was written about.
    """
    warned = 0
    for lease, facts in with_facts(nearing_maximum_stay(today())):
        months, end = warning_due(facts, today()), stay_ends(facts)
        if months is not None and end is not None:
            warned += _warn(lease, end, months)
    return warned


def _warn(lease: Lease, end: dt.date, months: int) -> bool:
    # A company with two leases at the site is one to talk to; another day is another warning.
    matter = f"stay:{lease.company_id}:{lease.site_id}:{end.isoformat()}:{months}"
    if Message.objects.filter(matter=matter).exists():
        return False
    with recorded(None, reason="maximum stay"):
        row = locked(lease, states=set(LeaseState))
        if row.state == LeaseState.ENDED or Message.objects.filter(matter=matter).exists():
            return False  # left meanwhile, or another worker was faster
        managers = managers_of(row.site)
        for manager in managers:
            letter = stay_ends_soon(row, end - ONE_DAY, manager.language)
            messages.queue(
                to=manager.email,
                subject=letter.subject,
                body=letter.body,
                language=manager.language,
                matter=matter,
                site_code=row.site.code,
            )
    return bool(managers)
