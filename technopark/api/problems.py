"""Every error of the API as problem+json (RFC 9457), with the domain's own code."""

from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError
from technopark.unreachable import told

CONTENT_TYPE = "application/problem+json"
_BACK_SOON = 5  # seconds


def problem(
    *, code: str, title: str, status: int, errors: Any = None, data: Any = None
) -> dict[str, Any]:
    body: dict[str, Any] = {"type": f"urn:technopark:{code}", "title": title, "status": status}
    body["code"] = code
    if errors:
        body["errors"] = errors
    if data:
        body["data"] = {key: str(value) for key, value in data.items()}
    return body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: domain errors, DRF's and Django's own, all in one shape."""
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        body = problem(
            code=error.code,
            title=error.message,
            status=error.status,
            errors=_of_domain(error),
            data={name: value for name, value in error.data.items() if name != "fields"},
        )
    elif isinstance(error, Http404):
        body = problem(code="not_found", title=_("Not found."), status=404)
    elif isinstance(error, PermissionDenied):
        body = problem(code="not_allowed", title=_("Not allowed."), status=403)
    elif isinstance(error, RequestDataTooBig):
        body = problem(code="too_large", title=_("The request is too large."), status=413)
    elif isinstance(error, ValidationError):
        body = problem(
            code="invalid", title=_("Invalid input."), status=400, errors=_by_field(error)
        )
    elif told(error) is not None:
        headers["Retry-After"] = str(_BACK_SOON)
        text = _("Part of the service is away: send the same request again in a moment.")
        body = problem(code="unavailable", title=text, status=503)
    elif isinstance(error, exceptions.APIException):
        detail = error.detail
        listed = isinstance(error, exceptions.ValidationError)
        body = problem(
            code=str(error.default_code if listed else getattr(detail, "code", "error")),
            title=_("Invalid input.") if listed else str(detail),
            status=error.status_code,
            errors=detail if listed else None,
        )
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    else:
        return None
    set_rollback()
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _of_domain(error: DomainError) -> dict[str, list[str]] | None:
    """By field, where one is at fault, or several (`data["fields"]`)."""
    fields = error.data.get("fields")
    if isinstance(fields, dict):
        return {name: [why] if isinstance(why, str) else why for name, why in fields.items()}
    return {error.field: [error.message]} if error.field else None


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        told = error.message_dict.items()
        return {"" if at == NON_FIELD_ERRORS else at: list(words) for at, words in told}
    return {"": list(error.messages)}


@csrf_exempt
def not_found(request: HttpRequest, _exception: Exception | None = None) -> HttpResponse:
    """The API's own 404 for an address that no route has."""
    body = problem(code="not_found", title=_("Not found."), status=404)
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)
