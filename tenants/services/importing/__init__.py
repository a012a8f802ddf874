"""Companies from a file, and what became of them."""

from tenants.services.importing.declarations import DeclarationImporter
from tenants.services.importing.planning import COLUMNS, plan_companies
from tenants.services.importing.writing import write_companies

__all__ = ["COLUMNS", "CompanyImporter", "DeclarationImporter"]


class CompanyImporter:
    """`core.imports.Importer` for companies."""

    columns = COLUMNS
    plan = staticmethod(plan_companies)
    write = staticmethod(write_companies)
