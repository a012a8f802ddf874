"""`GET /api/v1/spaces/{id}/calendar/`: who has a space and when, as JSON and as iCalendar."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from core import formats
from core.calendars import MEDIA_TYPE, Days, feed
from core.periods import Period, add_months, today
from leases.api import shapes
from leases.selectors.calendar import Entry, entries_of
from sites.api.base import EARLIEST, Resource, Row, day_asked, days
from sites.api.views import visible_space
from sites.choices import BookingKind
from sites.models import Space

_HOUSE: Final[Any] = api_settings.DEFAULT_RENDERER_CLASSES
_OPEN_FOR: Final = 120
"""Months from today that what has no end is shown for."""


class CalendarRenderer(BaseRenderer):
    """The calendar's own text as it is; a refusal as the first of the house's renderers has it."""

    media_type = MEDIA_TYPE
    format = "ics"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if isinstance(data, str):
            return data.encode()
        plain: bytes = _HOUSE[0]().render(data)
        return plain


class SpaceCalendar(Resource):
    """Lettings, holds and works of a space. With `Accept: text/calendar` (or `format=ics`, for
    programs that cannot ask) as iCalendar, to be subscribed to; a calendar program may send the
    token as the password of any name."""

    resource = "space"
    serializer_class = shapes.CalendarShape
    pagination_class = None
    renderer_classes = (*_HOUSE, CalendarRenderer)
    own_words = frozenset({"from", "to", api_settings.URL_FORMAT_OVERRIDE})
    password_is_token: ClassVar[bool] = True

    def get_authenticate_header(self, request: Request) -> str:
        """Calendar programs ask for a name and a password when they are told so."""
        return 'Basic realm="Technopark"'

    @extend_schema(
        parameters=[
            OpenApiParameter("from", dt.date, description="Nothing that ended before."),
            OpenApiParameter("to", dt.date, description="Nothing that begins later."),
        ],
        responses={
            (200, "application/json"): shapes.CalendarShape,
            (200, MEDIA_TYPE): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, pk: int) -> Response:
        period = _period(request)
        space = visible_space(request.user, pk)
        entries = entries_of(space, period, request.user)
        if isinstance(request.accepted_renderer, CalendarRenderer):
            return Response(_calendar(space, entries))
        return Response(
            {
                "space": space.pk,
                "site": space.site.code,
                "building": space.building.code,
                "code": space.code,
                "results": [entry_row(entry) for entry in entries],
            }
        )


def _period(request: Request) -> Period | None:
    asked = request.query_params
    if not asked.keys() & {"from", "to"}:
        return None
    first = day_asked(request, "from", EARLIEST)
    last = day_asked(request, "to") if "to" in asked else None
    if last is not None and last < first:
        raise ValidationError({"to": [_("The last day is before the first.")]})
    return Period.through(first, last)


def entry_row(entry: Entry) -> Row:
    lease = entry.letting.lease if entry.letting is not None else None
    return {
        "id": entry.booking.pk,
        "kind": entry.booking.kind,
        **days(entry.booking.period),
        "lease": lease.number if lease is not None else None,
        "company": {"id": lease.company_id, "name": lease.company.name} if lease else None,
        "about": entry.about,
        "held_until": entry.held_until,
    }


def _calendar(space: Space, entries: Any) -> str:
    language = get_language() or "fr"
    horizon = add_months(today(), _OPEN_FOR).replace(month=1, day=1)
    return feed(
        f"{space.site.code} {space.building.code}-{space.code}",
        [_days(entry, space, language) for entry in entries],
        at=timezone.now(),
        open_until=horizon,
    )


def _days(entry: Entry, space: Space, language: str) -> Days:
    booking, letting = entry.booking, entry.letting
    what = f"{space.code} · {booking.get_kind_display()}"
    about = entry.about
    if letting is not None:
        about = f"{letting.lease.company.name} · {letting.lease.number}"
    notes = []
    if booking.period.end is None:
        notes.append(_("without an end"))
    if entry.held_until is not None:
        until = formats.day(entry.held_until, language)
        notes.append(formats.labelled(_("held until"), until, language))
    return Days(
        uid=f"booking-{booking.pk}.{space.site.code}@technopark",
        period=booking.period,
        title=formats.labelled(what, about, language) if about else what,
        notes="\n".join(notes),
        sure=booking.kind != BookingKind.HOLD,
    )
