"""Leases, lettings and their rent, charges, amendments, notices, deposits and documents."""

from leases.models.amendments import Amendment, Notice
from leases.models.charges import Charge
from leases.models.consumption import Consumption
from leases.models.deposits import DepositEntry
from leases.models.documents import ClauseTemplate, LeaseDocument, SignedCopy
from leases.models.handovers import (
    ChecklistLine,
    HandoverItem,
    HandoverKey,
    HandoverPhoto,
    HandoverReport,
    MeterReading,
)
from leases.models.leases import Lease, LeaseVersion
from leases.models.lettings import Discount, Letting, RentStep
from leases.models.settlements import DepositSettlement, SettlementEvidence, SettlementLine

__all__ = [
    "Amendment",
    "Charge",
    "ChecklistLine",
    "ClauseTemplate",
    "Consumption",
    "DepositEntry",
    "DepositSettlement",
    "Discount",
    "HandoverItem",
    "HandoverKey",
    "HandoverPhoto",
    "HandoverReport",
    "Lease",
    "LeaseDocument",
    "LeaseVersion",
    "Letting",
    "MeterReading",
    "Notice",
    "RentStep",
    "SettlementEvidence",
    "SettlementLine",
    "SignedCopy",
]
