"""What indicators do about news from below."""

from collections.abc import Set
from typing import Any

from django.dispatch import receiver

from billing.signals import documents_issued
from core.periods import Period
from indicators.choices import Subject
from indicators.services.touching import touch
from leases.models import Lease
from leases.selectors.list_rates import LISTED_AS
from leases.signals import notice_changed, occupation_changed
from sites.signals import holds_changed, premises_changed, prices_changed
from tenants.signals import declared


@receiver(occupation_changed)
def lettings_changed(*, lease: Lease | None, days: Period, **_kwargs: Any) -> None:
    site_id = None if lease is None else lease.site_id
    touch(subject=Subject.OCCUPATION, days=days, site_id=site_id)


@receiver(notice_changed)
def departure_announced(*, lease: Lease, days: Period, **_kwargs: Any) -> None:
    touch(subject=Subject.NOTICES, days=days, site_id=lease.site_id)


@receiver(premises_changed)
def space_changed(*, site_id: int | None, days: Period, **_kwargs: Any) -> None:
    touch(subject=Subject.PREMISES, days=days, site_id=site_id)


@receiver(holds_changed)
def space_held_or_not(*, site_id: int, days: Period, **_kwargs: Any) -> None:
    touch(subject=Subject.HOLDS, days=days, site_id=site_id)


@receiver(prices_changed)
def free_space_worth_more_or_less(*, tenant_kinds: Set[str], days: Period, **_kwargs: Any) -> None:
    """What is free is valued at the list price; other plans are in no figure."""
    if LISTED_AS in tenant_kinds:
        touch(subject=Subject.PRICES, days=days)


@receiver(declared)
def outcome_declared(*, days: Period, **_kwargs: Any) -> None:
    """A company may have been at any site."""
    touch(subject=Subject.DECLARATIONS, days=days)


@receiver(documents_issued)
def more_billed(*, site_id: int, days: Period, **_kwargs: Any) -> None:
    touch(subject=Subject.INVOICES, days=days, site_id=site_id)
