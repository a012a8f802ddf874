"""A VAT return: what falls due in a month or a quarter, row by row; as a file; declared."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import tablib
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy

from billing.booking import balances
from billing.choices import Journal, LedgerKey, VatBasis, VatReason
from billing.models import VatReturn
from billing.selectors.closings import first_open_day
from billing.selectors.deposit_pieces import kept_pieces, put_back_pieces
from billing.selectors.pieces import pieces_of
from billing.selectors.regimes import Regimes
from billing.selectors.vat import vat_rows
from billing.services.vat import declare_vat
from billing.vat_returns import rows_as_json, taxed_as_json, totals
from billing.views.books import books_asked, month_asked
from core import formats
from core.cells import harmless
from core.money import ZERO
from core.periods import Period, add_months, today
from sites.admin.columns import language
from sites.admin.scoping import acting

SHOWN: Final = 300
"""Rows on the page; the file has all."""
_FILES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADINGS: Final = (
    "Date", "Nature", "Facture", "Règlement", "Client", "ICE", "Taux", "HT", "TVA",
)  # fmt: skip
_TEXTS: Final = ("number", "source", "client", "ice")
_AMOUNTS: Final = ("rate", "net", "vat")
_RECEIVED: Final = (
    LedgerKey.BANK,
    LedgerKey.CASH,
    LedgerKey.CARD,
    LedgerKey.WITHHELD,
    LedgerKey.VAT_WITHHELD,
    LedgerKey.STAMP,
)
_SETTLED: Final = (LedgerKey.CLIENTS, LedgerKey.ADVANCES)


def vat_page(request: HttpRequest) -> HttpResponse:
    """`?lessor=&month=2026-03`: of the period that the month lies in; `format=csv` or `xlsx`: as a
    file. POST declares it."""
    books = books_asked(request)
    lessor = books.lessor
    regimes = Regimes(lessor.pk)
    period = regimes.period(month_asked(request, add_months(today(), -1)))
    refusal = ""
    if request.method == "POST":
        done = books.acted(
            lambda: _declared(declare_vat(lessor=lessor, day=period.start,
                                          acting_user=acting(request))),
            books.address(month=f"{period.start:%Y-%m}"),
        )  # fmt: skip
        if isinstance(done, HttpResponse):
            return done
        refusal = done
    kept = VatReturn.objects.filter(lessor=lessor, period=period).first()
    if kept is not None:
        rows, sums = kept.rows, kept.totals
    else:
        found = vat_rows(lessor.pk, period)
        rows, sums = rows_as_json(found), taxed_as_json(totals(found))
    wanted = request.GET.get("format", "")
    if wanted in _FILES:
        if not books.may_export:
            raise PermissionDenied
        return _file(rows, wanted, f"vat-{lessor.code}-{period.start:%Y-%m}")
    basis = VatBasis(kept.basis) if kept is not None else regimes.basis(period.start)
    first, before = first_open_day(lessor.pk), add_months(period.start, -1)
    assert period.end is not None
    context = {
        "month": period.start,
        "period": period,
        "basis": basis,
        "rhythm": regimes.on(period.start).rhythm,
        "kept": kept,
        "rows": [_shown(row) for row in rows[:SHOWN]],
        "left_out": max(len(rows) - SHOWN, 0),
        "totals": [{name: Decimal(amount) for name, amount in one.items()} for one in sums],
        "net": sum((Decimal(one["net"]) for one in sums), ZERO),
        "vat": sum((Decimal(one["vat"]) for one in sums), ZERO),
        "journal": _in_the_journals(lessor.pk, period, basis) if kept is None else None,
        "declared": _of_the_journals(rows, basis),
        "may_declare": kept is None and first is not None and first >= period.end,
        "before": books.address(month=f"{before:%Y-%m}"),
        "after": books.address(month=f"{period.end:%Y-%m}") if period.end <= today() else "",
        "files": [
            (name.upper(), books.address(month=f"{period.start:%Y-%m}", format=name))
            for name in _FILES
            if books.may_export
        ],
        "earlier": VatReturn.objects.filter(lessor=lessor).select_related("acting_user")[:24],
    }
    title = pgettext_lazy("page", "VAT return")
    return books.page("billing/staff/vat.html", title, context, refusal=refusal)


def _declared(kept: VatReturn) -> str:
    days = formats.days(kept.period.start, kept.period.last_day, language())
    return gettext("The return of %(days)s is kept as declared.") % {"days": days}


def _in_the_journals(lessor_id: int, period: Period, basis: VatBasis) -> Decimal:
    """What the return adds up to: on collection the money of the receipts and what was kept of
    deposits for unpaid rent, with tax; on invoice the VAT of the sales."""
    if basis == VatBasis.ISSUE:
        sales = [
            piece
            for piece in pieces_of(lessor_id, Journal.SALES, period)
            if piece.kind in {"invoice", "credit"}
        ]
        return -balances(sales).get(LedgerKey.VAT, ZERO)
    found = balances(pieces_of(lessor_id, Journal.RECEIPTS, period))
    kept = balances([*kept_pieces(lessor_id, period), *put_back_pieces(lessor_id, period)])
    received = sum((found.get(key, ZERO) for key in _RECEIVED), ZERO)
    return received - sum((kept.get(key, ZERO) for key in _SETTLED), ZERO)


def _of_the_journals(rows: Sequence[dict[str, str]], basis: VatBasis) -> Decimal:
    """The same as the return has it."""
    if basis == VatBasis.COLLECTION:
        return sum((Decimal(row["net"]) + Decimal(row["vat"]) for row in rows), ZERO)
    papers = {VatReason.ISSUED, VatReason.CREDITED}
    return sum((Decimal(row["vat"]) for row in rows if row["reason"] in papers), ZERO)


def _shown(row: dict[str, str]) -> dict[str, Any]:
    amounts = {name: Decimal(row[name]) for name in ("rate", "net", "vat")}
    return {**row, **amounts, "reason": VatReason(row["reason"]).label}


def _file(rows: Sequence[dict[str, str]], kind: str, name: str) -> HttpResponse:
    """In French, as the journals: it is the accountant's. A CSV opens in a French spreadsheet."""
    told = tablib.Dataset(headers=HEADINGS)
    with translation.override("fr"):
        for row in rows:
            day = dt.date.fromisoformat(row["day"])
            words = [capfirst(VatReason(row["reason"]).label), *(row[name] for name in _TEXTS)]
            amounts = [Decimal(row[name]) for name in _AMOUNTS]
            texts = [harmless(str(word)) for word in words]
            if kind == "csv":
                written = [f"{amount:f}".replace(".", ",") for amount in amounts]
                told.append([f"{day:%d/%m/%Y}", *texts, *written])
            else:
                told.append([day, *texts, *amounts])
    if kind == "csv":  # Excel reads UTF-8 only with a mark
        content = told.export(kind, delimiter=";").encode("utf-8-sig")
    else:
        content = told.export(kind)
    return HttpResponse(
        content,
        content_type=_FILES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
