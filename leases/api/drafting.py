"""`POST /api/v1/leases/`: a draft at the site's rates."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.periods import Period
from leases.api import bodies, shapes
from leases.api.reading import lease_in_full
from leases.models import Lease
from leases.services.drafts import draft_lease
from sites.api.writing import once, read
from sites.models import Site, Space
from tenants.models import Company


class LeasesDrafted:
    """To stand before the list's class: what its address takes."""

    @extend_schema(
        description="Draft a lease at the site's rates of its first day; it books nothing before "
        "it is signed.",
        request=bodies.DraftLeaseBody,
        responses={201: shapes.LeaseDetailShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        lease = _drafted(read(request, bodies.DraftLeaseBody), user)
        return Response(lease_in_full(user, lease.number), status=201)


def _drafted(given: dict[str, Any], user: User) -> Lease:
    site = Site.objects.visible_to(user).filter(code=given["site"]).first()
    company = visible_company(user, given["company"])
    asked = dict.fromkeys(given.get("spaces", ()))
    known = Space.objects.visible_to(user).filter(site=site).in_bulk(list(asked))
    if site is None:
        raise ValidationError({"site": [_("There is no such site.")]})
    if unknown := [str(pk) for pk in asked if pk not in known]:
        reason = _("The site has no such space.")
        raise ValidationError({"spaces": [f"{reason} ({', '.join(unknown)})"]})
    last = given.get("end")
    if last is not None and last < given["start"]:
        raise ValidationError({"end": [_("The last day is before the first.")]})
    return draft_lease(
        site=site,
        company=company,
        tenant_kind=given["tenant_kind"],
        period=Period.through(given["start"], last),
        spaces=[known[pk] for pk in asked],
        tacit_months=given.get("tacit_months"),
        notice_months=given.get("notice_months"),
        acting_user=user,
    )


def visible_company(user: Any, pk: int) -> Company:
    """The company with the id. Raises ValidationError at `company`."""
    company = Company.objects.current().visible_to(user).filter(pk=pk).first()
    if company is None:
        raise ValidationError({"company": [_("There is no such company.")]})
    return company
