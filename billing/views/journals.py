"""Journals on a page: their pieces, what was exported, and the file for the accountant."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.rights import Action
from billing.booking import balances
from billing.choices import Journal
from billing.layouts import ALL, PRESETS, party_code
from billing.models import ExportedPiece, JournalExport
from billing.selectors.accounts import accounts_of
from billing.selectors.pieces import pieces_of
from billing.services.exporting import HEADINGS, export_journal
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


class ExportForm(WorkForm):
    layout = forms.ChoiceField(
        label=_("layout"),
        choices=[
            ("excel", _("spreadsheet (semicolons, decimal comma)")),
            ("plain", _("plain CSV (commas, decimal point)")),
            ("sage", _("Sage (no header, days as DDMMYY)")),
            ("own", _("own columns, as below")),
        ],
    )
    columns = forms.CharField(
        label=_("columns, in their order"),
        initial="".join(ALL),
        max_length=len(ALL),
        required=False,
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
    again = forms.BooleanField(
        label=_("what was exported before, too"),
        required=False,
        help_text=_("It is marked as exported again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letters = ", ".join(f"{column.value} {HEADINGS[column]}" for column in ALL)
        self.fields["columns"].help_text = letters

    @property
    def written(self) -> str:
        given = self.cleaned_data
        if given["layout"] in PRESETS:
            return str(given["layout"])
        return f"{given['columns']}{given['delimiter']}{given['decimal']}{given['days']}"


def journals_page(request: HttpRequest) -> HttpResponse:
    """`?lessor=&journal=sales&month=2026-03`; POST exports the month."""
    books = books_asked(request)
    month = month_asked(request, add_months(today(), -1))
    period = Period(month, add_months(month, 1))
    asked = request.GET.get("journal", "")
    journal = Journal(asked) if asked in Journal.values else Journal.SALES
    here = {"journal": journal.value, "month": f"{month:%Y-%m}"}
    form = ExportForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        done = _exported(books, journal, period, form, books.address(**here))
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
            layout=form.written,
            again=form.cleaned_data["again"],
            acting_user=acting(books.request),
        )
        return gettext("Pieces exported: %(count)s.") % {"count": export.pieces}

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
