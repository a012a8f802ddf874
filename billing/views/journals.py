"""Journals on a page: their pieces, what was exported, and the file for the accountant."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.rights import Action
from billing.booking import balances
from billing.choices import Journal
from billing.layouts import ALL, PRESETS, SIGNS, party_code, read
from billing.models import ExportedPiece, JournalExport
from billing.selectors.accounts import Looks, accounts_of, looks_of
from billing.selectors.pieces import pieces_of
from billing.services.exporting import HEADINGS, export_journal, set_layout
from billing.telling import piece_label
from billing.views.books import Books, books_asked, month_asked
from core import formats
from core.downloads import attached
from core.money import ZERO
from core.periods import Period, add_months, today
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm
from sites.models import Lessor

SHOWN: Final = 50
"""Pieces on the page; the file has all."""
LAYOUTS: Final = {
    "excel": _("spreadsheet (semicolons, decimal comma)"),
    "plain": _("plain CSV (commas, decimal point)"),
    "sage": _("Sage (no header, days as DDMMYY)"),
    "own": _("own columns, as below"),
}
_SIGNS: Final = ("delimiter", "decimal", "days", "header", "encoding")
"""The fields of the signs at the end of a layout's word, in their order."""


class ExportForm(WorkForm):
    again = forms.BooleanField(
        label=_("what was exported before, too"),
        required=False,
        help_text=_("It is marked as exported again."),
    )


class LayoutForm(WorkForm):
    """How the lessor's files look from now on."""

    layout = forms.ChoiceField(label=_("layout"), choices=[*LAYOUTS.items()])
    columns = forms.CharField(
        label=_("columns, in their order"), max_length=len(ALL), required=False
    )
    delimiter = forms.ChoiceField(
        label=_("between columns"),
        choices=[(";", _("semicolon")), (",", _("comma")), ("t", _("tab"))],
    )
    decimal = forms.ChoiceField(
        label=_("decimal sign"), choices=[(",", _("comma")), (".", _("point"))]
    )
    days = forms.ChoiceField(
        label=_("days"),
        choices=[("f", "31/12/2026"), ("i", "2026-12-31"), ("s", "311226")],
    )
    header = forms.ChoiceField(
        label=_("first line"),
        choices=[("h", _("the names of the columns")), ("n", _("the first piece"))],
    )
    encoding = forms.ChoiceField(
        label=_("encoding"), choices=[("u", "Unicode (UTF-8)"), ("w", "Windows-1252")]
    )
    sales = forms.CharField(label=_("code of the journal of sales"), max_length=6)
    receipts = forms.CharField(label=_("code of the journal of receipts"), max_length=6)
    deposits = forms.CharField(label=_("code of the journal of deposits"), max_length=6)

    def __init__(self, *args: Any, looks: Looks, **kwargs: Any) -> None:
        initial: dict[str, Any] = {journal.value: code for journal, code in looks.codes.items()}
        initial |= {"layout": looks.written, "columns": "".join(ALL)}
        if looks.written not in PRESETS:
            signs = zip(_SIGNS, looks.written[-SIGNS:], strict=True)
            initial |= {"layout": "own", "columns": looks.written[:-SIGNS], **dict(signs)}
        super().__init__(*args, initial=initial, **kwargs)
        letters = ", ".join(f"{column.value} {HEADINGS[column]}" for column in ALL)
        self.fields["columns"].help_text = letters

    @property
    def written(self) -> str:
        given = self.cleaned_data
        if given["layout"] in PRESETS:
            return str(given["layout"])
        return "".join([given["columns"].strip(), *(given[name] for name in _SIGNS)])

    @property
    def codes(self) -> dict[Journal, str]:
        return {journal: self.cleaned_data[journal] for journal in Journal}


