"""What a run comes to, added up."""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.db.models import Count, Sum

from billing.choices import ItemState
from billing.models import RentRun, RunItem
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Total:
    """Of the leases of a run in one state; DH."""

    leases: int = 0
    net: Decimal = ZERO
    vat: Decimal = ZERO
    was: Decimal = ZERO


def totals(run: RentRun) -> dict[ItemState, Total]:
    """By state, in the order of `ItemState`; states of no lease are there too."""
    rows = run.items.values_list("state").annotate(Count("id"), Sum("net"), Sum("vat"), Sum("was"))
    found = {state: Total(*sums) for state, *sums in rows}
    return {state: found.get(state.value, Total()) for state in ItemState}


def preview_of(run: RentRun) -> str:
    """A stamp of what would be issued, lease by lease: the same until anything of it changes."""
    shown = sha256()
    for lease, digest in run.items.waiting().order_by("lease").values_list("lease", "digest"):
        shown.update(f"{lease}:{digest}\n".encode())
    return shown.hexdigest()[:16]


def failures(run: RentRun) -> list[RunItem]:
    """The leases that were not billed and why, in the order of their numbers."""
    not_billed = [ItemState.FAILED, ItemState.CHANGED]
    return list(
        run.items.filter(state__in=not_billed).select_related("lease").order_by("lease__number")
    )
