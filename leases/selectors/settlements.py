"""Settlements of deposits: what they keep, and what is left."""

from collections.abc import Iterable
from decimal import Decimal

from core.money import ZERO
from leases.models import SettlementLine


def kept_by(lines: Iterable[SettlementLine]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)
