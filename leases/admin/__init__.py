"""Staff pages of leases."""

from leases.admin.amendments import AmendmentAdmin
from leases.admin.clauses import ClauseTemplateAdmin
from leases.admin.handovers import ChecklistLineAdmin, HandoverReportAdmin
from leases.admin.leases import LeaseAdmin
from leases.admin.lettings import LeaseVersionAdmin, LettingAdmin, RentStepAdmin
from leases.admin.settlements import DepositSettlementAdmin

__all__ = [
    "AmendmentAdmin",
    "ChecklistLineAdmin",
    "ClauseTemplateAdmin",
    "DepositSettlementAdmin",
    "HandoverReportAdmin",
    "LeaseAdmin",
    "LeaseVersionAdmin",
    "LettingAdmin",
    "RentStepAdmin",
]
