"""The same request again: answered as the first time, and done once.

A client that gets no answer cannot know whether its request arrived. It sends it again under the
same key, and gets the answer of the first.
"""

import datetime as dt
import re
from hashlib import sha256
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from sites.models import ClientToken, IdempotentReply

KEPT_FOR: Final = dt.timedelta(days=1)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,100}\Z")


class BadKey(InvalidInput):
    code = "bad_idempotency_key"
    text = _("An Idempotency-Key is 1 to 100 visible ASCII characters.")


class KeyUsed(DomainError):
    code = "idempotency_key_used"
    text = _("This Idempotency-Key belongs to another request: take a new one.")
    status = 422


class StillRunning(DomainError):
    code = "still_running"
    text = _(
        "The first request under this Idempotency-Key is still at work: ask again in a moment."
    )


def known_reply(*, token: ClientToken, key: str, request: str) -> IdempotentReply | None:
    """The reply to that request, if it was answered; else the key is the caller's own until its
    transaction ends, and the caller does the work and keeps its reply in that transaction.

    `request`: a digest of what is asked. Raises BadKey, KeyUsed, StillRunning.
    """
    if not _KEY.match(key):
        raise BadKey
    if not _hold(token, key):
        raise StillRunning
    found = IdempotentReply.objects.filter(token=token, key=key).first()
    if found is not None and found.at < timezone.now() - KEPT_FOR:
        found.delete()
        return None
    if found is not None and found.request != request:
        raise KeyUsed
    return found


def keep_reply(*, token: ClientToken, key: str, request: str, status: int, body: Any) -> None:
    """Keep what was answered, in the transaction that did it."""
    IdempotentReply.objects.create(
        token=token, key=key, request=request, status=status, body=body, at=timezone.now()
    )


def forget_old() -> int:
    """Delete the replies whose day is over. Returns how many."""
    gone, _each = IdempotentReply.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return gone


def _hold(token: ClientToken, key: str) -> bool:
    """Nobody else does this work before the transaction ends, also by a crash."""
    digest = sha256(f"idempotency {token.pk} {key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])
