"""`/api/v1/leases/{number}/handovers/`: reports of keys out and back, written piece by piece."""

from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.bodies import NothingBody
from core.downloads import attached
from core.pictures import MEDIA_TYPE
from leases.api import bodies
from leases.api import handover_shapes as shapes
from leases.api.reading import visible_lease
from leases.choices import Condition, HandoverWay, MeterKind
from leases.errors import SpaceNotLet
from leases.models import HandoverItem, HandoverPhoto, HandoverReport
from leases.selectors.handovers import Line, Sheet
from leases.services import handover_counts, handover_items, handover_reports
from sites.api.base import Resource, Row
from sites.api.giving import GivesBytes
from sites.api.receiving import BYTES, TakesBytes, received
from sites.api.writing import once, read, repeatable
from sites.models import Space

_FACTS: Final = ("id", "way", "day", "state", "language", "closed_at")
_MORE: Final = ("present_for_lessor", "present_for_tenant", "remark", "reason")


class Handovers(Resource):
    """The handover reports of a lease, the older first."""

    resource = "lease"
    serializer_class = shapes.HandoversShape
    pagination_class = None

    @extend_schema(operation_id="leases_handovers_list")
    def get(self, request: Request, number: str) -> Response:
        lease = visible_lease(request.user, number)
        rows = HandoverReport.objects.visible_to(request.user).filter(lease=lease)
        return Response({"results": [_facts(report) for report in rows.order_by("id")]})

    @extend_schema(request=shapes.BeginBody, responses={201: shapes.HandoverDetailShape})
    @once
    def post(self, request: Request, number: str) -> Response:
        """Begin a report with all that is to be looked at; the draft that is there, where there is
        one."""
        user: Any = request.user
        given = read(request, shapes.BeginBody)
        report = handover_reports.begin_report(
            lease=visible_lease(user, number),
            acting_user=user,
            **{**given, "way": HandoverWay(given["way"])},
        )
        return Response(_in_full(report), status=201)


class HandoverRow(Resource):
    """One report with all that is in it."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(operation_id="leases_handovers_retrieve")
    def get(self, request: Request, number: str, pk: int) -> Response:
        return Response(_in_full(_visible(request.user, number, pk)))

    @extend_schema(request=shapes.FactsBody)
    @once
    def patch(self, request: Request, number: str, pk: int) -> Response:
        """When it was, who was there, what is said of the whole."""
        user: Any = request.user
        report = handover_reports.change_report(
            report=_visible(user, number, pk), acting_user=user, **read(request, shapes.FactsBody)
        )
        return Response(_in_full(report))


class HandoverItems(Resource):
    """What the checklist lacks."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=shapes.AddItemBody, responses={201: shapes.HandoverDetailShape})
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        """Add an element, of a space of the lease or of none."""
        user: Any = request.user
        report = _visible(user, number, pk)
        given = read(request, shapes.AddItemBody)
        space_id = given.pop("space", None)
        space = Space.objects.visible_to(user).filter(pk=space_id).first() if space_id else None
        if space is None and space_id:
            raise SpaceNotLet
        handover_items.add_item(report=report, space=space, acting_user=user, **given)
        return Response(_in_full(report), status=201)


class HandoverItemRow(Resource):
    """One element of a report."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=shapes.ItemBody)
    @once
    def patch(self, request: Request, number: str, pk: int, item: int) -> Response:
        """How it was found."""
        user: Any = request.user
        report = _visible(user, number, pk)
        given = read(request, shapes.ItemBody)
        # No member of the choices stands for nobody having looked.
        condition: Any = given.get("condition")
        handover_items.fill_item(
            item=_item(report, item),
            condition=Condition(condition) if condition else condition,
            remark=given.get("remark"),
            acting_user=user,
        )
        return Response(_in_full(report))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str, pk: int, item: int) -> Response:
        """It was not to be looked at; its photos go with it."""
        user: Any = request.user
        handover_items.remove_item(item=_item(_visible(user, number, pk), item), acting_user=user)
        return Response(status=204)


class HandoverPhotos(TakesBytes, Resource):
    """`PUT …/items/{item}/photos/{name}`: the bytes as they are."""

    resource = "lease"
    serializer_class = shapes.PhotoShape

    @extend_schema(
        operation_id="leases_handovers_photos_put", request=BYTES, responses=shapes.PhotoShape
    )
    @repeatable
    def put(self, request: Request, number: str, pk: int, item: int, name: str) -> Response:
        """Keep a photo of it: drawn anew, without what the camera wrote into it. The same bytes
        again are the photo that is there."""
        user: Any = request.user
        file = received(request)
        photo = handover_items.add_photo(
            item=_item(_visible(user, number, pk), item),
            file=file,
            name=name,
            size=file.seek(0, 2),
            acting_user=user,
        )
        return Response(_photo(photo))


class HandoverPhotoRow(GivesBytes, Resource):
    """One photo of a report."""

    resource = "lease"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="leases_handovers_photos_retrieve",
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, pk: int, photo: int) -> HttpResponseBase:
        found = self._photo(request, number, pk, photo)
        return attached(found.file, name=f"photo-{found.pk}.jpg", media_type=MEDIA_TYPE)

    @extend_schema(operation_id="leases_handovers_photos_delete", responses={204: None})
    def delete(self, request: Request, number: str, pk: int, photo: int) -> Response:
        """It shows the wrong thing."""
        user: Any = request.user
        found = self._photo(request, number, pk, photo)
        handover_items.remove_photo(photo=found, acting_user=user)
        return Response(status=204)

    def _photo(self, request: Request, number: str, pk: int, photo: int) -> HandoverPhoto:
        report = _visible(request.user, number, pk)
        rows = HandoverPhoto.objects.filter(item__report=report).select_related("item")
        found = rows.filter(pk=photo).first()
        if found is None:
            raise Http404
        found.item.report = report
        return found


class HandoverKeys(Resource):
    """The keys of a report."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=shapes.KeysBody)
    @once
    def put(self, request: Request, number: str, pk: int) -> Response:
        """These are the keys, and how many of each."""
        user: Any = request.user
        report = _visible(user, number, pk)
        keys = [handover_counts.Counted(**row) for row in read(request, shapes.KeysBody)["keys"]]
        handover_counts.set_keys(report=report, keys=keys, acting_user=user)
        return Response(_in_full(report))


