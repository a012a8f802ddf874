"""What indicators do about news from below."""

from collections.abc import Set
from typing import Any

from django.dispatch import receiver

from core.jobs import wake_on_commit
from core.periods import Period
from indicators.services import forget
from leases.selectors.list_rates import LISTED_AS
from leases.signals import notice_changed, occupation_changed
from sites.signals import premises_changed, prices_changed
from tenants.signals import declared


@receiver([occupation_changed, notice_changed, premises_changed, declared])
def compute_again(*, days: Period, **_kwargs: Any) -> None:
    """Every day from the first on: who was ever hosted, and the twelve months that follow.

    Of the space there is, the averages over the months that follow too. What became of a company
    is told of every later day, until it is declared otherwise.
    """
    forget(days=Period(days.start))
    wake_on_commit("indicators.compute_snapshots")


@receiver(prices_changed)
def value_free_space_again(*, tenant_kinds: Set[str], days: Period, **_kwargs: Any) -> None:
    """What is free is valued at the list price; other plans are in no figure."""
    if LISTED_AS in tenant_kinds:
        compute_again(days=days)
