"""Files between an upload and its confirmation: private, known by a signed token, for an hour."""

import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core import signing

from technopark.backup.saving import TEMPORARY

KEPT_FOR: Final = 3600
"""Seconds."""
_SALT: Final = "technopark.staff.import"


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody uploaded, and how it is to be read."""

    user: int
    what: str
    name: str
    """The file's own name."""
    mapping: dict[str, str]
    create_companies: bool
    control_total: str | None = None
    """DH, of what is checked against one."""
    key: str = ""
    """Its name on the disk."""


def keep(upload: Upload, data: bytes) -> str:
    """Store the file; the token that finds it again. Files whose hour is over are removed."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_FOR:
            old.unlink(missing_ok=True)
    key = secrets.token_urlsafe(24)
    path = folder / key
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
    return signing.dumps({**asdict(upload), "key": key}, salt=_SALT)


def find(token: str, *, user: int, what: str) -> tuple[Upload, bytes] | None:
    """What a token stands for; None when it is not this user's, or its hour is over."""
    try:
        upload = Upload(**signing.loads(token, salt=_SALT, max_age=KEPT_FOR))
        if (upload.user, upload.what) != (user, what):
            return None
        return upload, (_folder() / upload.key).read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        return None


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / TEMPORARY
