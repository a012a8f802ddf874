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
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("This is no JSON: %(error)s.") % {"error": error}) from error
