from billing.models.billed import BilledPeriod, Settled
from billing.models.invoices import Invoice, InvoiceLine
from billing.models.runs import RentRun, RunItem
from billing.models.settings import SiteBilling

__all__ = [
    "BilledPeriod",
    "Invoice",
    "InvoiceLine",
    "RentRun",
    "RunItem",
    "Settled",
    "SiteBilling",
]
