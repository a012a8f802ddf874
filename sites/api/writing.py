"""What every POST, PUT and PATCH shares: a body of known shape, and each request done once.

@once
def post(self, request, reference):
    given = read(request, shapes.ReasonShape)
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final

import orjson
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from sites.models import IdempotentReply
from sites.services import idempotency

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"

Handler = Callable[..., Response]
About = dict[str, Any]


def once(handler: Handler) -> Handler:
    """A view's method whose work is done once for each Idempotency-Key of a client.

    The work and the reply to it are one transaction: a crash leaves neither. Refusals are kept
    too; what broke the server is not, and may be asked again.
    """

    def first(view: Any, request: Request, address: dict[str, Any], about: About) -> Response:
        with transaction.atomic():
            known = idempotency.known_reply(**about)
            if known is not None:
                return _again(known)
            try:
                with transaction.atomic():
                    response = handler(view, request, **address)
            except Exception as error:
                response = view.handle_exception(error)  # raises again what is no refusal
            if response.status_code < 500:
                _keep(response, request, about)
        return response

    return _under_the_key(handler, first, of_file=False)


def repeatable(handler: Handler) -> Handler:
    """`once`, for a file that is put in its place: work that cannot stand inside a transaction,
    and changes nothing when it is done again."""

    def first(view: Any, request: Request, address: dict[str, Any], about: About) -> Response:
        with transaction.atomic():
            known = idempotency.known_reply(**about)
        if known is not None:
            return _again(known)
        try:
            response = handler(view, request, **address)
        except Exception as error:
            response = view.handle_exception(error)
        if response.status_code >= 500:
            return response
        with transaction.atomic():
            if idempotency.known_reply(**about) is None:
                _keep(response, request, about)
        return response

    return _under_the_key(handler, first, of_file=True)


def _under_the_key(handler: Handler, first: Callable[..., Response], *, of_file: bool) -> Handler:
    @wraps(handler)
    def answered(view: Any, request: Request, **address: Any) -> Response:
        key = request.headers.get(KEY_HEADER)
        token = getattr(request.auth, "scope", None)
        if key is None or token is None:
            return handler(view, request, **address)
        about = {"token": token, "key": key, "request": _digest(request, of_file=of_file)}
        return first(view, request, address, about)

    answered.once = True  # type: ignore[attr-defined]
    return answered


def _keep(response: Response, request: Request, about: About) -> None:
    body = None
    if response.data is not None:
        body = orjson.loads(request.accepted_renderer.render(response.data))
    idempotency.keep_reply(**about, status=response.status_code, body=body)


def _again(known: IdempotentReply) -> Response:
    return Response(
        known.body,
        status=known.status,
        content_type="application/problem+json" if known.status >= 400 else None,
        headers={REPLAYED_HEADER: "true"},
    )


def _digest(request: Request, *, of_file: bool) -> str:
    """Of all that is asked: method, address, kind and body."""
    plain = request._request
    digest = sha256()
    for part in (plain.method or "", plain.get_full_path(), request.content_type or ""):
        digest.update(part.encode() + b"\n")
    if not of_file:
        digest.update(plain.body)  # before it is read: from here it can be read again
        return digest.hexdigest()
    file: Any = request.data
    if file:
        while chunk := file.read(64 * 1024):
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()


def read(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The body's values by field; an unknown field would be a misspelt one.

    Raises ValidationError, each error at its field.
    """
    if not isinstance(request.data, dict):
        raise ValidationError({"": [_("The body must be an object.")]})
    form = shape(data=request.data)
    unknown = {name: [_("Unknown field.")] for name in request.data.keys() - form.fields.keys()}
    if unknown:
        raise ValidationError(unknown)
    form.is_valid(raise_exception=True)
    given: dict[str, Any] = form.validated_data
    return given
