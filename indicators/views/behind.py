"""The rows behind a figure as a page shows them, with the way to what each is about."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from django.urls import reverse

from accounts.rights import Action
from core import formats
from indicators.contributions import Rows
from indicators.figure import Indicator
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownRow, plain
from indicators.views.columns import is_number
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


class Cell(NamedTuple):
    text: str
    address: str = ""
    is_number: bool = False


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
    row: ShownRow, indicator: Indicator, links: Links, columns: Iterable[str]
) -> dict[str, Any]:
    """`cells`: those of the columns, by code."""
    cells = {
        "company": Cell(row.company or "", links.company(row)),
        "site": Cell(row.site or ""),
        "space": Cell(row.space or ""),
        "lease": Cell(row.lease or "", links.lease(row)),
        "start": Cell(formats.day(row.start, language())),
        "last_day": Cell(formats.day(row.last_day, language()) if row.last_day else ""),
        **{
            code: Cell(told(value, code), links.record(row, code), is_number(code))
            for code, value in row.more.items()
        },
    }
    return {
        "cells": {code: cells[code] for code in columns},
        "numerator": part(row.numerator, indicator.numerator),
        "denominator": (
            "" if row.denominator is None else part(row.denominator, indicator.denominator)
        ),
    }
