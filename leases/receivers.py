"""What leases do about news from below."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Min
from django.dispatch import receiver

from accounts.models import User
from applications.models import Application, Offer
from applications.signals import (
    file_shown,
    first_startup_day_asked,
    lease_unwanted,
    offer_accepted,
)
from applications.workflow import State
from core.periods import Period
from leases.models import Lease
from leases.selectors.stays import first_startup_day
from leases.services.departures import note_who_left
from leases.services.drafts import cancel_unwanted, draft_from_offer
from leases.services.rebuilding import go_on_in_new_spaces
from leases.signals import occupation_changed
from sites.models import Space
from sites.signals import spaces_replaced
from tenants.choices import Closing
from tenants.models import Company
from tenants.signals import companies_merged


@receiver(offer_accepted)
def draft_the_lease(
    *, application: Application, offer: Offer, acting_user: User | None, **_kwargs: Any
) -> None:
    draft_from_offer(application=application, offer=offer, acting_user=acting_user)


@receiver(file_shown)
def show_the_lease(
    *, file: Application, user: Any, **_kwargs: Any
) -> tuple[str, dict[str, Any]] | None:
    """What came of the accepted offer, for whoever may see leases there."""
    if file.state not in {State.ACCEPTED, State.ONBOARDING, State.TENANT}:
        return None
    lease = Lease.objects.visible_to(user).filter(application=file).first()
    return ("leases/admin/of_file.html", {"lease": lease}) if lease is not None else None


@receiver(lease_unwanted)
def cancel_the_draft(
    *, application: Application, reason: str, acting_user: User | None, **_kwargs: Any
) -> None:
    cancel_unwanted(application=application, reason=reason, acting_user=acting_user)


@receiver(first_startup_day_asked)
def first_day_of_the_stay(*, company: Company, **_kwargs: Any) -> dt.date | None:
    return first_startup_day(company)


@receiver(companies_merged)
def follow_the_merged_company(
    *, keep: Company, duplicate: Company, acting_user: User | None, **_kwargs: Any
) -> None:
    """Who is hosted is counted by company: two that were one change the figures of their days."""
    leases = Lease.objects.filter(company=duplicate)
    first = leases.counting().aggregate(day=Min("period__startswith"))["day"]
    leases.update(company=keep)
    note_who_left([keep.pk], acting_user=acting_user)
    note_who_left([duplicate.pk], closing=Closing.MERGED, acting_user=acting_user)
    if first is not None:
        occupation_changed.send(
            sender=Lease, lease=None, days=Period(first), acting_user=acting_user
        )


@receiver(spaces_replaced)
def go_on_within_the_new_walls(
    *,
    old: Sequence[Space],
    new: Sequence[Space],
    since: dt.date,
    acting_user: User | None,
    **_kwargs: Any,
) -> None:
    go_on_in_new_spaces(old=old, new=new, since=since, acting_user=acting_user)
