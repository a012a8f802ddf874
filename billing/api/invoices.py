"""`/api/v1/invoices/`: invoices and credit notes as issued, their papers, and credits of them."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from billing.api import bodies, shapes
from billing.api.receipts import receipt_row
from billing.choices import CreditKind
from billing.filters import InvoiceFilter
from billing.models import Invoice
from billing.papers.invoice import invoice_ubl
from billing.papers.stored import pdf_of
from billing.papers.ubl import MEDIA_TYPE
from billing.selectors.invoice_page import Fate, fate_of
from billing.selectors.invoices import in_full
from billing.selectors.left import left_of
from billing.services.crediting import Part, credit_all, credit_amount, credit_parts
from billing.services.sales import SaleLine, issue_sale
from core.downloads import bytes_attached
from core.periods import Period
from leases.api.drafting import visible_company
from sites.api.base import ListResource, Resource, Row, days
from sites.api.giving import GivesBytes
from sites.api.writing import once, read
from sites.models import Site

_INVOICE: Final = ("number", "kind", "issued_on", "due_on", "net", "vat", "total", "credit_kind",
                   "reason")  # fmt: skip
_LINE: Final = ("position", "kind", "label", "space", "unit", "rate", "area_m2", "quantity",
                "amount", "vat_rate", "vat_ground", "vat", "is_rent")  # fmt: skip
_PAPER: Final = ("made_at", "sha256", "letters", "problem")
_PDF: Final = "application/pdf"
Given = dict[str, Any]


class Invoices(ListResource):
    """Invoices and credit notes of the client's sites, as issued."""

    resource = "invoice"
    columns = (*_INVOICE, "id", "site__code", "company_id", "company__name", "lease__number",
               "run_id", "corrects__number")  # fmt: skip
    filterset_class = InvoiceFilter
    serializer_class = shapes.InvoiceShape

    def get_queryset(self) -> QuerySet[Invoice]:
        return Invoice.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in _INVOICE},
            "site": row["site__code"],
            "company": {"id": row["company_id"], "name": row["company__name"]},
            "lease": row["lease__number"],
            "run": row["run_id"],
            "corrects": row["corrects__number"],
        }

    @extend_schema(
        description="Issue an invoice outside any lease: meeting rooms, badges, sponsors.",
        request=bodies.SaleBody,
        responses={201: shapes.InvoiceDetailShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        invoice = _sold(read(request, bodies.SaleBody), user)
        return Response(invoice_row(user, invoice.number), status=201)


class InvoiceRow(Resource):
    """One invoice or credit note in full."""

    resource = "invoice"
    serializer_class = shapes.InvoiceDetailShape

    def get(self, request: Request, number: str) -> Response:
        return Response(invoice_row(request.user, number))


class InvoicePdf(GivesBytes, Resource):
    """As people read it: PDF/A-3, with the UBL form inside."""

    resource = "invoice"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="invoices_pdf_retrieve",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        invoice = visible_invoice(request.user, number)
        return bytes_attached(pdf_of(invoice), name=f"{number}.pdf", media_type=_PDF)


class InvoiceUbl(GivesBytes, Resource):
    """As programs read it: UBL 2.1."""

    resource = "invoice"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="invoices_ubl_retrieve",
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        invoice = in_full(visible_invoice(request.user, number))
        return bytes_attached(invoice_ubl(invoice), name=f"{number}.xml", media_type=MEDIA_TYPE)


class CreditInvoice(Resource):
    """`POST /api/v1/invoices/{number}/credit/`."""

    resource = "invoice"

    @extend_schema(
        description="Issue a credit note: of all that is left, an amount, or parts of lines.",
        request=bodies.CreditBody,
        responses={201: shapes.InvoiceDetailShape},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        invoice = visible_invoice(user, number)
        note = _credited(invoice, read(request, bodies.CreditBody), user)
        return Response(invoice_row(user, note.number), status=201)


def visible_invoice(user: Any, number: str) -> Invoice:
    """Raises Http404."""
    rows = Invoice.objects.visible_to(user).select_related("site", "company", "lease", "corrects")
    invoice = rows.filter(number=number).first()
    if invoice is None:
        raise Http404
    return invoice


def invoice_row(user: Any, number: str) -> Row:
    """The document in full. Raises Http404."""
    invoice = in_full(visible_invoice(user, number))
    lines = list(invoice.lines.all())
    left = left_of(lines)
    return {
        **{name: getattr(invoice, name) for name in _INVOICE},
        "site": invoice.site.code,
        "company": {"id": invoice.company_id, "name": invoice.company.name},
        "lease": invoice.lease.number if invoice.lease is not None else None,
        "run": invoice.run_id,
        "corrects": invoice.corrects.number if invoice.corrects is not None else None,
        "language": invoice.language,
        "seller": invoice.seller,
        "client": invoice.client,
        "lines": [
            {
                "id": line.pk,
                **{name: getattr(line, name) for name in _LINE},
                "charge": line.charge_id,
                **days(line.period),
                "credits": line.credits_id,
                "left": abs(left[line.pk].net),
            }
            for line in lines
        ],
        "credit_notes": [note.number for note in invoice.credit_notes.all()],
        **_fate(fate_of(invoice, user)),
    }


def _fate(fate: Fate) -> Row:
    paper = fate.paper
    return {
        "open": fate.open,
        "paper": {name: getattr(paper, name) for name in _PAPER} if paper is not None else None,
        "receipts": [receipt_row(receipt) for receipt in fate.receipts],
    }


def _sold(given: Given, user: User) -> Invoice:
    site = Site.objects.visible_to(user).filter(code=given["site"]).first()
    if site is None:
        raise ValidationError({"site": [_("There is no such site.")]})
    return issue_sale(
        site=site,
        company=visible_company(user, given["company"]),
        lines=[SaleLine(**line) for line in given["lines"]],
        acting_user=user,
    )


def _credited(invoice: Invoice, given: Given, user: User) -> Invoice:
    kind, reason = CreditKind(given["kind"]), given["reason"]
    if given.get("net") is not None:
        if kind == CreditKind.CANCELLING or given.get("parts"):
            told = _("An amount is goodwill, and of the whole invoice: leave out `parts`.")
            raise ValidationError({"net": [told]})
        return credit_amount(invoice=invoice, net=given["net"], reason=reason, acting_user=user)
    if not given.get("parts"):
        return credit_all(invoice=invoice, kind=kind, reason=reason, acting_user=user)
    known = set(invoice.lines.values_list("pk", flat=True))
    parts = [_part(part, known) for part in given["parts"]]
    return credit_parts(invoice=invoice, parts=parts, kind=kind, reason=reason, acting_user=user)


def _part(given: Given, known: set[int]) -> Part:
    if given["line"] not in known:
        raise ValidationError({"parts": [_("The invoice has no such line.")]})
    first, last = given.get("start"), given.get("end")
    net: Decimal | None = given.get("net")
    if (first is None) != (last is None) or (first is not None and net is not None):
        raise ValidationError({"parts": [_("Give `start` and `end`, or `net`, or neither.")]})
    if first is not None and last is not None and last < first:
        raise ValidationError({"parts": [_("The last day is before the first.")]})
    return Part(
        given["line"], net=net, days=Period.through(first, last) if first is not None else None
    )
