"""`/api/v1/calls/`: what can be answered today."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api import shapes
from applications.models import CallVersion, Question, WantedDocument
from applications.models.calls import Asked
from applications.querysets import CallVersionQuerySet
from core.periods import today
from sites.api.base import ListResource, Row, check_limit, days, in_languages


class CallList(ListResource):
    """Open calls with their questions and documents. A site without any call takes the usual
    answers alone."""

    resource = "admission"
    serializer_class = shapes.CallShape

    def get_queryset(self) -> QuerySet[CallVersion]:
        return (
            self.versions()
            .in_use()
            .filter(call__period__contains=today())
            .select_related("call")
            .prefetch_related("questions", "documents", "call__sites")
        )

    def versions(self) -> CallVersionQuerySet:
        return CallVersion.objects.visible_to(self.request.user)

    def get(self, request: Request) -> Response:
        check_limit(request)
        page: Any = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_call(version) for version in page])


def _call(version: CallVersion) -> Row:
    call = version.call
    return {
        "code": call.code,
        "version": version.number,
        "name": in_languages(vars(call)),
        "text": in_languages(vars(version), "text"),
        "sites": sorted(site.code for site in call.sites.all()),
        "languages": call.languages,
        **days(call.period),
        "questions": [_question(row) for row in version.questions.all()],
        "documents": [_document(row) for row in version.documents.all()],
    }


def _question(row: Question) -> Row:
    return {
        **_asked(row),
        "required": row.rule.required or bool(row.eligible_values),
        "section": row.section,
        "kind": row.kind,
        "choices": [
            {
                "value": choice["value"],
                "label": {code: choice.get(code, "") for code in ("fr", "ar", "en")},
            }
            for choice in row.choices
        ],
        "shown_if": row.shown_if,
        "shown_if_values": row.shown_if_values,
        "eligible_values": row.eligible_values,
    }


def _document(row: WantedDocument) -> Row:
    return {**_asked(row), "required": row.required, "most": row.most}


def _asked(row: Asked) -> Row:
    return {
        "key": row.key,
        "label": in_languages(vars(row), "label"),
        "help": in_languages(vars(row), "help"),
    }
