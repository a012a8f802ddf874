"""Leases from a file: several rows with one number are one lease; deposits that are held."""

from typing import Any

from core.imports import Plan
from core.tables import Table
from leases.services.importing.deposits import DepositImporter
from leases.services.importing.planning import COLUMNS, Planner
from leases.services.importing.writing import write_leases

__all__ = ["DepositImporter", "LeaseImporter"]


class LeaseImporter:
    """`core.imports.Importer` for leases."""

    columns = COLUMNS
    write = staticmethod(write_leases)

    def __init__(self, *, create_companies: bool = False) -> None:
        self.create_companies = create_companies

    def plan(self, table: Table, *, acting_user: Any) -> Plan:
        """Raises NotAllowed when the user may import leases nowhere."""
        return Planner(table, acting_user, create_companies=self.create_companies).plan()
