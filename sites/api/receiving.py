"""Files that come as the body of a request: the bytes as they are, and nothing around them."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, Final, cast

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.uploads import UploadTooLarge, accepted_media_types

_KINDS: Final = (*accepted_media_types(), "application/octet-stream")
BYTES: Final = dict.fromkeys(_KINDS, OpenApiTypes.BINARY)
"""The request of such a method, for the OpenAPI document."""


class BytesParser(BaseParser):
    """A file as it comes, of a bounded size."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most: int = settings.UPLOAD_LIMIT
        kept = cast("BinaryIO", SpooledTemporaryFile(max_size=1024**2))  # noqa: SIM115
        (parser_context or {})["view"].received = kept  # the view closes it
        left = most + 1
        while left > 0 and (chunk := stream.read(min(left, 64 * 1024))):
            left -= len(chunk)
            kept.write(chunk)
        if left <= 0:
            raise UploadTooLarge(megabytes=most // 1024**2)
        kept.seek(0)
        return kept


def parsers_of(kinds: Iterable[str]) -> list[type[BaseParser]]:
    """A parser for each media type that a program may say that it sends."""
    return [type("KindParser", (BytesParser,), {"media_type": kind}) for kind in kinds]


class TakesBytes(APIView):
    """To stand before the resource's class: closes what it received."""

    parser_classes = parsers_of(_KINDS)

    received: BinaryIO | None = None

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        if self.received is not None:
            self.received.close()
        response: Response = super().finalize_response(*args, **kwargs)
        return response


def received(request: Request) -> Any:
    """The file that came, also where nothing did."""
    return request.data or BytesIO()
