"""`/api/v1/leases/{number}/settlements/`: what is kept of a deposit, line by line, then closed."""

from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.bodies import NothingBody
from core.downloads import attached
from core.periods import today
from core.uploads import accepted_media_types
from leases.api import bodies, shapes
from leases.api.reading import visible_lease
from leases.errors import UnknownItem
from leases.models import (
    DepositSettlement,
    HandoverItem,
    SettlementEvidence,
    SettlementLine,
)
from leases.selectors.settlements import account_of
from leases.services import evidence as evidence_services
from leases.services import settlements as services
from sites.api.base import Resource, Row
from sites.api.giving import GivesBytes
from sites.api.receiving import BYTES, TakesBytes, received
from sites.api.writing import once, read, repeatable

_FACTS: Final = ("id", "state", "on", "note", "closed_at", "final", "reason")
_EVIDENCE: Final = ("id", "name", "media_type", "size", "sha256")


class Settlements(Resource):
    """The settlements of a lease's deposit, the older first."""

    resource = "deposit"
    serializer_class = shapes.SettlementsShape
    pagination_class = None

    @extend_schema(operation_id="leases_settlements_list")
    def get(self, request: Request, number: str) -> Response:
        lease = visible_lease(request.user, number)
        rows = DepositSettlement.objects.visible_to(request.user).filter(lease=lease)
        return Response({"results": list(rows.order_by("id").values(*_FACTS, "held"))})

    @extend_schema(
        description="Begin one; asked for again, the draft that is there.",
        request=None,
        responses={201: shapes.SettlementShape},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        read(request, NothingBody)
        lease = visible_lease(user, number)
        made = services.begin_settlement(lease=lease, acting_user=user)
        return Response(_in_full(made), status=201)


class Settlement(Resource):
    """One settlement: its lines with their evidence, and the sums, of a draft as of now."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(operation_id="leases_settlements_retrieve")
    def get(self, request: Request, number: str, pk: int) -> Response:
        return Response(_in_full(_visible(request.user, number, pk)))


class NoteSettlement(Resource):
    """What the company reads in the letter beside the lines."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(request=bodies.SettlementNoteBody)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        noted = services.note_settlement(
            settlement=_visible(user, number, pk),
            acting_user=user,
            **read(request, bodies.SettlementNoteBody),
        )
        return Response(_in_full(noted))


class CloseSettlement(Resource):
    """The money of its lines is kept; nothing of it changes any more."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(request=bodies.CloseSettlementBody)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        closed = services.close_settlement(
            settlement=_visible(user, number, pk),
            acting_user=user,
            **{"on": today(), **read(request, bodies.CloseSettlementBody)},
        )
        return Response(_in_full(closed))


class DropSettlement(Resource):
    """The draft is not wanted."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(request=None)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        read(request, NothingBody)
        settlement = _visible(user, number, pk)
        dropped = services.drop_settlement(settlement=settlement, acting_user=user)
        return Response(_in_full(dropped))


class TakeBackSettlement(Resource):
    """It was a mistake: what it kept is held again."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(request=bodies.LeaseReasonBody)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        back = services.take_back_settlement(
            settlement=_visible(user, number, pk),
            acting_user=user,
            **read(request, bodies.LeaseReasonBody),
        )
        return Response(_in_full(back))


class SettlementLines(Resource):
    """Lines of a draft."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(
        description="One more thing that is kept.",
        request=bodies.SettlementLineBody,
        responses={201: shapes.SettlementShape},
    )
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        settlement = _visible(user, number, pk)
        services.add_line(
            settlement=settlement, acting_user=user, **_line_given(request, settlement)
        )
        return Response(_in_full(settlement), status=201)


class SettlementLineRow(Resource):
    """A line of a draft."""

    resource = "deposit"
    serializer_class = shapes.SettlementShape

    @extend_schema(
        description="All that it says, anew; its evidence stays.", request=bodies.SettlementLineBody
    )
    @once
    def put(self, request: Request, number: str, pk: int, line: int) -> Response:
        user: Any = request.user
        settlement = _visible(user, number, pk)
        services.change_line(
            line=_line(settlement, line), acting_user=user, **_line_given(request, settlement)
        )
        return Response(_in_full(settlement))

    @extend_schema(description="Not kept after all; its evidence goes too.", responses={204: None})
    def delete(self, request: Request, number: str, pk: int, line: int) -> Response:
        user: Any = request.user
        settlement = _visible(user, number, pk)
        services.remove_line(line=_line(settlement, line), acting_user=user)
        return Response(status=204)