class HandoverMeters(Resource):
    """The meters of a report."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=shapes.MetersBody)
    @once
    def put(self, request: Request, number: str, pk: int) -> Response:
        """These are the meters, and what each says in its own unit."""
        user: Any = request.user
        report = _visible(user, number, pk)
        meters = [
            handover_counts.Read(**{**row, "kind": MeterKind(row["kind"])})
            for row in read(request, shapes.MetersBody)["meters"]
        ]
        handover_counts.set_meters(report=report, meters=meters, acting_user=user)
        return Response(_in_full(report))


class CloseHandover(Resource):
    """Nothing in it changes any more; its document is issued."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=None)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        read(request, NothingBody)
        report = handover_reports.close_report(report=_visible(user, number, pk), acting_user=user)
        return Response(_in_full(report))


class DropHandover(Resource):
    """The draft is not wanted."""

    resource = "lease"
    serializer_class = shapes.HandoverDetailShape

    @extend_schema(request=bodies.LeaseReasonBody)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        report = handover_reports.drop_report(
            report=_visible(user, number, pk),
            acting_user=user,
            **read(request, bodies.LeaseReasonBody),
        )
        return Response(_in_full(report))


def _visible(user: Any, number: str, pk: int) -> HandoverReport:
    lease = visible_lease(user, number)
    report = HandoverReport.objects.visible_to(user).filter(lease=lease, pk=pk).first()
    if report is None:
        raise Http404
    report.lease = lease
    return report


def _item(report: HandoverReport, pk: int) -> HandoverItem:
    item = HandoverItem.objects.filter(report=report, pk=pk).first()
    if item is None:
        raise Http404
    item.report = report
    return item


def _facts(report: HandoverReport) -> Row:
    return {
        **{name: getattr(report, name) for name in _FACTS},
        "compared_with": report.compared_with_id,
    }


def _in_full(report: HandoverReport) -> Row:
    sheet = Sheet(report)
    return {
        **_facts(report),
        **{name: getattr(report, name) for name in _MORE},
        "to_do": sheet.to_do,
        "items": [_line(line) for room in sheet.rooms for line in room.lines],
        "keys": [
            {
                "what": line.key.what,
                "identifier": line.key.identifier,
                "count": line.key.count,
                "count_before": line.key.before.count if line.key.before is not None else None,
            }
            for line in sheet.keys
        ],
        "meters": [
            {
                "kind": line.meter.kind,
                "number": line.meter.number,
                "reading": line.meter.reading,
                "replaced": line.meter.replaced,
                "reading_before": (
                    line.meter.before.reading if line.meter.before is not None else None
                ),
                "consumed": line.consumed,
            }
            for line in sheet.meters
        ],
    }


def _line(line: Line) -> Row:
    item = line.item
    return {
        "id": item.pk,
        "space": item.space_id,
        "space_code": item.space.code if item.space is not None else None,
        "room": item.room,
        "element": item.element,
        "condition": item.condition,
        "remark": item.remark,
        "condition_before": line.before.condition if line.before is not None else "",
        "worse": line.worse,
        "photos": [_photo(photo) for photo in line.photos],
    }


def _photo(photo: HandoverPhoto) -> Row:
    return {name: getattr(photo, name) for name in ("id", "sha256", "size", "width", "height")}


_ITEM: Final = "<int:pk>/items/<int:item>/"
ROUTES: Final = (
    ("", Handovers, "handovers"),
    ("<int:pk>/", HandoverRow, "handover"),
    ("<int:pk>/items/", HandoverItems, "handover_items"),
    (_ITEM, HandoverItemRow, "handover_item"),
    (f"{_ITEM}photos/<str:name>", HandoverPhotos, "handover_photos"),
    ("<int:pk>/photos/<int:photo>/", HandoverPhotoRow, "handover_photo"),
    ("<int:pk>/keys/", HandoverKeys, "handover_keys"),
    ("<int:pk>/meters/", HandoverMeters, "handover_meters"),
    ("<int:pk>/close/", CloseHandover, "handover_close"),
    ("<int:pk>/drop/", DropHandover, "handover_drop"),
)
"""Under the reports of a lease."""
