"""What a site brings along from its old system when it begins to bill here."""

from billing.services.importing.balances import BalanceImporter
from billing.services.importing.open_invoices import OpenInvoiceImporter

__all__ = ["BalanceImporter", "OpenInvoiceImporter"]
