"""What can be imported, by the word that names it on the command line and in the staff site."""

from typing import Final

from billing.services.importing import BalanceImporter, OpenInvoiceImporter, ReadingImporter
from core.imports import Importer
from leases.services.importing import DepositImporter, LeaseImporter
from sites.services.importing import SpaceImporter
from tenants.services.importing import CompanyImporter, DeclarationImporter

RESOURCES: Final = {
    "companies": "company",
    "spaces": "space",
    "leases": "lease",
    "declarations": "company",
    "open_invoices": "invoice",
    "balances": "payment",
    "deposits": "deposit",
    "readings": "meter",
}
"""The row of the table of rights that each import needs."""
CONTROLLED: Final = frozenset({"open_invoices", "balances", "deposits"})
"""Brought along from an old system: checked against a control total, whole or not at all."""


def importer(what: str, *, create_companies: bool = False) -> Importer:
    """`create_companies`: leases add the companies that are not known. Raises KeyError."""
    importers: dict[str, Importer] = {
        "companies": CompanyImporter(),
        "spaces": SpaceImporter(),
        "leases": LeaseImporter(create_companies=create_companies),
        "declarations": DeclarationImporter(),
        "open_invoices": OpenInvoiceImporter(),
        "balances": BalanceImporter(),
        "deposits": DepositImporter(),
        "readings": ReadingImporter(),
    }
    return importers[what]
