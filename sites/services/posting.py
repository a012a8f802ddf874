"""One POST to an address outside, which may be anybody's: checked, bounded, never led elsewhere.

The address is resolved once, checked, and connected to as it was checked: a name that answers
something else the next moment (DNS rebinding) leads nowhere. Redirections are not followed, no
proxy is asked, and the whole exchange ends after `SECONDS`.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import InvalidInput
from sites.services.unanswered import in_words

logger = logging.getLogger(__name__)

SECONDS: Final = 10.0
KEPT: Final = 500  # characters of the answer
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Resolver = Callable[[str, int], list[str]]
"""The addresses of a host, as text. Raises OSError."""


class BadAddress(InvalidInput):
    code = "bad_webhook_address"
    text = gettext_lazy("%(reason)s")
    field = "url"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; without a status none did, and `text` says why."""

    status: int | None
    text: str
    milliseconds: int

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_url(url: str, *, allow_private: bool) -> SplitResult:
    """The address in its parts. Raises BadAddress unless it is one that may be posted to."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"}:
        raise BadAddress(reason=_("This is no address that a webhook can be sent to."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress(reason=_("Leave out user names, passwords and fragments (#…)."))
    if parts.scheme != "https" and not allow_private:
        raise BadAddress(reason=_("The address must begin with https://."))
    return parts


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allow_private: bool,
    resolver: Resolver = resolve,
) -> Answer:
    """Send the body; every failure is an answer without a status."""
    begun, host = time.monotonic(), ""
    try:
        parts = check_url(url, allow_private=allow_private)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        host = parts.hostname or ""
        addresses = _checked(resolver(host, port), allow_private=allow_private)
        connection = _Pinned(host, port, addresses, secure=secure, until=begun + SECONDS)
        status, text = _exchange(connection, parts, body, headers)
    except BadAddress as refusal:
        return Answer(None, refusal.message[:KEPT], _since(begun))
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        told = ngettext(
            "No answer within %(seconds)d second.",
            "No answer within %(seconds)d seconds.",
            int(SECONDS),
        ) % {"seconds": SECONDS}
        late = time.monotonic() - begun >= SECONDS or isinstance(error, TimeoutError)
        # Not the whole address: it may hold a key of the receiver's.
        logger.info("A webhook to %s: %s: %s", host, type(error).__name__, error)
        return Answer(None, told if late else in_words(error), _since(begun))
    return Answer(status, text, _since(begun))


def _exchange(
    connection: "_Pinned", parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str]:
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(4 * KEPT).decode("utf-8", "replace").replace("\0", "")
        return answer.status, text[:KEPT]
    finally:
        connection.finish()


class _Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, cut off when its time is up."""

    def __init__(
        self, host: str, port: int, addresses: Iterable[str], *, secure: bool, until: float
    ) -> None:
        super().__init__(host, port)
        self._addresses = list(addresses)
        self._secure, self._until = secure, until
        self._line: socket.socket | None = None
        self._alarm: threading.Timer | None = None

    def connect(self) -> None:
        self.sock = self._line = self._reach()
        # A server that sends a byte now and then would outlive any timeout of a single read.
        self._alarm = threading.Timer(self._left(), self._cut)
        self._alarm.daemon = True
        self._alarm.start()
        if self._secure:
            self.sock = self._line = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def finish(self) -> None:
        """Not `close`: http.client closes while the answer is still being read."""
        if self._alarm is not None:
            self._alarm.cancel()
        self.close()

    def _cut(self) -> None:
        with suppress(OSError):  # over at this very moment
            if self._line is not None:
                # Not the encrypted line's own: that is in use by the thread that waits.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)

    def _reach(self) -> socket.socket:
        """The first address that takes the connection."""
        failure: OSError = OSError(_("The name has no address."))
        for address in self._addresses:
            try:
                return socket.create_connection((address, self.port), timeout=self._left())
            except OSError as error:
                failure = error
        raise failure

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _checked(found: Iterable[str], *, allow_private: bool) -> list[str]:
    """The addresses, if each of them may be reached: one bad one among them spoils the name."""
    addresses = list(found)
    for text in addresses:
        if not _may_reach(ipaddress.ip_address(text), allow_private=allow_private):
            raise BadAddress(
                reason=_("%(address)s is inside a private network, or no place on the internet.")
                % {"address": text}
            )
    return addresses


def _may_reach(address: _Address, *, allow_private: bool) -> bool:
    inside = _inside(address)
    if inside is not None:
        return _may_reach(inside, allow_private=allow_private)
    # What is on no other machine (the clouds' own data among it) helps nobody inside a hub.
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    far = address.is_global and not address.is_reserved
    return (far and not getattr(address, "is_site_local", False)) or allow_private


def _inside(address: _Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
