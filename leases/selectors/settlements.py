"""What a settlement keeps of a deposit and what is left; which are there."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from core.money import ZERO
from leases.choices import OVER_STATES, Condition, HandoverWay, SettlementState
from leases.models import (
    DepositSettlement,
    HandoverItem,
    HandoverReport,
    Lease,
    LeaseDocument,
    SettlementEvidence,
    SettlementLine,
)
from leases.selectors.deposits import deposit_of


@dataclass(frozen=True, slots=True)
class SettlementAccount:
    """DH: as it was closed; of a draft, as it would be closed now."""

    lines: list[SettlementLine]
    """In their order, each with its evidence."""
    held: Decimal
    """Before anything is kept."""
    final: bool

    @property
    def kept(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def left(self) -> Decimal:
        return max(self.held - self.kept, ZERO)

    @property
    def exceeding(self) -> Decimal:
        """What the lines come to beyond what is held: to be billed."""
        return max(self.kept - self.held, ZERO)

    @property
    def to_return(self) -> Decimal:
        return self.left if self.final else ZERO


def account_of(settlement: DepositSettlement) -> SettlementAccount:
    """Two queries; of a draft, one more."""
    evidence = Prefetch("evidence", SettlementEvidence.objects.order_by("id"))
    lines = list(
        settlement.lines.select_related("item__space")
        .order_by("position")
        .prefetch_related(evidence)
    )
    if settlement.state == SettlementState.DRAFT:
        lease = settlement.lease
        return SettlementAccount(lines, deposit_of(lease).held, lease.state in OVER_STATES)
    return SettlementAccount(lines, settlement.held or ZERO, settlement.final)


def settles(settlement: DepositSettlement, lease: Lease) -> bool:
    """Whether it stands and tells what goes back since the tenant has left."""
    return (
        settlement.state == SettlementState.CLOSED
        and settlement.final
        and settlement.on is not None
        and (lease.exit_on is None or settlement.on >= lease.exit_on)
    )


def items_to_settle(lease: Lease) -> QuerySet[HandoverItem]:
    """Of the handover report of the keys' return that counts, what is not as it should be."""
    report = HandoverReport.objects.filter(lease=lease).of_record(HandoverWay.OUT).first()
    wrong = (Condition.WORN, Condition.DAMAGED, Condition.MISSING)
    rows = HandoverItem.objects.filter(report=report, condition__in=wrong)
    return rows.select_related("space").order_by("position", "id")


def lacking_settlement_document() -> QuerySet[DepositSettlement]:
    """Closed settlements that stand, of which no document was issued in any language."""
    issued = LeaseDocument.objects.filter(settlement=OuterRef("pk"))
    return DepositSettlement.objects.standing().exclude(Exists(issued))
