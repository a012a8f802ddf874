"""A receiver of webhooks: a real HTTP server in a thread."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and what each next request is answered: a status, or bytes as they stand."""

    address: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[int | bytes] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    """Until it is set, an answer of b"" is not given."""


@contextmanager
def receiver(*answers: int | bytes) -> Iterator[Receiver]:
    made = Receiver(answers=list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.address = f"http://127.0.0.1:{server.server_port}/hook?from=technopark"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.free.set()
        server.shutdown()
        thread.join()
        server.server_close()


def is_genuine(received: Received, secret: str) -> bool:
    """As docs/api.md tells a receiver to check it."""
    signed = received.headers["technopark-timestamp"].encode() + b"." + received.body
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, received.headers["technopark-signature"])


def _handler(made: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.received.append(Received(self.path, headers, body))
            answer = made.answers.pop(0) if made.answers else 204
            if answer == b"":
                made.free.wait(10)
            elif isinstance(answer, bytes):
                self.wfile.write(answer)
            else:
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", made.address.replace("/hook", "/elsewhere"))
                self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """The test says what matters."""

    return Handler