class EvidenceKept(TakesBytes, Resource):
    """`PUT …/lines/{line}/evidence/{name}`: the bytes as they are."""

    resource = "deposit"

    @extend_schema(
        operation_id="leases_settlements_evidence_update",
        request=BYTES,
        responses=shapes.EvidenceShape,
    )
    @repeatable
    def put(self, request: Request, number: str, pk: int, line: int, name: str) -> Response:
        """Keep what shows a line. The same bytes again are the file that is there."""
        user: Any = request.user
        file = received(request)
        kept = evidence_services.add_evidence(
            line=_line(_visible(user, number, pk), line),
            file=file,
            name=name,
            size=file.seek(0, 2),
            acting_user=user,
        )
        return Response(_evidence(kept))


class EvidenceBytes(GivesBytes, Resource):
    """What shows a line, as it was uploaded."""

    resource = "deposit"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="leases_settlements_evidence_retrieve",
        responses={(200, kind): OpenApiTypes.BINARY for kind in accepted_media_types()},
    )
    def get(self, request: Request, number: str, pk: int, evidence: int) -> HttpResponseBase:
        found = _shown(request.user, number, pk, evidence)
        return attached(found.file, name=found.name, media_type=found.media_type)

    @extend_schema(description="Of a draft: not shown after all.", responses={204: None})
    def delete(self, request: Request, number: str, pk: int, evidence: int) -> Response:
        user: Any = request.user
        found = _shown(user, number, pk, evidence)
        evidence_services.remove_evidence(evidence=found, acting_user=user)
        return Response(status=204)


def _visible(user: Any, number: str, pk: int) -> DepositSettlement:
    lease = visible_lease(user, number)
    rows = DepositSettlement.objects.visible_to(user).filter(lease=lease)
    settlement = rows.filter(pk=pk).first()
    if settlement is None:
        raise Http404
    settlement.lease = lease
    return settlement


def _line(settlement: DepositSettlement, pk: int) -> SettlementLine:
    line = settlement.lines.filter(pk=pk).first()
    if line is None:
        raise Http404
    line.settlement = settlement
    return line


def _shown(user: Any, number: str, pk: int, evidence: int) -> SettlementEvidence:
    settlement = _visible(user, number, pk)
    rows = SettlementEvidence.objects.filter(line__settlement=settlement)
    found = rows.select_related("line__settlement__lease").filter(pk=evidence).first()
    if found is None:
        raise Http404
    return found


def _line_given(request: Request, settlement: DepositSettlement) -> dict[str, Any]:
    given = read(request, bodies.SettlementLineBody)
    asked = given.get("item")
    if asked is None:
        return {**given, "item": None}
    items = HandoverItem.objects.filter(report__lease=settlement.lease_id)
    item = items.select_related("report").filter(pk=asked).first()
    if item is None:
        raise UnknownItem
    return {**given, "item": item}


def _in_full(settlement: DepositSettlement) -> Row:
    settlement.refresh_from_db(fields=["state", "note"])
    account = account_of(settlement)
    return {
        **{name: getattr(settlement, name) for name in _FACTS},
        "held": account.held,
        "final": account.final,
        "kept": round(account.kept, 2),
        "left": round(account.left, 2),
        "to_return": round(account.to_return, 2),
        "lines": [
            {
                "id": line.pk,
                "kind": line.kind,
                "words": line.words,
                "amount": line.amount,
                "item": line.item_id,
                "evidence": [_evidence(each) for each in line.evidence.all()],
            }
            for line in account.lines
        ],
    }


def _evidence(evidence: SettlementEvidence) -> Row:
    return {name: getattr(evidence, name) for name in _EVIDENCE}


ROUTES: Final = (
    ("", Settlements, "settlements"),
    ("<int:pk>/", Settlement, "settlement"),
    ("<int:pk>/note/", NoteSettlement, "settlement_note"),
    ("<int:pk>/close/", CloseSettlement, "settlement_close"),
    ("<int:pk>/drop/", DropSettlement, "settlement_drop"),
    ("<int:pk>/take-back/", TakeBackSettlement, "settlement_take_back"),
    ("<int:pk>/lines/", SettlementLines, "settlement_lines"),
    ("<int:pk>/lines/<int:line>/", SettlementLineRow, "settlement_line"),
    ("<int:pk>/lines/<int:line>/evidence/<str:name>", EvidenceKept, "settlement_evidence_kept"),
    ("<int:pk>/evidence/<int:evidence>/", EvidenceBytes, "settlement_evidence"),
)
"""Under the settlements of a lease."""
