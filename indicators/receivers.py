"""What indicators do about news from below."""

from typing import Any

from django.dispatch import receiver

from core.jobs import wake_on_commit
from core.periods import Period
from indicators.services import forget
from leases.signals import occupation_changed
from sites.signals import premises_changed
from tenants.signals import declared


@receiver([occupation_changed, premises_changed, declared])
def compute_again(*, days: Period, **_kwargs: Any) -> None:
    """Every day from the first on: who was ever hosted, and the twelve months that follow.

    Of the space there is, the averages over the months that follow too. What became of a company
    is told of every later day, until it is declared otherwise.
    """
    forget(days=Period(days.start))
    wake_on_commit("indicators.compute_snapshots")
