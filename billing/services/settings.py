"""From when on, and how, a site bills."""

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.rights import Action
from billing.models import Settled, SiteBilling
from core.history import recorded
from sites.models import Site
from sites.permissions import require


def set_billing(
    *, site: Site, starts_on: dt.date, acting_user: User | None, **fields: Any
) -> SiteBilling:
    """The site bills here from `starts_on` on; `fields`: drafted_on, issues_by_itself,
    payment_days, days_to_answer, sends_papers, sends_receipts. Raises ValidationError,
    NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "billing", site.pk)
        row = SiteBilling.objects.select_for_update().filter(site=site).first()
        row = row or SiteBilling(site=site)
        if row.pk is not None and starts_on < row.starts_on:
            # Days that no run has looked at: nobody remembers them as billed.
            Settled.objects.filter(lease__site=site).delete()
        row.starts_on = starts_on
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
    return row
