"""Rent billed, what is owed and how late it is, pure.

Arrears and ageing are those of `billing.selectors.ageing`: an invoice counts from its day of issue,
what settles it from the day that it does; deposits, credit and withheld amounts that await their
certificate are never arrears.
"""

from dataclasses import replace

import numpy as np

from billing.ageing import BANDS, OWED
from indicators.contributions import NONE, Rows
from indicators.daily import Daily
from indicators.intervals import flow, stock
from indicators.lines import Lines
from indicators.scope import Scope
from indicators.tables import NEVER, NOWHERE, OPEN, Billed, Ints, Owed

_INVOICE = OWED.index("invoice")


def billed_rent(scope: Scope) -> Daily:
    """By the day of issue, credit notes taken off; these alone beside."""
    billed = _billed(scope)
    credited = billed.only(billed.centimes < 0)
    return Daily(
        flow(billed.on, scope.low, scope.high, billed.centimes),
        None,
        {"credited_centimes": -flow(credited.on, scope.low, scope.high, credited.centimes)},
    )


def billed_rent_rows(scope: Scope) -> Rows:
    """The invoices and credit notes issued in the window that have rent on them."""
    billed = _billed(scope)
    billed = billed.only((billed.on >= scope.low) & (billed.on < scope.high))
    invoice, first, of = np.unique(billed.invoice, return_index=True, return_inverse=True)
    rent = np.zeros(len(invoice), np.int64)
    np.add.at(rent, of, billed.centimes)
    on = billed.on[first]
    found = _of_invoices(invoice, billed.company[first], billed.site[first], on, rent)
    return found.only(np.lexsort((invoice, on)))


def arrears(scope: Scope) -> Daily:
    """What is open of invoices past their due day; what is not due yet beside."""
    owed = _owed_invoices(scope)
    late = np.maximum(owed.start, owed.due + 1)
    not_due = np.minimum(owed.end, owed.due + 1)
    return Daily(
        _alive(scope, late, owed.end, owed.centimes),
        None,
        {"not_due_centimes": _alive(scope, owed.start, not_due, owed.centimes)},
    )


def arrears_rows(scope: Scope) -> Rows:
    """The invoices that are late and not settled, the longest due first."""
    found = _open_invoices(scope)
    found = found.only(found.more["due_on"] < scope.low)
    late = scope.low - found.more["due_on"]
    found = replace(found, more={**found.more, "late_days": late})
    return found.only(np.lexsort((found.more["invoice_id"], found.more["due_on"])))


def ageing(scope: Scope) -> Lines:
    """What is open of invoices by how late it is; what is no arrears beside."""
    found = _open_invoices(scope)
    late = scope.low - found.more["due_on"]
    bounds = [first for first, _last in BANDS.values() if first is not None]
    band = np.searchsorted(bounds, late, side="right")
    values = {
        "open_centimes": np.zeros(len(BANDS), np.int64),
        "open_invoices": np.zeros(len(BANDS), np.int64),
    }
    np.add.at(values["open_centimes"], band, found.numerator)
    np.add.at(values["open_invoices"], band, 1)
    owed = _owed(scope)
    today = owed.only((owed.start <= scope.low) & (owed.end > scope.low))
    beside = {
        f"{code}_centimes": int(today.centimes[today.part == part].sum())
        for part, code in enumerate(OWED)
        if part != _INVOICE
    }
    return Lines(list(BANDS), values, beside)


def _open_invoices(scope: Scope) -> Rows:
    """Invoices with what is open of each on the day; without those that are settled."""
    owed = _owed_invoices(scope)
    owed = owed.only((owed.start <= scope.low) & (owed.end > scope.low))
    invoice, first, of = np.unique(owed.invoice, return_index=True, return_inverse=True)
    left = np.zeros(len(invoice), np.int64)
    np.add.at(left, of, owed.centimes)
    issued = np.full(len(invoice), OPEN)
    np.minimum.at(issued, of, owed.start)
    found = _of_invoices(invoice, owed.company[first], owed.site[first], issued, left)
    found = replace(found, more={**found.more, "due_on": owed.due[first]})
    return found.only(left != 0)


def _of_invoices(invoice: Ints, company: Ints, site: Ints, on: Ints, centimes: Ints) -> Rows:
    """A row an invoice, dated by its issue."""
    none = np.full(len(invoice), NONE)
    return Rows(
        letting=none,
        company=company,
        site=site,
        space=np.full(len(invoice), NOWHERE),
        start=on,
        end=np.full(len(invoice), OPEN),
        numerator=centimes,
        denominator=np.zeros(len(invoice), np.int64),
        more={"invoice_id": invoice},
    )


def _billed(scope: Scope) -> Billed:
    billed, site = scope.portfolio.table(Billed), scope.site_id
    return billed if site is None else billed.only(billed.site == site)


def _owed(scope: Scope) -> Owed:
    owed, site = scope.portfolio.table(Owed), scope.site_id
    return owed if site is None else owed.only(owed.site == site)


def _owed_invoices(scope: Scope) -> Owed:
    owed = _owed(scope)
    return owed.only((owed.part == _INVOICE) & (owed.due > NEVER))


def _alive(scope: Scope, start: Ints, end: Ints, weight: Ints) -> Ints:
    kept = start < end
    return stock(start[kept], end[kept], scope.low, scope.high, weight[kept])
