"""`/api/v1/bank-statements/`, `/api/v1/bank-lines/`: a bank's lines, and what becomes of them."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rights import Action
from billing.api import bodies, shapes
from billing.choices import BankLineState, InvoiceKind
from billing.filters import BankLineFilter, BankStatementFilter
from billing.models import BankLine, BankStatement, CsvMapping, Invoice
from billing.permissions import lessor_named
from billing.selectors.bank_book import Proposed, portions, proposed_for
from billing.selectors.bank_page import Proposal, Shown, explained
from billing.selectors.paying import credit_numbered
from billing.services import matching
from billing.services.statements import import_statement, keep_mapping
from billing.sharing import Portion
from leases.api.drafting import visible_company
from sites.api.acts import Act, Acts, Given
from sites.api.base import ListResource, Resource, Row
from sites.api.receiving import TakesBytes, parsers_of, received
from sites.api.writing import once, read, repeatable
from sites.models import Lessor, Site

_STATEMENT: Final = ("id", "name", "format", "bank_account", "opening", "closing", "seen_before")
_LINE: Final = ("id", "position", "booked_on", "value_on", "amount", "counterparty", "reference",
                "words", "reversal", "state", "note")  # fmt: skip
_KINDS: Final = ("text/csv", "application/xml", "text/xml", "application/octet-stream",
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")  # fmt: skip


class BankStatements(TakesBytes, ListResource):
    """Statements of the lessors at all of whose sites the client may; `POST` reads one."""

    resource = "bank"
    columns = (*_STATEMENT, "lessor__code", "made_at", "all_lines", "waiting")
    filterset_class = BankStatementFilter
    serializer_class = shapes.BankStatementShape
    parser_classes = parsers_of(_KINDS)

    def known_words(self) -> frozenset[str]:
        if self.request.method == "POST":
            return frozenset({"lessor", "name", "mapping"})
        return super().known_words()

    def get_queryset(self) -> QuerySet[BankStatement]:
        return _counted(BankStatement.objects.visible_to(self.request.user))

    def shape(self, row: Row) -> Row:
        return _statement(row)

    @extend_schema(
        description="Read a statement: the bytes as they are. CAMT.053 is known by itself; a CSV "
        "or XLSX is read by the columns kept under `mapping`, or by the only ones that fit. Lines "
        "that were there already are not added again; a bad file adds nothing.",
        parameters=[
            OpenApiParameter("lessor", str, required=True, description="Code of the lessor."),
            OpenApiParameter("name", str, required=True, description="The file's name."),
            OpenApiParameter("mapping", str, description="Name of the columns of a bank's CSV."),
        ],
        request=dict.fromkeys(_KINDS, OpenApiTypes.BINARY),
        responses={200: shapes.BankStatementShape, 201: shapes.BankStatementShape},
    )
    @repeatable
    def post(self, request: Request) -> Response:
        """Answered 200 where the same bytes were read before."""
        user: Any = request.user
        asked = request.query_params
        lessor = _lessor(user, asked.get("lessor", ""))
        name = asked.get("name", "").strip()
        if not name or "\0" in name:
            raise ValidationError({"name": [_("It is empty.")]})
        made = import_statement(
            lessor=lessor,
            name=name,
            data=received(request).read(),
            mapping=_mapping(lessor, asked["mapping"]) if "mapping" in asked else None,
            acting_user=user,
        )
        row = statement_row(user, made.statement.pk)
        return Response(row, status=200 if made.again else 201)


class BankStatementRow(Resource):
    """One statement."""

    resource = "bank"
    serializer_class = shapes.BankStatementShape

    def get(self, request: Request, pk: int) -> Response:
        return Response(statement_row(request.user, pk))


class AcceptSure(Resource):
    """`POST /api/v1/bank-statements/{id}/accept-sure/`."""

    resource = "bank"

    @extend_schema(
        description="Accept what is sure of the statement's lines, each by itself.",
        request=bodies.NothingBody,
        responses=shapes.AcceptedShape,
    )
    @repeatable
    def post(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        statement = BankStatement.objects.visible_to(user).filter(pk=pk).first()
        if statement is None:
            raise Http404
        accepted = matching.accept_all_sure(statement=statement, acting_user=user)
        refused = [{"line": line.pk, "reason": why} for line, why in accepted.refused]
        return Response({"accepted": accepted.done, "refused": refused})


class BankLines(ListResource):
    """Lines with what they may be, the likeliest first."""

    resource = "bank"
    columns = ("id", "lessor_id")
    filterset_class = BankLineFilter
    serializer_class = shapes.BankLineShape

    def get_queryset(self) -> QuerySet[BankLine]:
        return BankLine.objects.visible_to(self.request.user)

    def get_paginated_response(self, data: Any) -> Response:
        """The page's lines, explained together: each kind of row in one query."""
        keys = [row["id"] for row in data]
        proposed = Proposed()
        for lessor in sorted({row["lessor_id"] for row in data}):
            proposed |= proposed_for(lessor)
        shown = explained(BankLine.objects.filter(pk__in=keys).order_by("pk"), proposed)
        return super().get_paginated_response([_line(one) for one in shown])


