"""`/api/v1/follow-ups/` and `/api/v1/companies/{id}/declarations/`: what became of companies."""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from sites.api.base import ListResource, Resource, Row
from sites.api.writing import once, read
from sites.scopes import scope_of
from tenants.api import bodies, shapes
from tenants.errors import DeclarationReplaced
from tenants.filters import FollowUpFilter
from tenants.models import Company, Declaration, FollowUp, Milestone
from tenants.services.declarations import Said, declare

_DECLARATION: Final = ("id", "on", "status", "headcount", "evidence", "said_by", "made_at",
                       "replaces")  # fmt: skip


class FollowUpList(ListResource):
    """Companies that left, with the days by which staff should know what became of them."""

    resource = "company"
    columns = ("id", "company_id", "company__name", "site__code", "left_on", "closed_at",
               "closing", "asked_at", "milestones_of")  # fmt: skip
    filterset_class = FollowUpFilter
    serializer_class = shapes.FollowUpShape

    def get_queryset(self) -> QuerySet[FollowUp]:
        milestones = Milestone.objects.filter(follow_up=OuterRef("pk")).order_by("months")
        facts = JSONObject(
            months="months", due_on="due_on", done_at="done_at", declaration="declaration_id"
        )
        return FollowUp.objects.visible_to(self.request.user).annotate(
            milestones_of=ArraySubquery(milestones.values(facts=facts))
        )

    def shape(self, row: Row) -> Row:
        return {
            "id": row["id"],
            "company": {"id": row["company_id"], "name": row["company__name"]},
            "site": row["site__code"],
            "left_on": row["left_on"],
            "closed_at": row["closed_at"],
            "closing": row["closing"],
            "asked_at": row["asked_at"],
            "milestones": row["milestones_of"],
        }


class CompanyDeclarations(Resource):
    """What became of a company, the latest day first; those that a newer one replaces too."""

    resource = "company"
    serializer_class = shapes.DeclarationsShape
    pagination_class = None

    @extend_schema(operation_id="companies_declarations_list")
    def get(self, request: Request, pk: int) -> Response:
        company = _whole_record(request.user, pk)
        rows = Declaration.objects.visible_to(request.user).filter(company=company)
        return Response({"results": list(rows.order_by("-on", "-id").values(*_DECLARATION))})

    @extend_schema(request=bodies.DeclarationBody, responses={201: shapes.DeclarationShape})
    @once
    def post(self, request: Request, pk: int) -> Response:
        """What staff found out; the company's own answers come by its link."""
        user: Any = request.user
        company = _whole_record(user, pk)
        given = read(request, bodies.DeclarationBody)
        replaces = given.pop("replaces", None)
        wrong = Declaration.objects.visible_to(user).filter(company=company, pk=replaces).first()
        if replaces is not None and wrong is None:
            raise DeclarationReplaced
        made = declare(company=company, said=Said(**given), replaces=wrong, acting_user=user)
        row = Declaration.objects.filter(pk=made.pk).values(*_DECLARATION).get()
        return Response(row, status=201)


def _whole_record(user: Any, pk: int) -> Company:
    """A company of which the client sees more than the card. Raises Http404."""
    rows = Company.objects.current().within(scope_of(user, Action.VIEW, "company"))
    company = rows.filter(pk=pk).first()
    if company is None:
        raise Http404
    return company
