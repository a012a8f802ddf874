"""`/api/v1/runs/`: rent runs, watched and moved on."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from billing.api import bodies, shapes
from billing.filters import ItemFilter, RunFilter
from billing.models import RentRun, RunItem
from billing.selectors.totals import preview_of, totals
from billing.services import issuing, runs
from core.periods import ONE_DAY
from sites.api.acts import Act, Acts, Given
from sites.api.base import ListResource, Resource, Row
from sites.api.writing import once, read
from sites.models import Site

_RUN: Final = ("id", "month", "state", "leases", "looked_at", "drafted_at", "issued_at")
_ITEM: Final = ("id", "state", "was", "net", "vat", "changes", "anomalies", "note")
_BACK: Final = ("line", "invoice", "kind", "label", "space", "net", "vat")
_LINE: Final = ("charge", "kind", "label", "space", "unit", "rate", "area_m2", "amount",
                "vat_rate", "vat")  # fmt: skip


class Runs(ListResource):
    """Runs of the client's sites; `POST` begins one, which a job computes."""

    resource = "run"
    columns = (*_RUN, "site__code")
    filterset_class = RunFilter
    serializer_class = shapes.RunShape

    def get_queryset(self) -> QuerySet[RentRun]:
        return RentRun.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {"site": row["site__code"], **{name: row[name] for name in _RUN}}

    @extend_schema(
        description="Begin the run of a month. One is open at a time for a site.",
        request=bodies.RunBody,
        responses={201: shapes.RunDetailShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, bodies.RunBody)
        site = Site.objects.visible_to(user).filter(code=given["site"]).first()
        if site is None:
            raise ValidationError({"site": [_("There is no such site.")]})
        run = runs.draft_run(site=site, month=given["month"], acting_user=user)
        return Response(run_in_full(user, run.pk), status=201)


class Run(Resource):
    """One run: how far it is, and its sums by what became of the leases."""

    resource = "run"
    serializer_class = shapes.RunDetailShape

    def get(self, request: Request, pk: int) -> Response:
        return Response(run_in_full(request.user, pk))


class RunLeases(ListResource):
    """The leases of a run, each with what would be, or was, issued."""

    resource = "run"
    columns = (*_ITEM, "lease__number", "lease__company_id", "lease__company__name", "proposal")
    filterset_class = ItemFilter
    serializer_class = shapes.RunItemShape

    @extend_schema(operation_id="runs_leases_list")
    def get(self, request: Request, pk: int) -> Response:  # type: ignore[override]
        visible_run(request.user, pk)
        return super().get(request)

    def get_queryset(self) -> QuerySet[RunItem]:
        return RunItem.objects.visible_to(self.request.user).filter(run=self.kwargs.get("pk"))

    def shape(self, row: Row) -> Row:
        proposal = row["proposal"]
        back = [*proposal["again"]]
        back += [each for credit in proposal["credits"] for each in credit["taken"]]
        less = [line for credit in proposal["credits"] for line in credit["lessened"]]
        return {
            **{name: row[name] for name in _ITEM},
            "lease": row["lease__number"],
            "company": {"id": row["lease__company_id"], "name": row["lease__company__name"]},
            "bill": [_line(line) for line in proposal["bill"]],
            "lessened": [_line(line) for line in less],
            "goodwill": [
                {**{name: one[name] for name in ("charge", "net", "vat")}, **_days(one)}
                for one in proposal["kept"]
            ],
            "taken_back": [
                {**{name: each[name] for name in _BACK}, **_days(each)} for each in back
            ],
        }


def run_in_full(user: Any, pk: int) -> Row:
    """Raises Http404."""
    run = visible_run(user, pk)
    return {
        **{name: getattr(run, name) for name in _RUN},
        "site": run.site.code,
        "preview": preview_of(run),
        "totals": [
            {"state": state, "leases": one.leases, "was": one.was, "net": one.net, "vat": one.vat}
            for state, one in totals(run).items()
        ],
    }


def visible_run(user: Any, pk: int) -> RentRun:
    """Raises Http404."""
    rows = RentRun.objects.visible_to(user).select_related("site", "issued_by")
    run = rows.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _line(kept: Row) -> Row:
    return {**{name: kept[name] for name in _LINE}, **_days(kept)}


def _days(kept: Row) -> Row:
    """`end` as clients read it."""
    last = dt.date.fromisoformat(kept["end"]) - ONE_DAY
    return {"start": kept["start"], "end": last.isoformat()}


# --- Acts ---------------------------------------------------------------------------------------
def _plain(service: Callable[..., Any]) -> Callable[[RentRun, User, Given], Any]:
    return lambda run, user, _given: service(run=run, acting_user=user)


def _item(run: RentRun, given: Given) -> RunItem:
    item = RunItem.objects.select_related("run", "lease").filter(run=run, pk=given["item"]).first()
    if item is None:
        raise ValidationError({"item": [_("The run has no such lease.")]})
    return item


def _issue(run: RentRun, user: User, given: Given) -> None:
    issuing.start_issuing(run=run, acting_user=user, preview=given.get("preview"))


def _leave_out(run: RentRun, user: User, given: Given) -> None:
    runs.leave_out(item=_item(run, given), reason=given["reason"], acting_user=user)


def _take_in(run: RentRun, user: User, given: Given) -> None:
    runs.take_in(item=_item(run, given), acting_user=user)


ACTS: Final = (
    Act("issue", "A job issues what is proposed, as the preview showed it.",
        _issue, bodies.IssueBody),
    Act("pause", "Nothing more is issued until it is asked for again.",
        _plain(issuing.pause), bodies.NothingBody),
    Act("look-again", "A job computes what is not issued anew.",
        _plain(runs.look_again), bodies.NothingBody),
    Act("leave-out", "This lease is not billed by this run.", _leave_out, bodies.LeaveOutBody),
    Act("take-in", "This lease is billed after all.", _take_in, bodies.TakeInBody),
    Act("leave-out-anomalies", "Only leases that nobody need look at are billed by this run.",
        _plain(runs.leave_out_anomalies), bodies.NothingBody),
    Act("drop", "The run is closed; what was issued stays.",
        _plain(runs.drop_run), bodies.NothingBody),
)  # fmt: skip

RUN_ACTS: Final = Acts("run", shapes.RunDetailShape, visible_run, run_in_full, "Run")
