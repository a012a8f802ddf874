"""`/api/v1/accounts/`: what companies owe, and the lines that it comes from."""

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing.ageing import PARTS, Aged, together
from billing.api import money_shapes
from billing.filters import AccountFilter
from billing.models import Account
from billing.papers.statement import statement_pdf
from billing.selectors.ageing import aged_account, ageing
from billing.selectors.ledger import Entry, Ledger, ledger
from core.languages import Language
from core.periods import add_months, first_of_month, today
from sites.api.base import ListResource, Resource, Row, check_limit, day_asked
from sites.api.giving import GivesBytes

_LINE: Final = ("on", "kind", "number", "site", "method", "about", "due_on", "debit", "credit",
                "balance")  # fmt: skip
_LESSOR: Final = OpenApiParameter(
    "lessor", str, description="Code; wanted where the company has accounts with several."
)
_DAYS: Final = (
    OpenApiParameter("from", dt.date, description="The last twelve months if left out."),
    OpenApiParameter("to", dt.date, description="The last day included (today)."),
)


def aged_row(aged: Aged) -> Row:
    """As clients read it."""
    told = {part: getattr(aged, part) for part in (*PARTS, "overdue", "open", "balance")}
    told["awaiting_certificate"] = told.pop("awaiting")
    return told


class Accounts(ListResource):
    """The accounts of the client's sites, with what each comes to today."""

    resource = "payment"
    columns = ("id", "company_id", "company__name", "lessor_id", "lessor__code")
    filterset_class = AccountFilter
    serializer_class = money_shapes.AccountShape

    def get_queryset(self) -> QuerySet[Account]:
        return Account.objects.visible_to(self.request.user)

    def get(self, request: Request) -> Response:
        check_limit(request)
        rows = self.filter_queryset(self.get_queryset())
        page: Any = self.paginate_queryset(rows.values(*self.columns))
        companies = {row["company_id"] for row in page}
        found = ageing(request.user, today(), company_ids=companies)
        return self.get_paginated_response(
            [
                {
                    "company": {"id": row["company_id"], "name": row["company__name"]},
                    "lessor": row["lessor__code"],
                    **aged_row(
                        together(
                            aged
                            for of, aged in found.items()
                            if (of.lessor_id, of.company_id)
                            == (row["lessor_id"], row["company_id"])
                        )
                    ),
                }
                for row in page
            ]
        )


class AccountLedger(Resource):
    """One account line by line, with its running balance."""

    resource = "payment"
    serializer_class = money_shapes.LedgerShape
    pagination_class = None
    own_words = frozenset({"lessor", "from", "to"})

    @extend_schema(operation_id="accounts_ledger_retrieve", parameters=[_LESSOR, *_DAYS])
    def get(self, request: Request, pk: int) -> Response:
        account, told = _told(request, pk)
        return Response(
            {
                "company": {"id": account.company_id, "name": account.company.name},
                "lessor": account.lessor.code,
                "from": told.first,
                "to": told.last,
                "opening": told.opening,
                "closing": told.closing,
                "elsewhere": told.elsewhere,
                "lines": [_line(entry) for entry in told.entries],
            }
        )


class AccountStatement(GivesBytes, Resource):
    """The statement of account as people read it."""

    resource = "payment"
    serializer_class = None
    pagination_class = None
    own_words = frozenset({"lessor", "from", "to", "language"})

    @extend_schema(
        operation_id="accounts_statement_retrieve",
        parameters=[
            _LESSOR,
            *_DAYS,
            OpenApiParameter(
                "language", str, enum=Language.values, description="The company's if left out."
            ),
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        account, told = _told(request, pk)
        language = request.query_params.get("language", account.company.language)
        if language not in Language.values:
            known = ", ".join(Language.values)
            raise ValidationError({"language": [_("Known: %(known)s.") % {"known": known}]})
        aged = aged_account(request.user, account, told.last)
        return HttpResponse(
            statement_pdf(account, told, aged, language=language),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{pk}-{told.first}-{told.last}.pdf"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _told(request: Request, company_id: int) -> tuple[Account, Ledger]:
    """The account asked for, and its lines of the days asked for."""
    last = day_asked(request, "to", today())
    first = day_asked(request, "from", add_months(first_of_month(last), -11))
    if last < first:
        raise ValidationError({"to": [_("The last day is before the first.")]})
    account = visible_account(request.user, company_id, request.query_params.get("lessor", ""))
    return account, ledger(request.user, account, first=first, last=last)


def visible_account(user: Any, company_id: int, lessor: str) -> Account:
    """Raises Http404, and ValidationError where a lessor has to be named."""
    rows = Account.objects.visible_to(user).select_related("company", "lessor")
    found = list(rows.filter(company=company_id).order_by("lessor__code"))
    if lessor:
        found = [account for account in found if account.lessor.code == lessor]
    if not found:
        raise Http404
    if len(found) > 1:
        known = ", ".join(account.lessor.code for account in found)
        raise ValidationError({"lessor": [_("Known: %(known)s.") % {"known": known}]})
    return found[0]


def _line(entry: Entry) -> Row:
    return {name: getattr(entry, name) for name in _LINE}
