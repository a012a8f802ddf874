"""Letters with papers, and receipts, over REST."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api import bodies, shapes
from billing.models import Invoice, Receipt
from billing.papers.stored import receipt_pdf_of
from billing.selectors.receipts import with_void
from billing.services.papers import send
from billing.services.receipts import issue_receipt
from core.downloads import bytes_attached
from sites.api.base import Resource, Row
from sites.api.giving import GivesBytes
from sites.api.writing import once, read

_RECEIPT: Final = ("number", "issued_on", "amount")


class SendInvoice(Resource):
    """`POST /api/v1/invoices/{number}/send/`."""

    resource = "invoice"

    @extend_schema(
        description="Send the signed link to a document once more, to addresses of its company;"
        " without any: to those that receive its invoices.",
        request=bodies.SendBody,
        responses=shapes.SentShape,
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        given = read(request, bodies.SendBody)
        to = send(invoice=_invoice(user, number), to=given.get("to", []), acting_user=user)
        return Response({"to": to})


class ReceiveInvoice(Resource):
    """`POST /api/v1/invoices/{number}/receipt/`."""

    resource = "invoice"

    @extend_schema(
        description="The receipt of a settled invoice; asked for again, the one that holds.",
        request=bodies.ReceiptBody,
        responses={201: shapes.ReceiptShape},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        given = read(request, bodies.ReceiptBody)
        receipt = issue_receipt(
            invoice=_invoice(user, number), acting_user=user, send=given.get("send", False)
        )
        return Response(receipt_row(_receipt(user, receipt.number)), status=201)


class ReceiptPdf(GivesBytes, Resource):
    """A receipt as it was given."""

    resource = "invoice"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="receipts_pdf_retrieve",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        receipt = _receipt(request.user, number)
        return bytes_attached(
            receipt_pdf_of(receipt), name=f"{number}.pdf", media_type="application/pdf"
        )


def receipt_row(receipt: Any) -> Row:
    """With `void`."""
    return {**{name: getattr(receipt, name) for name in _RECEIPT}, "void": receipt.void}


def _invoice(user: Any, number: str) -> Invoice:
    rows = Invoice.objects.visible_to(user).select_related("site", "company", "lessor", "lease")
    invoice = rows.filter(number=number).first()
    if invoice is None:
        raise Http404
    return invoice


def _receipt(user: Any, number: str) -> Any:
    receipt = with_void(Receipt.objects.visible_to(user)).filter(number=number).first()
    if receipt is None:
        raise Http404
    return receipt
