"""Leases, lettings and their rent, charges, amendments, notices and deposits."""

from leases.models.amendments import Amendment, Notice
from leases.models.charges import Charge
from leases.models.deposits import DepositEntry
from leases.models.leases import Lease, LeaseVersion
from leases.models.lettings import Discount, Letting, RentStep

__all__ = [
    "Amendment",
    "Charge",
    "DepositEntry",
    "Discount",
    "Lease",
    "LeaseVersion",
    "Letting",
    "Notice",
    "RentStep",
]
