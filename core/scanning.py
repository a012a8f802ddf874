"""Asks clamd, ClamAV's daemon, whether a file is infected.

The file travels over the daemon's own connection (INSTREAM, see clamd(8)), so that the scanner
needs no right to read where uploads lie.
"""

import enum
import logging
import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

logger = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds for a whole scan. Most take one; clamd itself stops after 120 (MaxScanTime)."""
_CHUNK: Final = 64 * 1024
_LONGEST_REPLY: Final = 4096
_VERDICT: Final = re.compile(r"stream: (?:OK|(?P<signature>.+) FOUND)")

Address = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""


class Result(enum.Enum):
    NOT_SCANNED = "not_scanned"
    """No scanner is configured."""
    CLEAN = "clean"
    INFECTED = "infected"


@dataclass(frozen=True, slots=True)
class Verdict:
    result: Result
    signature: str = ""
    """What the scanner calls the infection; empty unless INFECTED."""


class ScannerDown(DomainError):
    """There is no verdict: the scanner is away, too slow, or says that it cannot scan this.

    Trying again later is right in every case. A file that is too long for clamd passes once its
    StreamMaxLength is raised, and until then nobody knows whether it is clean.
    """

    code = "scanner_down"
    text = _("Files cannot be checked for viruses at the moment: try again later.")
    status = 503

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = detail
        """For those who run the place, not for those who upload; the log has it too."""


def scan(file: BinaryIO, *, patience: float = PATIENCE) -> Verdict:
    """The scanner's verdict on the whole of `file`, which is left at its start.

    `patience`: seconds, connecting and answering included. Raises ScannerDown.
    """
    address = parse_address(settings.CLAMD_ADDRESS)
    if address is None:
        return Verdict(Result.NOT_SCANNED)
    file.seek(0)
    try:
        reply = _ask(address, file, end=time.monotonic() + patience)
        verdict = _VERDICT.fullmatch(reply)
        if verdict is None:
            raise ScannerDown(f"it says {reply!r}")
    except ScannerDown as down:
        logger.warning("clamd at %s: %s", settings.CLAMD_ADDRESS, down.detail)
        raise
    finally:
        file.seek(0)
    if signature := verdict["signature"]:
        return Verdict(Result.INFECTED, signature)
    return Verdict(Result.CLEAN)


def is_configured() -> bool:
    """Whether there is a scanner to ask."""
    return parse_address(settings.CLAMD_ADDRESS) is not None


def parse_address(text: str) -> Address | None:
    """`tcp://host:port` or `unix:///path`; nothing is None.

    Raises ImproperlyConfigured; the settings call it, so that a bad address stops the start.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number, a bracket that stays open
        host = port = parts = None
    if parts and host and port and text == f"tcp://{parts.netloc}" and "@" not in text:
        return host, port
    if parts and len(parts.path) > 1 and text == f"unix://{parts.path}":
        return parts.path
    raise ImproperlyConfigured(
        f"CLAMD_ADDRESS={text!r} must be like tcp://clamav:3310 or unix:///run/clamav/clamd.ctl."
    )


def _ask(address: Address, file: BinaryIO, *, end: float) -> str:
    """clamd's reply, without the NUL that ends it. `end`: on the monotonic clock."""
    with _connected(address, end) as line:
        _send(line, b"zINSTREAM\0", end)
        while chunk := file.read(_CHUNK):
            if not _send(line, struct.pack("!I", len(chunk)) + chunk, end):
                break
        else:
            _send(line, struct.pack("!I", 0), end)
        return _reply(line, end)


@contextmanager
def _down_if_broken() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise ScannerDown("it does not answer in time") from error
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that is none
        raise ScannerDown(str(error)) from error


def _connected(address: Address, end: float) -> socket.socket:
    with _down_if_broken():
        if not isinstance(address, str):
            return socket.create_connection(address, timeout=max(end - time.monotonic(), 0.001))
        line = socket.socket(socket.AF_UNIX)
        try:
            _hurry(line, end)
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line


def _hurry(line: socket.socket, end: float) -> None:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


def _send(line: socket.socket, data: bytes, end: float) -> bool:
    """False when clamd listens no more: it has said, or is about to say, why."""
    with _down_if_broken():
        _hurry(line, end)
        try:
            line.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True


def _reply(line: socket.socket, end: float) -> str:
    said = b""
    with _down_if_broken():
        while not said.endswith(b"\0"):
            _hurry(line, end)
            more = line.recv(_LONGEST_REPLY)
            if not more or len(said) > _LONGEST_REPLY:
                raise ScannerDown(f"it closed the line after {said!r}")
            said += more
    return said[:-1].decode("utf-8", errors="replace")
