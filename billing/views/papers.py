"""`/invoice/…/`, out of our letter: a company reads what it owes and takes the papers with it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.choices import InvoiceKind
from billing.models import Invoice, Receipt
from billing.papers.expected import expected_of
from billing.papers.invoice import grouped, invoice_ubl
from billing.papers.stored import pdf_of, receipt_pdf_of
from billing.papers.ubl import MEDIA_TYPE
from billing.selectors.invoices import in_full
from billing.selectors.open_items import open_of
from billing.selectors.receipts import receipts_of
from billing.services.papers import opened_by, send_anew
from core.downloads import bytes_attached
from core.errors import DomainError
from core.limits import ByNetwork, allowed
from core.links import LinkExpired
from sites.admin.scoping import acting

_Page = Callable[..., HttpResponse]


class PaperThrottle(ByNetwork):
    """Links asked for anew, from one network address."""

    scope = "paper_link"


def _by_link(page: _Page) -> _Page:
    """A page of the document that the link opens; kept by no cache, found by no search engine."""

    @never_cache
    @require_safe
    @wraps(page)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            response = page(request, opened_by(token), token, **kwargs)
        except DomainError as error:
            response = _refusal(request, token, error)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return opened


@_by_link
def invoice(request: HttpRequest, row: Invoice, token: str) -> HttpResponse:
    is_invoice = row.kind == InvoiceKind.INVOICE
    context = {
        "invoice": in_full(row),
        "token": token,
        "is_invoice": is_invoice,
        "rib": grouped(row.seller["rib"]),
        "open": open_of([row.pk])[row.pk] if is_invoice else None,
        "expected": expected_of(row),
        "receipts": [receipt for receipt in receipts_of(row) if not receipt.void],
    }
    return render(request, "billing/invoice.html", context)


@_by_link
def pdf(request: HttpRequest, row: Invoice, token: str) -> HttpResponse:
    return bytes_attached(pdf_of(row), name=f"{row.number}.pdf", media_type="application/pdf")


@_by_link
def ubl(request: HttpRequest, row: Invoice, token: str) -> HttpResponse:
    return bytes_attached(
        invoice_ubl(in_full(row)), name=f"{row.number}.xml", media_type=MEDIA_TYPE
    )


@_by_link
def receipt(request: HttpRequest, row: Invoice, token: str, pk: int) -> HttpResponse:
    for found in receipts_of(row):
        if found.pk == pk and not found.void:
            return bytes_attached(
                receipt_pdf_of(found), name=f"{found.number}.pdf", media_type="application/pdf"
            )
    raise Http404


@require_safe
def staff_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """On the staff site: as it was given, whether it still holds or not."""
    row = get_object_or_404(Receipt.objects.visible_to(acting(request)), pk=pk)
    return bytes_attached(
        receipt_pdf_of(row), name=f"{row.number}.pdf", media_type="application/pdf"
    )


@never_cache
@require_POST
def anew(request: HttpRequest, token: str) -> HttpResponse:
    """A link that ran out is sent again; the answer is the same whether or not one leaves."""
    if not allowed(request, PaperThrottle):
        said = gettext("Too many links were asked for from your network. Try in an hour.")
        return _closed(request, {"refusal": said}, status=429)
    try:
        send_anew(token=token)
    except DomainError as error:
        return _refusal(request, token, error)
    return _closed(request, {"sent": True})


def _refusal(request: HttpRequest, token: str, error: DomainError) -> HttpResponse:
    context = {
        "refusal": error.message,
        "token": token if isinstance(error, LinkExpired) else None,
    }
    return _closed(request, context, status=error.status)


def _closed(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "billing/invoice_refused.html", context, status=status)
