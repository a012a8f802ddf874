"""Companies from a file."""

from tenants.services.importing.planning import COLUMNS, plan_companies
from tenants.services.importing.writing import write_companies

__all__ = ["COLUMNS", "CompanyImporter"]


class CompanyImporter:
    """`core.imports.Importer` for companies."""

    columns = COLUMNS
    plan = staticmethod(plan_companies)
    write = staticmethod(write_companies)
