"""Staff pages of leases."""

from leases.admin.leases import LeaseAdmin
from leases.admin.lettings import LeaseVersionAdmin, LettingAdmin, RentStepAdmin

__all__ = ["LeaseAdmin", "LeaseVersionAdmin", "LettingAdmin", "RentStepAdmin"]
