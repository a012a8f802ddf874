"""Requests straight into the WSGI application, and the CPU they take."""

import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

ROUNDS = 30
EACH = 10
"""Requests of one kind in a row; the kinds take turns, so that a busy moment hits all of them."""


class Browser:
    """One client's requests, with its headers, as gunicorn would hand them over."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.handler = WSGIHandler()
        self.headers = {f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in headers}

    def get(self, address: str) -> bytes:
        """The answer's body. Raises RuntimeError unless it is a 200."""
        return self._ask("GET", address, b"", self.headers)

    def post(self, address: str, form: Mapping[str, Any]) -> bytes:
        """The same for a form, with the token that guards it."""
        token = get_random_string(CSRF_SECRET_LENGTH)
        sent = urlencode({**form, "csrfmiddlewaretoken": token}, doseq=True).encode()
        cookies = f"{self.headers.get('HTTP_COOKIE', '')}; {settings.CSRF_COOKIE_NAME}={token}"
        return self._ask(
            "POST",
            address,
            sent,
            {
                **self.headers,
                "HTTP_COOKIE": cookies,
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(sent)),
            },
        )

    def _ask(self, method: str, address: str, sent: bytes, headers: Mapping[str, str]) -> bytes:
        path, _, query = address.partition("?")
        said: list[str] = []

        def start(status: str, headers: Any, trouble: Any = None) -> Callable[[bytes], object]:
            said.append(status)
            return io.BytesIO().write

        answer = self.handler(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "bench",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": "bench",
                "REMOTE_ADDR": "127.0.0.1",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(sent),
                "wsgi.errors": sys.stderr,
                **headers,
            },
            start,
        )
        body = b"".join(answer)
        answer.close()
        if said != ["200 OK"]:
            raise RuntimeError(f"{address}: {said} {body[:500]!r}")
        return body


def cpu(work: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of CPU of one call of each, the median of rounds in which they take turns."""
    for call in work:
        call()
    taken: list[list[float]] = [[] for _call in work]
    for _round in range(ROUNDS):
        for number, call in enumerate(work):
            since = time.process_time()
            for _time in range(EACH):
                call()
            taken[number].append((time.process_time() - since) * 1000 / EACH)
    return [statistics.median(times) for times in taken]
