"""Companies as the rows of a file name them: by their ICE, else by their folded name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.imports import Cells
from tenants.identifiers import compact, is_ice
from tenants.models import Company
from tenants.names import name_key


class KnownCompanies:
    """Those that any of `names` may mean, in one query."""

    def __init__(self, names: Iterable[str]) -> None:
        asked = set(names)
        current = Company.objects.current().order_by("id")
        keys = {name_key(name) for name in asked if name}
        self._by_ice = {
            company.ice: company
            for company in current.filter(ice__in={compact(name) for name in asked})
            if company.ice
        }
        self._by_key: dict[str, list[Company]] = {}
        for company in current.filter(name_key__in=keys):
            self._by_key.setdefault(company.name_key, []).append(company)

    def find(self, cells: Cells, column: str) -> Company | None:
        """The company that the cell names; None, and a problem of the row, where it names none."""
        name = cells.text(column, required=True)
        if not name:
            return None
        if is_ice(compact(name)):
            found = [self._by_ice[compact(name)]] if compact(name) in self._by_ice else []
        else:
            found = self._by_key.get(name_key(name), [])
        if len(found) == 1:
            return found[0]
        cells.wrong(
            column,
            _("Several companies bear this name: give the ICE.")
            if found
            else _("There is no such company."),
        )
        return None
