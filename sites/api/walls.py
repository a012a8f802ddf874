"""`POST /api/v1/spaces/{id}/split/` and `…/merge/`: walls move, from a day on."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from sites.api import bodies, shapes
from sites.api.base import Resource, Row
from sites.api.views import SPACE, space_row, spaces_of, visible_space
from sites.api.writing import once, read
from sites.models import Space
from sites.services.splitting import merge_spaces, split_space


class SplitSpace(Resource):
    """New spaces in place of one; a lease that has it goes on in them, at the same charge.

    The answer is the new spaces, in the order of the parts."""

    resource = "space"
    pagination_class = None

    @extend_schema(request=bodies.SplitBody, responses={201: shapes.SpacesShape})
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        space = visible_space(user, pk)
        given = read(request, bodies.SplitBody)
        parts = [(part["code"], part["area_m2"]) for part in given.pop("parts")]
        made = split_space(space=space, parts=parts, acting_user=user, **given)
        return Response({"results": _rows(made, user)}, status=201)


class MergeSpaces(Resource):
    """One new space in place of several of one floor, of the kind of the one that is addressed; a
    lease that has them all goes on in it, at the same charge. The answer is the new space."""

    resource = "space"

    @extend_schema(request=bodies.MergeBody, responses={201: shapes.SpaceShape})
    @once
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        space = visible_space(user, pk)
        given = read(request, bodies.MergeBody)
        asked = dict.fromkeys(given.pop("spaces"))
        known = Space.objects.visible_to(user).filter(site=space.site_id).in_bulk(list(asked))
        if unknown := [str(other) for other in asked if other not in known]:
            reason = _("The site has no such space.")
            raise ValidationError({"spaces": [f"{reason} ({', '.join(unknown)})"]})
        others = [known[other] for other in asked]
        made = merge_spaces(spaces=[space, *others], acting_user=user, **given)
        return Response(_rows([made], user)[0], status=201)


def _rows(made: Sequence[Space], user: Any) -> list[Row]:
    rows = spaces_of(user).filter(pk__in=[space.pk for space in made]).order_by("pk")
    return [space_row(row) for row in rows.values(*SPACE.values())]
