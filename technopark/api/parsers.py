"""JSON as the API takes it: of a bounded size, and text that can be stored."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JSONParser(BaseParser):
    """By orjson: half a surrogate pair, which no table can keep, is no JSON to it."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        text = stream.read(most + 1)
        if len(text) > most:
            raise RequestDataTooBig
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("This is no JSON: %(error)s.") % {"error": error}) from error
        if b"\\u0000" in text and _has_zero(found):
            raise ParseError(_("Zero characters (\\u0000) are not accepted."))
        return found


def _has_zero(found: Any) -> bool:
    """In a text or a name, however deep: PostgreSQL keeps none, not even in a refusal."""
    waiting = [found]
    while waiting:  # not by recursion: a body may be nested deeper than Python calls
        match waiting.pop():
            case str() as text if "\0" in text:
                return True
            case list() as values:
                waiting += values
            case dict() as values:
                waiting += [*values.keys(), *values.values()]
    return False
