"""The one base of every REST resource.

A list reads `.values()` of the rows that the client's roles (cut down by its token) may see,
shapes them into plain dicts, and pages by cursor. Serializers only describe the shapes for the
OpenAPI document: building model instances and running field code is what makes lists slow.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.decorators import decorator_from_middleware, method_decorator
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.metadata import BaseMetadata, SimpleMetadata
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from core.errors import NotAllowed
from core.limits import Limit
from core.middleware import client_address
from core.periods import Period, add_months, today
from sites.scopes import Scope, scope_of

PAGING: Final = frozenset({"cursor", "limit"})
PUBLIC_FOR: Final = 300
"""Seconds that a cache may keep a public answer."""

EARLIEST: Final = dt.date(1990, 1, 1)
"""The first day that can be asked about; the last is ten years from now."""

Row = dict[str, Any]


class Resource(GenericAPIView[Any]):
    """What lists and single rows share: scope, and a question without a misspelt word."""

    resource: ClassVar[str]
    """The row of the table of rights."""

    columns: ClassVar[tuple[str, ...]]
    """What `.values()` reads."""

    own_words: ClassVar[frozenset[str]] = frozenset()
    """Query parameters besides the filters' and the paging's."""

    also_refused: ClassVar[tuple[str, ...]] = ()
    """For the OpenAPI document: what reading may be answered besides what all are."""

    metadata_class: type[BaseMetadata] | None = None
    """What a resource takes is in the OpenAPI document, not behind OPTIONS."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if hasattr(self, (request.method or "").lower()):  # else 405, whatever the words
            check_words(request, self.known_words())
        if self.resource and not self.scope(request):
            raise NotAllowed

    def known_words(self) -> frozenset[str]:
        filters = getattr(self, "filterset_class", None)
        return self.own_words | frozenset(filters.base_filters if filters else ())

    def scope(self, request: Request) -> Scope:
        return scope_of(request.user, Action.VIEW, self.resource)

    def shape(self, row: Row) -> Row:
        """The row as clients see it."""
        return row


class ListResource(Resource):
    """`GET /…/`: a page of rows."""

    many: ClassVar[bool] = True
    """For the OpenAPI document: the shape is one row's, the answer a page of them."""

    def known_words(self) -> frozenset[str]:
        return super().known_words() | PAGING

    def get(self, request: Request) -> Response:
        check_limit(request)
        rows: QuerySet[Any] = self.get_queryset()
        # A filter's form costs as much as the page's query; most clients just read on.
        if request.query_params.keys() - PAGING:
            rows = self.filter_queryset(rows)
        page: Any = self.paginate_queryset(rows.values(*self.columns))
        return self.get_paginated_response([self.shape(row) for row in page])


class RowResource(Resource):
    """`GET /…/{key}/`: one row; what is out of scope does not exist."""

    lookup_field = "pk"

    def get(self, request: Request, **key: Any) -> Response:
        try:
            row = self.get_queryset().values(*self.columns).get(**key)
        except (ObjectDoesNotExist, OverflowError, ValueError) as error:
            raise Http404 from error
        return Response(self.shape(row))


class PublicThrottle(Limit):
    """Everybody, by address."""

    scope = "public"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"throttle:public:{client_address(request)}"


class _OpenToAll(ConditionalGetMiddleware):
    """Answers 304 to who has it already; says to every answer that any page may read it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        answer = super().process_response(request, response)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        if answer.status_code in {200, 304}:
            answer["Cache-Control"] = f"public, max-age={PUBLIC_FOR}"
        return answer


@method_decorator(decorator_from_middleware(_OpenToAll), name="dispatch")
class PublicView(Resource):
    """Readable by any page of the web: no token, cacheable, answered 304 when unchanged."""

    resource = ""
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (PublicThrottle,)
    metadata_class = SimpleMetadata  # browsers of other sites ask before they read


def check_words(request: Request, known: Iterable[str]) -> None:
    """A misspelt or repeated parameter would silently give other rows than were meant."""
    known = set(known)
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        told = _("Unknown parameter. Known: %(known)s.") % {"known": ", ".join(sorted(known))}
        words = told if known else _("This address takes no parameters.")
        raise ValidationError({name: [words] for name in unknown})
    repeated = [name for name, values in request.query_params.lists() if len(values) > 1]
    if repeated:
        raise ValidationError({name: [_("Give this parameter once.")] for name in repeated})


def check_limit(request: Request, most: int = 200) -> None:
    text = request.query_params.get("limit")
    if text is not None and not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise ValidationError({"limit": [_("A number from 1 to %(most)s.") % {"most": most}]})


def day_asked(request: Request, name: str, default: dt.date | None = None) -> dt.date:
    """A day of the query. Raises ValidationError: none that is needed, no day, too far away."""
    text = request.query_params.get(name)
    if text is None:
        if default is None:
            raise ValidationError({name: [_("It is empty.")]})
        return default
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ValidationError({name: [_("A day such as 2018-07-31.")]}) from error
    if not EARLIEST <= day <= add_months(today(), 120):
        raise ValidationError({name: [_("A day from 1990 to ten years from now.")]})
    return day


def days(period: Period | None) -> dict[str, str | None]:
    """`start` and `end` as clients read them: `end` is the last day included."""
    last = period.last_day if period else None
    return {
        "start": period.start.isoformat() if period else None,
        "end": last.isoformat() if last else None,
    }


def in_languages(row: Mapping[str, Any], prefix: str = "name") -> dict[str, str]:
    """The three names of a site or a sector."""
    return {code: row[f"{prefix}_{code}"] for code in ("fr", "ar", "en")}