def journals_page(request: HttpRequest) -> HttpResponse:
    """`?lessor=&journal=sales&month=2026-03`; POST exports the month; with `act=layout` it keeps
    how files look."""
    books = books_asked(request)
    month = month_asked(request, add_months(today(), -1))
    period = Period(month, add_months(month, 1))
    asked = request.GET.get("journal", "")
    journal = Journal(asked) if asked in Journal.values else Journal.SALES
    here = {"journal": journal.value, "month": f"{month:%Y-%m}"}
    looks = looks_of(books.lessor.pk)
    keeps = request.POST.get("act") == "layout"
    form = ExportForm()
    layout_form = LayoutForm(request.POST if keeps else None, looks=looks)
    refusal = ""
    if request.method == "POST":
        done: HttpResponse | str = ""
        if not keeps:
            form = ExportForm(request.POST)
            form.is_valid()  # a box alone
            done = _exported(books, journal, period, form, books.address(**here))
        elif layout_form.is_valid():
            done = _kept(books, layout_form, books.address(**here))
        if isinstance(done, HttpResponse):
            return done
        refusal = done
    following = add_months(month, 1)
    exports = JournalExport.objects.filter(lessor=books.lessor).select_related("acting_user")
    context = {
        "month": month,
        "month_named": formats.month(month, language()),
        "journal": journal,
        "journals": [
            (one.label, books.address(**{**here, "journal": one.value}), one == journal)
            for one in Journal
        ],
        "before": books.address(**{**here, "month": f"{add_months(month, -1):%Y-%m}"}),
        "after": books.address(**{**here, "month": f"{following:%Y-%m}"})
        if following <= today()
        else "",
        **_booked(books.lessor, journal, period),
        "form": form,
        "layout_form": layout_form,
        "layout_open": keeps,
        "layout": LAYOUTS.get(looks.written)
        or ", ".join(HEADINGS[column] for column in read(looks.written).columns),
        "exports": exports[:24],
    }
    return books.page("billing/staff/journals.html", _("Journals"), context, refusal=refusal)


def _booked(lessor: Lessor, journal: Journal, period: Period) -> dict[str, Any]:
    """The pieces of the period, as many as are shown, and what all of them come to."""
    pieces = pieces_of(lessor.pk, journal, period)
    keys = [piece.key for piece in pieces]
    sent = ExportedPiece.objects.filter(lessor=lessor, journal=journal, piece__in=keys)
    known = set(sent.values_list("piece", flat=True))
    accounts = accounts_of(lessor.pk)
    sums = sorted(balances(pieces).items(), key=lambda one: (accounts[one[0]], one[0]))
    return {
        "pieces": [
            {
                "label": piece_label(piece),
                "day": piece.event.day,
                "party": party_code(piece.event.company_id),
                "exported": piece.key in known,
                "settled": piece.settled,
                "entries": [
                    (accounts[entry.key], entry.key.label, entry.debit, entry.credit)
                    for entry in piece.entries
                ],
            }
            for piece in pieces[:SHOWN]
        ],
        "left_out": max(len(pieces) - SHOWN, 0),
        "count": len(pieces),
        "waiting": sum(piece.key not in known and piece.settled for piece in pieces),
        "balances": [(accounts[key], key.label, amount) for key, amount in sums if amount != ZERO],
    }


def _exported(
    books: Books, journal: Journal, period: Period, form: ExportForm, then: str
) -> HttpResponse | str:
    if not books.may_export:
        raise PermissionDenied

    def act() -> str:
        export = export_journal(
            lessor=books.lessor,
            journal=journal,
            period=period,
            again=form.cleaned_data["again"],
            acting_user=acting(books.request),
        )
        return format_html(
            '{} <a class="staff-link" href="{}">{}</a>',
            gettext("Pieces exported: %(count)s.") % {"count": export.pieces},
            reverse("admin:journal_export", args=[export.pk]),
            gettext("Download the file"),
        )

    return books.acted(act, then)


def _kept(books: Books, form: LayoutForm, then: str) -> HttpResponse | str:
    def act() -> str:
        set_layout(
            lessor=books.lessor,
            written=form.written,
            codes=form.codes,
            acting_user=acting(books.request),
        )
        return gettext("Files look so from now on.")

    return books.acted(act, then)


@require_safe
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """As it was sent."""
    rows = JournalExport.objects.visible_to(acting(request), Action.EXPORT)
    export = get_object_or_404(rows.select_related("lessor"), pk=pk)
    return attached(export.file, name=file_name(export), media_type="text/csv")


def file_name(export: JournalExport) -> str:
    days: dt.date = export.period.start
    return f"{export.lessor.code}-{export.journal}-{days:%Y-%m}-{export.pk}.csv"