class BankLineRow(Resource):
    """One line."""

    resource = "bank"
    serializer_class = shapes.BankLineShape

    def get(self, request: Request, pk: int) -> Response:
        return Response(line_row(request.user, pk))


class CsvMappings(ListResource):
    """Which column of a bank's CSV is what; `POST` keeps one under its name."""

    resource = "bank"
    columns = ("id", "lessor__code", "name", "columns", "delimiter", "day_format")
    serializer_class = shapes.CsvMappingShape

    def get_queryset(self) -> QuerySet[CsvMapping]:
        return CsvMapping.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {"lessor": row.pop("lessor__code"), **row}

    @extend_schema(
        description="Keep the columns of a bank's CSV; what was kept under the name is replaced.",
        request=bodies.CsvMappingBody,
        responses={201: shapes.CsvMappingShape},
    )
    @once
    def post(self, request: Request) -> Response:
        user: Any = request.user
        given = read(request, bodies.CsvMappingBody)
        lessor = _lessor(user, given.pop("lessor"))
        made = keep_mapping(lessor=lessor, acting_user=user, **given)
        told = {name: getattr(made, name) for name in ("id", "name", "columns", "delimiter",
                                                       "day_format")}  # fmt: skip
        return Response({"lessor": lessor.code, **told}, status=201)


# --- Rows ---------------------------------------------------------------------------------------
def _counted(rows: QuerySet[BankStatement]) -> QuerySet[Any]:
    waiting = Count("lines", filter=Q(lines__state=BankLineState.NEW))
    return rows.annotate(all_lines=Count("lines"), waiting=waiting)


def _statement(row: Row) -> Row:
    return {
        "lessor": row["lessor__code"],
        **{name: row[name] for name in _STATEMENT},
        "read_at": row["made_at"],
        "lines": row["all_lines"],
        "waiting": row["waiting"],
    }


def statement_row(user: Any, pk: int) -> Row:
    """Raises Http404."""
    rows = _counted(BankStatement.objects.visible_to(user).filter(pk=pk))
    row = rows.values(*BankStatements.columns).first()
    if row is None:
        raise Http404
    return _statement(row)


def visible_line(user: Any, pk: int) -> BankLine:
    """Raises Http404."""
    line = BankLine.objects.visible_to(user).filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def line_row(user: Any, pk: int) -> Row:
    """Raises Http404."""
    line = visible_line(user, pk)
    waits = line.state == BankLineState.NEW
    proposed = proposed_for(line.lessor_id, [pk]) if waits else Proposed()
    (shown,) = explained(BankLine.objects.filter(pk=pk), proposed)
    return _line(shown)


def _line(shown: Shown) -> Row:
    line = shown.line
    return {
        "statement": line.statement_id,
        **{name: getattr(line, name) for name in _LINE},
        "payments": [payment.number for payment in shown.payments],
        "refunds": [refund.number for refund in shown.refunds],
        "group": shown.group,
        "proposals": [_proposal(each) for each in shown.proposals],
    }


