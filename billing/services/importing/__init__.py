"""What a site brings along from its old system when it begins to bill here; meter readings."""

from billing.services.importing.balances import BalanceImporter
from billing.services.importing.open_invoices import OpenInvoiceImporter
from billing.services.importing.readings import ReadingImporter

__all__ = ["BalanceImporter", "OpenInvoiceImporter", "ReadingImporter"]
