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

from sites.services import idempotency

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """A view's method whose work is done once for each Idempotency-Key of a client.

    The work and the reply to it are one transaction: a crash leaves neither. Refusals are kept
    too; what broke the server is not, and may be asked again.
    """

    @wraps(handler)
    def answered(view: Any, request: Request, **address: Any) -> Response:
        key = request.headers.get(KEY_HEADER)
        token = getattr(request.auth, "scope", None)
        if key is None or token is None:
            return handler(view, request, **address)
        about = {"token": token, "key": key, "request": _digest(request)}
        with transaction.atomic():
            known = idempotency.known_reply(**about)
            if known is not None:
                return Response(
                    known.body,
                    status=known.status,
                    content_type="application/problem+json" if known.status >= 400 else None,
                    headers={REPLAYED_HEADER: "true"},
                )
            response = _done(handler, view, request, address)
            body = None
            if response.data is not None:
                body = orjson.loads(request.accepted_renderer.render(response.data))
            idempotency.keep_reply(**about, status=response.status_code, body=body)
        return response

    answered.once = True  # type: ignore[attr-defined]
    return answered


def _done(handler: Handler, view: Any, request: Request, address: dict[str, Any]) -> Response:
    try:
        with transaction.atomic():
            return handler(view, request, **address)
    except Exception as error:
        refusal: Response = view.handle_exception(error)  # raises again what is none
        return refusal


def _digest(request: Request) -> str:
    """Of all that is asked: method, address, kind and body."""
    plain = request._request
    digest = sha256()
    for part in (plain.method or "", plain.get_full_path(), request.content_type or ""):
        digest.update(part.encode() + b"\n")
    digest.update(plain.body)
    return digest.hexdigest()


def read(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The body's values by field; an unknown field would be a misspelt one.

    Raises ValidationError, each error at its field.
    """
    if not isinstance(request.data, dict):
        raise ValidationError({"": [_("The body is an object.")]})
    form = shape(data=request.data)
    unknown = {name: [_("Unknown field.")] for name in request.data.keys() - form.fields.keys()}
    if unknown:
        raise ValidationError(unknown)
    form.is_valid(raise_exception=True)
    given: dict[str, Any] = form.validated_data
    return given