def _proposal(proposal: Proposal) -> Row:
    candidate = proposal.candidate
    return {
        "key": candidate.key,
        "act": candidate.act,
        "sure": candidate.sure,
        "reasons": list(candidate.reasons),
        "company": {"id": candidate.company_id, "name": proposal.company},
        "shares": [
            {"invoice": part.number, "open": part.open, "paid": part.paid,
             "withheld": part.withheld}
            for part in proposal.parts
        ],
        "entered": list(proposal.entered),
        "credit": proposal.credit,
    }  # fmt: skip


def _lessor(user: Any, code: str) -> Lessor:
    lessor = lessor_named(user, Action.VIEW, "bank", code)
    if lessor is None:
        raise ValidationError({"lessor": [_("There is no such lessor.")]})
    return lessor


def _mapping(lessor: Lessor, name: str) -> CsvMapping:
    known = CsvMapping.objects.filter(lessor=lessor)
    mapping = next((row for row in known if row.name == name), None)
    if mapping is None:
        raise ValidationError({"mapping": [_("There are no such columns.")]})
    return mapping


# --- Acts ---------------------------------------------------------------------------------------
def _accept(line: BankLine, user: User, given: Given) -> None:
    matching.accept_match(line=line, key=given["proposal"], acting_user=user)


def _match(line: BankLine, user: User, given: Given) -> None:
    site = None
    if "site" in given:
        rows = Site.objects.visible_to(user).filter(lessor=line.lessor_id)
        site = rows.filter(code=given["site"]).first()
        if site is None:
            raise ValidationError({"site": [_("There is no such site.")]})
    matching.match_by_hand(
        line=line,
        company=visible_company(user, given["company"]),
        shares=_shares(line, user, given["shares"]) if "shares" in given else None,
        site=site,
        received_on=given.get("received_on"),
        acting_user=user,
    )


def _shares(line: BankLine, user: User, given: list[Given]) -> tuple[Portion, ...]:
    rows = Invoice.objects.visible_to(user).filter(lessor=line.lessor_id, kind=InvoiceKind.INVOICE)
    known = {invoice.number: invoice for invoice in rows.filter(
        number__in=[share["invoice"] for share in given])}  # fmt: skip
    wanted: list[tuple[Invoice, Decimal | None]] = []
    for share in given:
        if share["invoice"] not in known:
            raise ValidationError({"shares": [_("There is no such invoice.")]})
        wanted.append((known[share["invoice"]], share.get("amount")))
    try:
        return portions(line, wanted)
    except ValueError as error:
        raise ValidationError({"shares": [_("More than is open.")]}) from error


def _refund(line: BankLine, user: User, given: Given) -> None:
    source = credit_numbered(given["credit"], line.lessor_id, user)
    if source is None:
        raise ValidationError({"credit": [_("There is no such payment or credit note.")]})
    matching.refund_by_hand(line=line, source=source, reason=given["reason"], acting_user=user)


def _set_aside(line: BankLine, user: User, given: Given) -> None:
    matching.set_aside(line=line, reason=given["reason"], acting_user=user)


def _take_up(line: BankLine, user: User, _given: Given) -> None:
    matching.take_up_again(line=line, acting_user=user)


ACTS: Final = (
    Act("accept", "Do what a proposal says, as it was shown.", _accept, bodies.AcceptBody),
    Act("match", "The line is a payment of a company.", _match, bodies.MatchBody),
    Act("refund", "The line is credit that was given back.", _refund, bodies.RefundedLineBody),
    Act("set-aside", "The line concerns no tenant.", _set_aside, bodies.BankReasonBody),
    Act("take-up-again", "What was set aside is to be matched.", _take_up, bodies.NothingBody),
)

LINE_ACTS: Final = Acts("bank", shapes.BankLineShape, visible_line, line_row, "BankLine")
