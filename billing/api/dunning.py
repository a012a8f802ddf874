"""`/api/v1/reminders/`, `/dunning-pauses/`, `/write-offs/`: what becomes of what is overdue."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from billing.api import dunning_shapes as shapes
from billing.choices import InvoiceKind, PauseKind
from billing.filters import PauseFilter, ReminderFilter, WriteOffFilter
from billing.models import DunningLetter, DunningPause, Invoice, WriteOff
from billing.services.pauses import end_pause, pause_reminders
from billing.services.write_offs import (
    approve_write_off,
    ask_write_off,
    refuse_write_off,
    take_back_write_off,
)
from core.downloads import attached
from core.periods import Period
from sites.api.base import ListResource, Resource, Row, days
from sites.api.giving import GivesBytes
from sites.api.writing import once, read

_LETTER: Final = ("number", "level", "on", "pay_by", "language", "total")
_WRITE_OFF: Final = ("id", "amount", "reason", "state", "asked_at", "decided_on")


# --- Reminders ----------------------------------------------------------------------------------
class Reminders(ListResource):
    """Reminders as they were sent."""

    resource = "dunning"
    columns = (*_LETTER, "id", "site__code", "company_id", "company__name", "sent_to")
    filterset_class = ReminderFilter
    serializer_class = shapes.ReminderShape

    def get_queryset(self) -> QuerySet[DunningLetter]:
        return DunningLetter.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in _LETTER},
            "site": row["site__code"],
            "company": {"id": row["company_id"], "name": row["company__name"]},
            "by_mail": bool(row["sent_to"]),
        }


class Reminder(Resource):
    """One reminder, with the invoices in it."""

    resource = "dunning"
    serializer_class = shapes.ReminderDetailShape

    def get(self, request: Request, number: str) -> Response:
        letter = _letter(request.user, number)
        lines = letter.lines.order_by("invoice__due_on", "invoice")
        return Response(
            {
                **{name: getattr(letter, name) for name in _LETTER},
                "site": letter.site.code,
                "company": {"id": letter.company_id, "name": letter.company.name},
                "by_mail": bool(letter.sent_to),
                "lines": [
                    {"invoice": number, "open": left, "step": step}
                    for number, left, step in lines.values_list("invoice__number", "open", "step")
                ],
            }
        )


class ReminderPdf(GivesBytes, Resource):
    """As it was sent."""

    resource = "dunning"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="reminders_pdf_retrieve",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponseBase:
        letter = _letter(request.user, number)
        return attached(letter.file, name=f"{letter.number}.pdf", media_type="application/pdf")


def _letter(user: Any, number: str) -> DunningLetter:
    """Raises Http404."""
    rows = DunningLetter.objects.visible_to(user).select_related("site", "company")
    letter = rows.filter(number=number).first()
    if letter is None:
        raise Http404
    return letter


# --- Pauses -------------------------------------------------------------------------------------
class Pauses(ListResource):
    """Pauses of reminding, for disputes and payment plans; also those that are over."""

    resource = "dunning"
    columns = ("id", "site__code", "company_id", "company__name", "invoice__number", "kind",
               "period", "reason")  # fmt: skip
    filterset_class = PauseFilter
    serializer_class = shapes.PauseShape

    def get_queryset(self) -> QuerySet[DunningPause]:
        return DunningPause.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in ("id", "kind", "reason")},
            "site": row["site__code"],
            "company": {"id": row["company_id"], "name": row["company__name"]},
            "invoice": row["invoice__number"],
            **days(row["period"]),
        }

    @extend_schema(
        description="Remind nobody of an invoice, or of all that its company owes at its site, for"
        " a while.",
        request=shapes.PauseBody,
        responses={201: shapes.PauseShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, shapes.PauseBody)
        first, last = given["start"], given.get("end")
        if last is not None and last < first:
            raise ValidationError({"end": [_("The last day is before the first.")]})
        pause = pause_reminders(
            invoice=_invoice(user, given["invoice"]),
            everything=given["everything"],
            kind=PauseKind(given["kind"]),
            period=Period.through(first, last),
            reason=given["reason"],
            acting_user=user,
        )
        return Response(_pause_row(pause), status=201)


class EndPause(Resource):
    """`POST /api/v1/dunning-pauses/{id}/end/`."""

    resource = "dunning"

    @extend_schema(
        description="The pause counts no more from today on; one that had not begun is gone, and"
        " the answer is empty.",
        request=shapes.ApproveBody,
        responses={200: shapes.PauseShape, 204: None},
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        read(request, shapes.ApproveBody)
        pause = DunningPause.objects.visible_to(user).filter(pk=pk).first()
        if pause is None:
            raise Http404
        ended = end_pause(pause=pause, acting_user=user)
        return Response(status=204) if ended is None else Response(_pause_row(ended))


def _pause_row(pause: DunningPause) -> Row:
    return {
        **{name: getattr(pause, name) for name in ("id", "kind", "reason")},
        "site": pause.site.code,
        "company": {"id": pause.company_id, "name": pause.company.name},
        "invoice": pause.invoice.number if pause.invoice is not None else None,
        **days(pause.period),
    }


# --- Write-offs ---------------------------------------------------------------------------------
class WriteOffs(ListResource):
    """Claims that somebody asked to give up, decided or not."""

    resource = "dunning"
    columns = (*_WRITE_OFF, "taken_back", "invoice__number", "invoice__site__code",
               "invoice__company_id", "invoice__company__name")  # fmt: skip
    filterset_class = WriteOffFilter
    serializer_class = shapes.WriteOffShape

    def get_queryset(self) -> QuerySet[WriteOff]:
        return WriteOff.objects.visible_to(self.request.user).with_taken_back()

    def shape(self, row: Row) -> Row:
        return {
            **{name: row[name] for name in (*_WRITE_OFF, "taken_back")},
            "invoice": row["invoice__number"],
            "site": row["invoice__site__code"],
            "company": {"id": row["invoice__company_id"], "name": row["invoice__company__name"]},
        }

    @extend_schema(
        description="Ask that what is open of an invoice be given up: another person decides.",
        request=shapes.WriteOffBody,
        responses={201: shapes.WriteOffShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, shapes.WriteOffBody)
        asked = ask_write_off(
            invoice=_invoice(user, given["invoice"]),
            amount=given.get("amount"),
            reason=given["reason"],
            acting_user=user,
        )
        return Response(_write_off_row(asked), status=201)


class ApproveWriteOff(Resource):
    """`POST /api/v1/write-offs/{id}/approve/`."""

    resource = "dunning"

    @extend_schema(
        description="The claim is given up; by another person than who asked.",
        request=shapes.ApproveBody,
        responses=shapes.WriteOffShape,
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        read(request, shapes.ApproveBody)
        return Response(
            _write_off_row(approve_write_off(write_off=_write_off(user, pk), acting_user=user))
        )


class RefuseWriteOff(Resource):
    """`POST /api/v1/write-offs/{id}/refuse/`."""

    resource = "dunning"

    @extend_schema(
        description="The claim stands; by another person than who asked.",
        request=shapes.RefuseBody,
        responses=shapes.WriteOffShape,
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        reason = read(request, shapes.RefuseBody)["reason"]
        refused = refuse_write_off(write_off=_write_off(user, pk), reason=reason, acting_user=user)
        return Response(_write_off_row(refused))


class TakeBackWriteOff(Resource):
    """`POST /api/v1/write-offs/{id}/take-back/`."""

    resource = "dunning"

    @extend_schema(
        description="What was given up is asked for again: the company pays after all.",
        request=shapes.RefuseBody,
        responses=shapes.WriteOffShape,
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        reason = read(request, shapes.RefuseBody)["reason"]
        write_off = _write_off(user, pk)
        take_back_write_off(write_off=write_off, reason=reason, acting_user=user)
        return Response(_write_off_row(write_off, taken_back=True))


def _write_off(user: User, pk: int) -> WriteOff:
    """Raises Http404."""
    found = WriteOff.objects.visible_to(user).select_related("invoice").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _write_off_row(write_off: WriteOff, *, taken_back: bool = False) -> Row:
    invoice = write_off.invoice
    return {
        **{name: getattr(write_off, name) for name in _WRITE_OFF},
        "taken_back": taken_back,
        "invoice": invoice.number,
        "site": invoice.site.code,
        "company": {"id": invoice.company_id, "name": invoice.company.name},
    }


def _invoice(user: User, number: str) -> Invoice:
    """Raises ValidationError."""
    rows = Invoice.objects.visible_to(user).filter(kind=InvoiceKind.INVOICE, number=number)
    invoice = rows.select_related("lessor", "site", "company").first()
    if invoice is None:
        raise ValidationError({"invoice": [_("There is no such invoice.")]})
    return invoice
