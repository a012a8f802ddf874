"""A real SMTP server on this machine that remembers what it accepted."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

from tests.technopark.rehearsal import free_port


class PostOffice:
    """How often each letter, by its Message-ID, was accepted."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.port = free_port()
        self.reading = 0.1
        """Seconds between a letter's last byte and the yes: a kill can fall in between."""
        self.next_time: Callable[[], None] | None = None
        """Called once, while the next letter is read: nobody was told yet that it is accepted."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content)
        meanwhile, self.next_time = self.next_time, None
        if meanwhile is not None:
            threading.Thread(target=meanwhile).start()
        await asyncio.sleep(self.reading)
        self.accepted[str(letter["Message-ID"])] += 1
        return "250 accepted"


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
