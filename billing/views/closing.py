"""Closing a month: what is unfinished, its sums, and the button."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.choices import ClosingCheck
from billing.errors.books import NotToReopen
from billing.models import MonthClosing
from billing.selectors.closings import (
    booked_in,
    is_over,
    last_closed,
    next_to_close,
    sums_of,
    unfinished,
    whole,
)
from billing.selectors.vat import vat_rows
from billing.services.closing import close_month, reopen_month
from billing.vat_returns import totals
from billing.views.books import Books, books_asked, month_asked
from core import formats
from core.periods import today
from sites.admin.columns import language
from sites.admin.scoping import acting

EARLIER: Final = 24
"""So many closings are listed."""


def closing_page(request: HttpRequest) -> HttpResponse:
    """`?lessor=&month=2026-03`; POST `act=close` (`anyway`), or `act=reopen` (`reason`)."""
    books = books_asked(request)
    following = next_to_close(books.lessor.pk)
    month = month_asked(request, following or today())
    closing = books.lessor.closings.closed().filter(month=month).first()
    refusal = ""
    if request.method == "POST":
        done = _act(request, books, month, closing)
        if isinstance(done, HttpResponse):
            return done
        refusal = done
    lessor = books.lessor
    booked = booked_in(lessor.pk, month)
    found = {one.check: one.count for one in unfinished(lessor, month, booked)}
    earlier = books.lessor.closings.select_related("closed_by", "reopened_by")
    context = {
        "month": month,
        "month_named": formats.month(month, language()),
        "closing": closing,
        "is_last": closing is not None and month == last_closed(lessor.pk),
        "is_next": closing is None and month == following,
        "is_over": is_over(month),
        "following": following,
        "checks": [
            (check.label, found.get(check, 0), _way_out(check, books, month))
            for check in ClosingCheck
        ],
        "unfinished": bool(found),
        "sums": sums_of(lessor.pk, month),
        "journals": booked,
        "vat": totals(vat_rows(lessor.pk, whole(month))),
        "earlier": [(row, formats.month(row.month, language())) for row in earlier[:EARLIER]],
        "reason": request.POST.get("reason", ""),
    }
    title = _("Closing")
    return books.page("billing/staff/closing.html", title, context, refusal=refusal)


def _act(
    request: HttpRequest, books: Books, month: Any, closing: MonthClosing | None
) -> HttpResponse | str:
    name = capfirst(formats.month(month, language()))

    def close() -> str:
        anyway = request.POST.get("anyway") == "on"
        close_month(lessor=books.lessor, month=month, anyway=anyway, acting_user=acting(request))
        return gettext("%(month)s is closed.") % {"month": name}

    def reopen() -> str:
        if closing is None:  # somebody was faster
            raise NotToReopen
        reason = request.POST.get("reason", "")[:300]
        reopen_month(closing=closing, reason=reason, acting_user=acting(request))
        return gettext("%(month)s is open again.") % {"month": name}

    here = books.address(month=f"{month:%Y-%m}")
    return books.acted(reopen if request.POST.get("act") == "reopen" else close, here)


def _way_out(check: ClosingCheck, books: Books, month: Any) -> str:
    """Where what is unfinished is finished."""
    if check == ClosingCheck.PIECES:
        return reverse("admin:books_journals") + books.address(month=f"{month:%Y-%m}")
    route, query = {
        ClosingCheck.RUNS: ("billing_rentrun", ""),
        ClosingCheck.BANK_LINES: ("billing_bankline", "?state__exact=new"),
        ClosingCheck.CHEQUES: ("billing_payment", "?cheque=received"),
    }[check]
    return reverse(f"admin:{route}_changelist") + query
