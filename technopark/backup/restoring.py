"""Put a backup back.

The database is restored beside the one in use and takes its name at the end, in one transaction
of the server's catalogue: whatever fails before leaves everything as it was.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from core.database import as_owner
from technopark.backup import postgres
from technopark.backup.archive import DUMP, MEDIA, BackupError, Manifest, opened, verify
from technopark.backup.saving import media_files

_ATTEMPTS: Final = 20
# Rows that a migration or a first start makes by itself.
_MADE_BY_ITSELF: Final = {
    "auth_permission",
    "django_celery_beat_crontabschedule",
    "django_celery_beat_intervalschedule",
    "django_celery_beat_periodictask",
    "django_celery_beat_periodictasks",
    "django_content_type",
    "django_migrations",
}


def restore(path: Path, *, replace: bool) -> Manifest:
    """The database and the uploaded files become those of the archive.

    Raises BackupError, and then nothing has changed: the archive is damaged, newer than this
    product, or the database or MEDIA_ROOT is not empty (unless `replace`).
    """
    path = path.absolute()
    manifest = verify(path)
    _check_migrations(manifest)
    with as_owner():
        if not replace:
            _check_empty()
        name = str(connection.settings_dict["NAME"])
        new = f"{name}_restore_{secrets.token_hex(4)}"
        with _maintenance() as server:
            _create(server, new)
        try:
            _fill(path, new, manifest)
            with _staged(path, manifest) as media:
                media.add()
                with _maintenance() as server:
                    _exchange(server, name, new)
                media.finish()
        finally:
            # After the exchange the name belongs to what was there before.
            with _maintenance() as server:
                server.execute(f"DROP DATABASE IF EXISTS {_quoted(new)} WITH (FORCE)")
    return manifest


def _check_migrations(manifest: Manifest) -> None:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = set(loader.disk_migrations or ())
    unknown = [".".join(key) for key in manifest.migrations if tuple(key) not in known]
    if unknown:
        raise BackupError(
            reason=f"The backup was made by another Technopark ({manifest.product}): this one does "
            f"not know the migration {unknown[0]}."
        )


def _check_empty() -> None:
    with connection.cursor() as cursor:
        rows = postgres.row_counts(cursor)
    filled = [name for name, count in rows.items() if count and name not in _MADE_BY_ITSELF]
    if filled:
        raise BackupError(
            reason=f"The database is not empty ({filled[0]} has rows): "
            "--replace puts the backup in its place."
        )
    if media_files():
        raise BackupError(
            reason=f"{settings.MEDIA_ROOT} is not empty: --replace puts the backup in its place."
        )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def _maintenance() -> Iterator[Any]:
    """A cursor of the owner outside the database that is exchanged, in autocommit."""
    with _connected_to("postgres"), connection.cursor() as cursor:
        yield cursor


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _create(server: Any, new: str) -> None:
    """From template0: the rights and defaults come from the archive alone."""
    try:
        server.execute(f"CREATE DATABASE {_quoted(new)} TEMPLATE template0")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(
            reason=f"The owner cannot make a database ({reason}): ALTER ROLE … CREATEDB."
        ) from error


def _fill(path: Path, new: str, manifest: Manifest) -> None:
    with opened(path) as tar:
        dump = tar.extractfile(DUMP)
        postgres.run(
            "pg_restore",
            *("--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={new}"),
            database=new,
            stdin=dump,
            what="Restoring the database",
        )
    with _connected_to(new), connection.cursor() as cursor:
        rows = postgres.row_counts(cursor)
        cursor.execute("ANALYZE")
    different = sorted(
        name for name in rows | manifest.rows if rows.get(name) != manifest.rows.get(name)
    )
    if different:
        raise BackupError(reason=f"{different[0]} came back with another number of rows.")


def _exchange(server: Any, name: str, new: str) -> None:
    """Both renames or none; whoever is connected is sent away, as often as it takes."""
    aside = f"{new}_before"
    for attempt in range(_ATTEMPTS):
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        try:
            server.execute("BEGIN")
            server.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(aside)}")
            server.execute(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(name)}")
            server.execute(f"ALTER DATABASE {_quoted(aside)} RENAME TO {_quoted(new)}")
            server.execute("COMMIT")
        except OperationalError as error:
            server.execute("ROLLBACK")
            if attempt == _ATTEMPTS - 1:
                raise BackupError(
                    reason="Programs keep connecting to the database: stop web, worker and beat."
                ) from error
            time.sleep(0.1)
        else:
            return


class _Media:
    """The archive's files: new ones are added first, which harms nobody; the rest at the end."""

    def __init__(self, staging: Path, names: list[str]) -> None:
        self.root = Path(settings.MEDIA_ROOT)
        self.staging = staging
        self.names = names
        self.added: list[Path] = []

    def add(self) -> None:
        for name in self.names:
            target = self.root / name
            if not target.exists():
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.link(self.staging / name, target)
                self.added.append(target)

    def finish(self) -> None:
        for name in self.names:
            (self.staging / name).replace(self.root / name)
        for name, path in media_files().items():
            if name not in set(self.names):
                path.unlink()

    def take_back(self) -> None:
        for path in self.added:
            path.unlink(missing_ok=True)


@contextmanager
def _staged(path: Path, manifest: Manifest) -> Iterator[_Media]:
    """The files of the archive beside those in use; taken back when something fails."""
    root = Path(settings.MEDIA_ROOT)
    staging = root / f".restore-{secrets.token_hex(4)}"
    media: _Media | None = None
    try:
        staging.mkdir(mode=0o700, parents=True)
        names = [part.name.removeprefix(MEDIA) for part in manifest.parts if part.name != DUMP]
        digests = {part.name: part.sha256 for part in manifest.parts}
        with opened(path) as tar:
            for member in tar:
                if member.name.startswith(MEDIA):
                    _extract(tar.extractfile(member), staging / member.name.removeprefix(MEDIA))
        for name in names:
            found = hashlib.sha256((staging / name).read_bytes()).hexdigest()
            if found != digests[MEDIA + name]:
                raise BackupError(reason=f"{name} did not come back as it was saved.")
        media = _Media(staging, names)
        yield media
    except OSError as error:
        if media is not None:
            media.take_back()
        raise BackupError(reason=f"{root} cannot be written: {error.strerror}.") from error
    except BaseException:
        if media is not None:
            media.take_back()
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _extract(source: Any, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
