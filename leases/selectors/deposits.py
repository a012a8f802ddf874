"""The deposit of a lease, added up."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from leases.choices import DepositAct
from leases.models import Lease


@dataclass(frozen=True, slots=True)
class DepositAccount:
    """DH; received = held + returned + kept, always."""

    due: Decimal
    received: Decimal
    returned: Decimal
    kept: Decimal

    @property
    def held(self) -> Decimal:
        return self.received - self.returned - self.kept

    @property
    def missing(self) -> Decimal:
        """What is due and not held."""
        return max(self.due - self.held, ZERO)


def deposit_of(lease: Lease) -> DepositAccount:
    """What is due by the terms, what came, went back and was kept."""
    sums = dict.fromkeys(DepositAct, ZERO)
    for act, amount, reverses in lease.deposit_entries.values_list("act", "amount", "reverses"):
        sums[DepositAct(act)] += amount if reverses is None else -amount
    return DepositAccount(
        lease.deposit_due,
        sums[DepositAct.RECEIVED],
        sums[DepositAct.RETURNED],
        sums[DepositAct.KEPT],
    )
