"""The folders of an instance: made private, and refused when they are somebody else's."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from technopark.embedded.errors import EmbeddedError
from technopark.embedded.paths import Paths


def prepare(paths: Paths) -> None:
    """Make what is missing; idempotent, safe when two programs do it at once.

    Raises EmbeddedError when a folder cannot be written.
    """
    try:
        paths.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (paths.locks, paths.log, paths.mail, paths.media):
            folder.mkdir(mode=0o700, exist_ok=True)
        _prepare_run(paths)
        if not paths.secret_key.exists():
            _make_secret_key(paths.secret_key)
    except OSError as error:
        raise EmbeddedError.from_os(error, paths.data) from error


def _prepare_run(paths: Paths) -> None:
    paths.run.mkdir(mode=0o700, exist_ok=True)
    # Under /tmp anybody may have made a folder of this name first.
    found = paths.run.lstat()
    owners = {os.geteuid(), paths.data.stat().st_uid}
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or found.st_uid not in owners:
        raise EmbeddedError(
            f"{paths.run} must be a private folder (mode 700) of your own: delete it, "
            "or set DATA_DIR to a shorter path."
        )


def _make_secret_key(path: Path) -> None:
    # Linked into place whole: no reader ever sees half a key, and the first writer wins.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
