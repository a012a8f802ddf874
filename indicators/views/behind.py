"""The rows behind a figure as a page shows them, with the way to what each is about."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from indicators.contributions import NONE, Rows
from indicators.figure import Indicator
from indicators.labels import MORE
from indicators.selectors.network import Network
from indicators.selectors.shown import RECORDS, ShownRow, plain, shown_code
from indicators.tables import OPEN
from indicators.wording import language, part, told
from sites.scopes import scope_of

_COMPANIES: Final = frozenset(
    {
        "hosted_companies",
        "companies_ever_hosted",
        "presences_at_open_sites",
        "companies_beyond_60_months",
        "companies_holding_over",
        "companies_whose_contract_ended",
    }
)
"""Parts that count companies, not rooms."""
_RECORD_PAGES: Final[Mapping[str, tuple[str, str]]] = {
    "application_id": ("application", "admin:applications_application_change"),
    "invoice_id": ("invoice", "admin:billing_invoice_change"),
}
"""By the code of what a row names: the right that its page asks for, and the page."""
_WHO: Final = {
    **{code: MORE[code] for code in RECORDS},
    "company": _("company"),
    "site": _("site"),
    "space": _("space"),
    "lease": _("lease"),
    "start": _("from"),
    "last_day": _("last day"),
}


class Cell(NamedTuple):
    text: str
    address: str = ""
    is_number: bool = False


class Head(NamedTuple):
    text: str
    is_number: bool = False


def who(found: Rows) -> dict[str, Head]:
    """The columns that say what rows are about, by code with their heads; without those that none
    of the rows, on whatever page, has anything for."""
    told = {
        **{code: column != NONE for code, column in found.more.items() if code in RECORDS},
        "company": found.company != NONE,
        "site": found.site != NONE,
        "space": found.space != NONE,
        "lease": found.letting != NONE,
        "start": np.ones(len(found), np.bool_),
        "last_day": found.end < OPEN,
    }
    return {
        code: Head(str(_WHO[code]))
        for code, of_row in told.items()
        if np.any(of_row) or not len(found)
    }


def more_heads(found: Rows) -> list[Head]:
    """Of what else is told of the rows."""
    codes = [shown_code(code) for code in found.more if code not in RECORDS]
    return [Head(str(MORE[code]), is_number=_is_number(code)) for code in codes]


def _is_number(code: str) -> bool:
    """A status and a day are none."""
    return code not in RECORDS and code != "outcome" and not code.endswith("_on")


def counts_once(found: Rows, indicator: Indicator) -> bool:
    """Whether a company's further rooms are listed and add nothing: to be said where there are."""
    if indicator.denominator in _COMPANIES:
        return bool(np.any(found.denominator == 0))
    return indicator.numerator in _COMPANIES and bool(np.any(found.numerator == 0))


def total(found: Rows, indicator: Indicator) -> dict[str, str]:
    """What all rows add up to: the figure's own parts."""
    above = plain(found.numerator_total, indicator.numerator)
    below = plain(found.denominator_total, indicator.denominator)
    return {
        "numerator": part(above, indicator.numerator),
        "denominator": part(below, indicator.denominator),
    }


class Links:
    """Where a row leads: the lease's page only for those who may open it."""

    def __init__(self, user: Any, network: Network) -> None:
        self.leases = scope_of(user, Action.VIEW, "lease")
        self.companies = bool(scope_of(user, Action.VIEW, "company"))
        self.site_ids = {code: site.pk for code, site in network.sites.items()}
        self.records = {
            code: (scope_of(user, Action.VIEW, resource), page)
            for code, (resource, page) in _RECORD_PAGES.items()
        }

    def company(self, row: ShownRow) -> str:
        if row.company_id is None or not self.companies:
            return ""
        return reverse("admin:tenants_company_change", args=[row.company_id])

    def lease(self, row: ShownRow) -> str:
        if row.lease_id is None or not self.leases.covers(self.site_ids.get(row.site or "")):
            return ""
        return reverse("admin:leases_lease_change", args=[row.lease_id])

    def record(self, row: ShownRow, code: str) -> str:
        """Where a record that the row names is shown, for whoever may see it."""
        if code not in row.records or code not in self.records:
            return ""
        scope, page = self.records[code]
        if not scope.covers(self.site_ids.get(row.site or "")):
            return ""
        return reverse(page, args=[row.records[code]])


def shown(
    row: ShownRow, indicator: Indicator, links: Links, columns: Sequence[str]
) -> dict[str, Any]:
    """`who`: the cells of those columns."""
    cells = {
        "company": Cell(row.company or "", links.company(row)),
        "site": Cell(row.site or ""),
        "space": Cell(row.space or ""),
        "lease": Cell(row.lease or "", links.lease(row)),
        "start": Cell(formats.day(row.start, language())),
        "last_day": Cell(formats.day(row.last_day, language()) if row.last_day else ""),
    }
    more = {
        code: Cell(told(value, code), links.record(row, code), _is_number(code))
        for code, value in row.more.items()
    }
    cells |= {code: cell for code, cell in more.items() if code in RECORDS}
    return {
        "who": {code: cells[code] for code in columns},
        "more": [cell for code, cell in more.items() if code not in RECORDS],
        "numerator": part(row.numerator, indicator.numerator),
        "denominator": (
            "" if row.denominator is None else part(row.denominator, indicator.denominator)
        ),
    }
