"""`POST /api/v1/spaces/{id}/hold/`, `…/prolong-hold/`, `…/release-hold/`: holds by hand."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import Period
from leases.api import bodies, shapes
from leases.api.calendars import entry_row
from leases.selectors.calendar import entry_of
from leases.services.holds import hold_space, prolong_hold, release_hold
from sites.api.base import Resource
from sites.api.views import visible_space
from sites.api.writing import once, read
from sites.models import Booking


class HoldSpace(Resource):
    """Nobody else can have the space on these days while the hold lasts. The answer is the hold."""

    resource = "space"

    @extend_schema(request=bodies.HoldBody, responses={201: shapes.CalendarEntryShape})
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        space = visible_space(user, pk)
        given = read(request, bodies.HoldBody)
        first, last = given.pop("start"), given.pop("end", None)
        if last is not None and last < first:
            raise ValidationError({"end": [_("The last day is before the first.")]})
        period = Period.through(first, last)
        held = hold_space(space=space, period=period, acting_user=user, **given)
        return Response(entry_row(entry_of(held, user)), status=201)


class ProlongHold(Resource):
    """A hold by hand lasts until another day. The answer is the hold."""

    resource = "space"

    @extend_schema(request=bodies.ProlongBody, responses=shapes.CalendarEntryShape)
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        given = read(request, bodies.ProlongBody)
        held = prolong_hold(
            booking=_hold(user, pk, given["hold"]),
            held_until=given["held_until"],
            acting_user=user,
        )
        return Response(entry_row(entry_of(held, user)))


class ReleaseHold(Resource):
    """A hold by hand is given up. The answer is the hold as it was."""

    resource = "space"

    @extend_schema(request=bodies.ReleaseBody, responses=shapes.CalendarEntryShape)
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        hold = _hold(user, pk, read(request, bodies.ReleaseBody)["hold"])
        was = entry_row(entry_of(hold, user))
        release_hold(booking=hold, acting_user=user)
        return Response(was)


def _hold(user: Any, space: int, hold: int) -> Booking:
    """What is booked of the space under the id; whether it is a hold is the service's to say.

    Raises Http404, ValidationError at `hold`.
    """
    rows = Booking.objects.visible_to(user).filter(space=visible_space(user, space))
    found = rows.select_related("space").filter(pk=hold).first()
    if found is None:
        raise ValidationError({"hold": [_("The space has no such hold.")]})
    return found
