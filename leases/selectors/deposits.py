"""The deposit of a lease, added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from leases.choices import DepositAct
from leases.models import DepositEntry, Lease


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
    return account(lease.deposit_due, DepositEntry.objects.filter(lease=lease))


def account(due: Decimal, entries: Iterable[DepositEntry]) -> DepositAccount:
    sums = dict.fromkeys(DepositAct, ZERO)
    for entry in entries:
        sums[DepositAct(entry.act)] += entry.amount if entry.reverses_id is None else -entry.amount
    return DepositAccount(
        due, sums[DepositAct.RECEIVED], sums[DepositAct.RETURNED], sums[DepositAct.KEPT]
    )
