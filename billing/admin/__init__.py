"""Staff pages of billing."""

from billing.admin.invoices import InvoiceAdmin
from billing.admin.runs import RentRunAdmin
from billing.admin.settings import SiteBillingAdmin

__all__ = ["InvoiceAdmin", "RentRunAdmin", "SiteBillingAdmin"]
