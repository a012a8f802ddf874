"""`/api/v1/payments/`: money that came in, what it settles and what became of it; and what is done
with the credit of credit notes."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from billing.api import bodies, payment_bodies, payment_shapes
from billing.api.invoices import visible_invoice
from billing.choices import PaymentMethod
from billing.errors.money import NothingOwed
from billing.filters import PaymentFilter
from billing.models import Certificate, Invoice, Payment
from billing.selectors.open_items import with_free
from billing.selectors.paying import last_step, settled_by
from billing.services import certificates, cheques
from billing.services.allocating import Share, allocate, allocate_oldest_first, free_of, take_back
from billing.services.mistakes import undo_payment
from billing.services.payments import record_payment, settle_with
from billing.services.refunds import refund
from billing.sharing import Portion
from core.money import ZERO
from leases.api.drafting import visible_company
from sites.api.acts import Act, Acts, Given
from sites.api.base import ListResource, Resource, Row
from sites.api.writing import once, read
from sites.models import Site

_PAYMENT: Final = ("number", "method", "received_on", "amount", "stamp_duty", "reference", "bank",
                   "payer", "note")  # fmt: skip
_COLUMNS: Final = (*_PAYMENT, "id", "site__code", "company_id", "company__name",
                   "withheld_with__number", "cheque_state", "certificate__number",
                   "certificate__received_on", "free")  # fmt: skip
CERTIFICATE_FILE: Final = ("name", "media_type", "sha256")
_REFUND: Final = ("number", "amount", "on", "method", "by_mistake", "reference", "reason")


class Payments(ListResource):
    """Payments at the client's sites, what is withheld among them."""

    resource = "payment"
    columns = _COLUMNS
    filterset_class = PaymentFilter
    serializer_class = payment_shapes.PaymentShape

    def get_queryset(self) -> QuerySet[Payment]:
        return _told(Payment.objects.visible_to(self.request.user))

    def shape(self, row: Row) -> Row:
        return _shaped(row)

    @extend_schema(
        description="Enter a payment. Without `shares` it settles the oldest first.",
        request=payment_bodies.PaymentBody,
        responses={201: payment_shapes.PaymentDetailShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        payment = _entered(read(request, payment_bodies.PaymentBody), user)
        return Response(payment_row(user, payment.number), status=201)


class PaymentRow(Resource):
    """One payment: what it settles, and what became of it."""

    resource = "payment"
    serializer_class = payment_shapes.PaymentDetailShape

    def get(self, request: Request, number: str) -> Response:
        return Response(payment_row(request.user, number))


def payment_row(user: Any, number: str) -> Row:
    """The payment in full. Raises Http404."""
    payment = visible_payment(user, number)
    row = _told(Payment.objects.filter(pk=payment.pk)).values(*_COLUMNS).get()
    file = Certificate.objects.filter(payment=payment).exclude(file="").values(*CERTIFICATE_FILE)
    allocations = list(payment.allocations.select_related("invoice").order_by("pk"))
    return {
        **_shaped(row),
        "certificate_file": file.first(),
        "settles": _settles(allocations),
        "allocations": [
            {
                "invoice": each.invoice.number,
                "amount": each.amount,
                "on": each.on,
                "reason": each.reason,
            }
            for each in allocations
        ],
        "withheld": list(payment.withheld.order_by("pk").values_list("number", flat=True)),
        "steps": list(payment.cheque_steps.order_by("pk").values("state", "on", "reason")),
        "refunds": list(payment.refunds.order_by("pk").values(*_REFUND)),
    }


def visible_payment(user: Any, number: str) -> Payment:
    """Raises Http404."""
    rows = Payment.objects.visible_to(user).select_related("site__lessor")
    payment = rows.filter(number=number).first()
    if payment is None:
        raise Http404
    return payment


def _told(rows: QuerySet[Payment]) -> QuerySet[Any]:
    found: QuerySet[Any] = with_free(rows).annotate(cheque_state=last_step())
    return found


def _shaped(row: Row) -> Row:
    return {
        **{name: row[name] for name in _PAYMENT},
        "site": row["site__code"],
        "company": {"id": row["company_id"], "name": row["company__name"]},
        "withheld_with": row["withheld_with__number"],
        "cheque": row["cheque_state"],
        "certificate": row["certificate__number"],
        "certificate_received_on": row["certificate__received_on"],
        "free": row["free"],
    }


def _settles(allocations: Any) -> list[Row]:
    return [
        {"invoice": each.invoice.number, "amount": each.amount} for each in settled_by(allocations)
    ]


def _entered(given: Given, user: User) -> Payment:
    site = Site.objects.visible_to(user).select_related("lessor").filter(code=given["site"]).first()
    if site is None:
        raise ValidationError({"site": [_("There is no such site.")]})
    company = visible_company(user, given["company"])
    texts = ("reference", "bank", "payer", "note")
    return record_payment(
        site=site,
        company=company,
        method=PaymentMethod(given["method"]),
        received_on=given["received_on"],
        amount=given["amount"],
        shares=_portions(given, user),
        acting_user=user,
        **{name: given[name] for name in texts if name in given},
    )


def _portions(given: Given, user: Any) -> list[Portion] | None:
    if "shares" not in given:
        return None
    numbers = [share["invoice"] for share in given["shares"]]
    known = Invoice.objects.visible_to(user).filter(number__in=numbers)
    keys = dict(known.values_list("number", "pk"))
    if unknown := [number for number in numbers if number not in keys]:
        reason = _("There is no such invoice.")
        raise ValidationError({"shares": [f"{reason} ({', '.join(unknown)})"]})
    return [
        Portion(
            keys[share["invoice"]],
            share.get("paid", ZERO),
            (share.get("withheld_rent", ZERO), share.get("withheld_vat", ZERO)),
        )
        for share in given["shares"]
    ]


# --- Acts ---------------------------------------------------------------------------------------
def _settle(payment: Payment, user: User, given: Given) -> None:
    settle_with(payment=payment, shares=_portions(given, user), acting_user=user)


def _take_back(payment: Payment, user: User, given: Given) -> None:
    _taken_back(payment, user, given)


def _taken_back(source: Payment | Invoice, user: User, given: Given) -> None:
    take_back(
        invoice=visible_invoice(user, given["invoice"]),
        source=source,
        amount=given.get("amount"),
        reason=given["reason"],
        acting_user=user,
    )


def _bank(payment: Payment, user: User, given: Given) -> None:
    cheques.bank_cheque(payment=payment, acting_user=user, **given)


def _clear(payment: Payment, user: User, given: Given) -> None:
    cheques.clear_cheque(payment=payment, acting_user=user, **given)


def _bounce(payment: Payment, user: User, given: Given) -> None:
    cheques.bounce_cheque(payment=payment, acting_user=user, **given)


def _certificate(payment: Payment, user: User, given: Given) -> None:
    certificates.keep_certificate(payment=payment, acting_user=user, **given)


def _drop_certificate(payment: Payment, user: User, given: Given) -> None:
    certificates.take_certificate_back(payment=payment, acting_user=user, **given)


def _undo(payment: Payment, user: User, given: Given) -> None:
    undo_payment(payment=payment, acting_user=user, **given)


def _refund(source: Payment | Invoice, user: User, given: Given) -> None:
    method = PaymentMethod(given.pop("method"))
    refund(source=source, method=method, acting_user=user, **given)


ACTS: Final = (
    Act("settle", "What is free of it settles invoices, with what is withheld of them.",
        _settle, payment_bodies.SettleBody),
    Act("take-back", "What it settled of an invoice is open again, by a new row.",
        _take_back, payment_bodies.SettledBackBody),
    Act("bank", "The cheque was brought to the bank.", _bank, payment_bodies.ChequeDayBody),
    Act("clear", "The cheque's money is there.", _clear, payment_bodies.ChequeDayBody),
    Act("bounce", "The cheque was not paid: what it settled is open again, and none is credit.",
        _bounce, payment_bodies.BounceBody),
    Act("certificate", "What shows that the client paid to the treasury what it withheld.",
        _certificate, payment_bodies.CertificateBody),
    Act("drop-certificate", "The certificate was another payment's.",
        _drop_certificate, bodies.BankReasonBody),
    Act("undo", "It was entered by mistake: it leaves the books by new rows of today, with what "
        "was withheld with it and its stamp duty; the bank's line that it came of waits again.",
        _undo, bodies.BankReasonBody),
    Act("refund", "So much of its credit was given back.", _refund, payment_bodies.RefundBody),
)  # fmt: skip

PAYMENT_ACTS: Final = Acts(
    "payment", payment_shapes.PaymentDetailShape, visible_payment, payment_row, "Payment"
)


# --- Credit notes -------------------------------------------------------------------------------
class NoteCredit(Resource):
    """What a credit note settles, and what of it is the company's credit."""

    resource = "payment"
    serializer_class = payment_shapes.CreditShape

    def get(self, request: Request, number: str) -> Response:
        return Response(_credit(visible_invoice(request.user, number)))


class SettleNote(Resource):
    """The company's credit of a credit note settles other invoices."""

    resource = "payment"

    @extend_schema(request=payment_bodies.SettleBody, responses=payment_shapes.CreditShape)
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        note = visible_invoice(user, number)
        portions = _portions(read(request, payment_bodies.SettleBody), user)
        if portions is None:
            if not allocate_oldest_first(source=note, acting_user=user):
                raise NothingOwed
        else:
            shares = [Share(each.invoice_id, each.paid) for each in portions]
            allocate(source=note, shares=shares, acting_user=user)
        return Response(_credit(note))


class RefundNote(Resource):
    """So much of a credit note was given back."""

    resource = "payment"

    @extend_schema(request=payment_bodies.RefundBody, responses=payment_shapes.CreditShape)
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        note = visible_invoice(user, number)
        _refund(note, user, read(request, payment_bodies.RefundBody))
        return Response(_credit(note))


def _credit(note: Invoice) -> Row:
    return {
        "number": note.number,
        "free": free_of(note) if note.corrects_id is not None else ZERO,
        "settles": _settles(note.given_to.select_related("invoice").order_by("pk")),
        "refunds": list(note.refunds.order_by("pk").values(*_REFUND)),
    }
