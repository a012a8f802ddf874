"""`/api/v1/closings/`, `/api/v1/vat-returns/`, `/api/v1/journals/`: a lessor's books."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from billing.api import bodies, shapes
from billing.choices import Journal
from billing.filters import ClosingFilter, JournalExportFilter, VatReturnFilter
from billing.layouts import party_code
from billing.models import ExportedPiece, JournalExport, MonthClosing, VatReturn
from billing.permissions import lessor_named
from billing.selectors.accounts import accounts_of
from billing.selectors.closings import whole
from billing.selectors.pieces import pieces_of
from billing.selectors.regimes import Regimes
from billing.selectors.vat import vat_rows
from billing.services.closing import close_month, reopen_month
from billing.services.exporting import export_journal
from billing.services.vat import declare_vat
from billing.vat_returns import rows_as_json, taxed_as_json, totals
from core.downloads import bytes_attached
from core.periods import Period, first_of_month
from sites.api.base import ListResource, Resource, Row, day_asked, days
from sites.api.giving import GivesBytes
from sites.api.writing import once, read
from sites.models import Lessor

_LESSOR: Final = OpenApiParameter("lessor", str, required=True, description="Code of the lessor.")
_MONTH: Final = OpenApiParameter(
    "month", OpenApiTypes.DATE, required=True, description="Any day of it."
)
_CLOSING: Final = ("id", "month", "closed_at", "reopened_at", "reason")


class Closings(ListResource):
    """Months that were closed, and those of them that were reopened; `POST` closes the next."""

    resource = "books"
    columns = (*_CLOSING, "lessor__code")
    filterset_class = ClosingFilter
    serializer_class = shapes.ClosingShape

    def get_queryset(self) -> QuerySet[MonthClosing]:
        return MonthClosing.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {"lessor": row["lessor__code"], **{name: row[name] for name in _CLOSING}}

    @extend_schema(
        description="Close a month: nothing is dated into it any more.",
        request=bodies.CloseBody,
        responses={201: shapes.ClosingShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, bodies.CloseBody)
        lessor = _lessor(user, given["lessor"])
        closing = close_month(
            lessor=lessor, month=given["month"], anyway=given["anyway"], acting_user=user
        )
        return Response(_closing(closing), status=201)


class ReopenMonth(Resource):
    """`POST /api/v1/closings/{id}/reopen/`."""

    resource = "books"

    @extend_schema(
        description="Reopen the last closed month, unless its VAT is declared.",
        request=bodies.ReopenBody,
        responses=shapes.ClosingShape,
    )
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        rows = MonthClosing.objects.visible_to(user).select_related("lessor")
        closing = rows.filter(pk=pk).first()
        if closing is None:
            raise Http404
        given = read(request, bodies.ReopenBody)
        return Response(
            _closing(reopen_month(closing=closing, reason=given["reason"], acting_user=user))
        )


class VatReturns(ListResource):
    """Returns as they were declared; `POST` keeps one."""

    resource = "books"
    columns: ClassVar[tuple[str, ...]] = (
        "id", "lessor__code", "period", "basis", "made_at", "totals",
    )  # fmt: skip
    filterset_class = VatReturnFilter
    serializer_class = shapes.VatReturnShape

    def get_queryset(self) -> QuerySet[VatReturn]:
        return VatReturn.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return _return(row)

    @extend_schema(
        description="Keep the return of a period as declared. Its months are closed.",
        request=bodies.DeclareBody,
        responses={201: shapes.VatReturnDetailShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, bodies.DeclareBody)
        lessor = _lessor(user, given["lessor"])
        made = declare_vat(lessor=lessor, day=given["month"], acting_user=user)
        return Response(_return_in_full(user, made.pk), status=201)


class VatReturnRow(Resource):
    """One return, row by row."""

    resource = "books"
    serializer_class = shapes.VatReturnDetailShape

    def get(self, request: Request, pk: int) -> Response:
        return Response(_return_in_full(request.user, pk))


class VatDue(Resource):
    """What falls due in the period of a month, as it stands now."""

    resource = "books"
    own_words = frozenset({"lessor", "month"})
    serializer_class = shapes.VatDueShape

    @extend_schema(parameters=[_LESSOR, _MONTH])
    def get(self, request: Request) -> Response:
        lessor = _lessor_asked(request)
        regimes = Regimes(lessor.pk)
        period = regimes.period(day_asked(request, "month"))
        rows = vat_rows(lessor.pk, period)
        return Response(
            {
                "lessor": lessor.code,
                **days(period),
                "basis": regimes.basis(period.start),
                "totals": taxed_as_json(totals(rows)),
                "rows": rows_as_json(rows),
            }
        )


class JournalExports(ListResource):
    """Files that went to the accountant; `POST` makes one."""

    resource = "books"
    columns: ClassVar[tuple[str, ...]] = (
        "id", "lessor__code", "journal", "period", "layout", "again", "pieces", "sha256", "made_at",
    )  # fmt: skip
    filterset_class = JournalExportFilter
    serializer_class = shapes.JournalExportShape

    def get_queryset(self) -> QuerySet[JournalExport]:
        return JournalExport.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return _export(row)

    @extend_schema(
        description="Export the pieces of a journal that no file had yet.",
        request=bodies.ExportBody,
        responses={201: shapes.JournalExportShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, bodies.ExportBody)
        if given["end"] < given["start"]:
            raise ValidationError({"end": [_("The last day is before the first.")]})
        made = export_journal(
            lessor=_lessor(user, given["lessor"]),
            journal=Journal(given["journal"]),
            period=Period.through(given["start"], given["end"]),
            layout=given.get("layout"),
            again=given["again"],
            acting_user=user,
        )
        row = JournalExport.objects.filter(pk=made.pk).values(*self.columns).get()
        return Response(_export(row), status=201)


class JournalPieces(Resource):
    """The pieces of a journal in a month, exported or not."""

    resource = "books"
    own_words = frozenset({"lessor", "journal", "month"})
    serializer_class = shapes.PiecesShape

    @extend_schema(
        parameters=[_LESSOR, _MONTH,
                    OpenApiParameter("journal", str, required=True, enum=Journal.values)]
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        lessor = _lessor_asked(request)
        asked = request.query_params.get("journal", "")
        if asked not in Journal.values:
            known = ", ".join(Journal.values)
            raise ValidationError({"journal": [_("Known are: %(known)s.") % {"known": known}]})
        journal, month = Journal(asked), first_of_month(day_asked(request, "month"))
        pieces = pieces_of(lessor.pk, journal, whole(month))
        sent = ExportedPiece.objects.filter(
            lessor=lessor, journal=journal, piece__in=[piece.key for piece in pieces]
        )
        known_keys = set(sent.values_list("piece", flat=True))
        accounts = accounts_of(lessor.pk)
        return Response(
            {
                "lessor": lessor.code,
                "journal": journal,
                "month": month,
                "pieces": [
                    {
                        "piece": piece.key,
                        "kind": piece.kind,
                        "day": piece.event.day,
                        "number": piece.event.number,
                        "company": {"id": piece.event.company_id, "name": piece.event.company},
                        "exported": piece.key in known_keys,
                        "final": piece.settled,
                        "entries": [
                            {
                                "account": accounts[entry.key],
                                "what": entry.key,
                                "third_party": party_code(piece.event.company_id)
                                if entry.of_third_party
                                else "",
                                "debit": entry.debit,
                                "credit": entry.credit,
                            }
                            for entry in piece.entries
                        ],
                    }
                    for piece in pieces
                ],
            }
        )


class JournalFile(GivesBytes, Resource):
    """An export as it was sent."""

    resource = "books"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        rows = JournalExport.objects.visible_to(request.user, Action.EXPORT)
        export = rows.filter(pk=pk).first()
        if export is None:
            raise Http404
        with export.file.open("rb") as file:
            return bytes_attached(file.read(), name=f"journal-{pk}.csv", media_type="text/csv")


def _closing(row: MonthClosing) -> Row:
    return {"lessor": row.lessor.code, **{name: getattr(row, name) for name in _CLOSING}}


def _return(row: Row) -> Row:
    return {
        "id": row["id"],
        "lessor": row["lessor__code"],
        **days(row["period"]),
        "basis": row["basis"],
        "declared_at": row["made_at"],
        "totals": row["totals"],
    }


def _return_in_full(user: Any, pk: int) -> Row:
    """Raises Http404."""
    rows = VatReturn.objects.visible_to(user).filter(pk=pk)
    row = rows.values(*VatReturns.columns, "rows").first()
    if row is None:
        raise Http404
    return {**_return(row), "rows": row["rows"]}


def _export(row: Row) -> Row:
    plain = ("id", "journal", "layout", "again", "pieces", "sha256")
    return {
        "lessor": row["lessor__code"],
        **days(row["period"]),
        **{name: row[name] for name in plain},
        "exported_at": row["made_at"],
    }


def _lessor(user: Any, code: str) -> Lessor:
    lessor = lessor_named(user, Action.VIEW, "books", code)
    if lessor is None:
        raise ValidationError({"lessor": [_("There is no such lessor.")]})
    return lessor


def _lessor_asked(request: Request) -> Lessor:
    """Raises Http404."""
    code = request.query_params.get("lessor", "")
    lessor = lessor_named(request.user, Action.VIEW, "books", code)
    if lessor is None:
        raise Http404
    return lessor
