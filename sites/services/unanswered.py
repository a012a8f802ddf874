"""Why a webhook was not answered, in words for whoever looks after it; the log has the system's."""

import errno
import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_BY_KIND: Final[Mapping[type[Exception], Promise]] = {
    socket.gaierror: _("No address is known for this name."),
    ssl.SSLCertVerificationError: _("The server's certificate cannot be trusted."),
    ssl.SSLError: _("No secure connection came about."),
    ConnectionRefusedError: _("The server refuses the connection: nobody listens there."),
    ConnectionError: _("The server closed the line without an answer."),
    http.client.HTTPException: _("What came back is no HTTP answer."),
    UnicodeError: _("No address is known for this name."),
}
"""The first that fits counts: what is narrower stands before what is wider."""
_UNREACHABLE: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL})


def in_words(error: Exception) -> str:
    for kind, words in _BY_KIND.items():
        if isinstance(error, kind):
            return str(words)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return str(_("No way leads to the server's address."))
    return str(_("The connection failed."))
