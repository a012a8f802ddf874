"""Make a backup."""

import datetime as dt
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

import technopark
from core.database import as_owner
from technopark.backup import postgres
from technopark.backup.archive import (
    DUMP,
    MEDIA,
    BackupError,
    Manifest,
    Writer,
    is_archive,
    verify,
)

TEMPORARY = "imports"
"""A folder of MEDIA_ROOT whose files wait for a decision of minutes: not kept."""


def save(path: Path) -> Manifest:
    """Write the archive at `path`, for its owner alone, and read it again.

    The rows are counted in the very snapshot that pg_dump saves, so that a restore can be
    compared exactly while the site goes on. Raises BackupError; then there is no file.
    """
    path = path.absolute()
    if path.exists():
        raise BackupError(reason=f"{path} exists already: choose another name.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            draft, dump = Path(folder, "archive"), Path(folder, DUMP)
            with as_owner(), transaction.atomic():
                manifest = _dump(dump)
                _write(draft, dump, manifest)
            manifest = verify(draft)
            os.link(draft, path)  # fails when somebody made the name meanwhile
    except OSError as error:
        raise BackupError(reason=f"{path} cannot be written: {error.strerror}.") from error
    return manifest


def _dump(dump: Path) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        rows = postgres.row_counts(cursor)
        if "django_migrations" not in rows:
            raise BackupError(reason="There is nothing to save: the database is empty.")
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [list(row) for row in cursor.fetchall()]
        postgres.run(
            "pg_dump",
            *("--format=custom", f"--snapshot={snapshot}", f"--file={dump}", "--no-owner"),
            database=str(connection.settings_dict["NAME"]),
            what="Saving the database",
        )
    return Manifest(
        product=technopark.VERSION,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        postgresql=postgres.server_major(),
        migrations=migrations,
        rows=rows,
        parts=[],
    )


def _write(draft: Path, dump: Path, manifest: Manifest) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        writer = Writer(target)
        writer.add_file(DUMP, dump)
        for name, file in media_files().items():
            try:
                writer.add_file(MEDIA + name, file)
            except FileNotFoundError:  # removed since it was listed
                continue
        manifest.parts.extend(writer.parts)
        writer.close(manifest)
        target.flush()
        os.fsync(target.fileno())


def media_files() -> dict[str, Path]:
    """The uploaded files by their name in MEDIA_ROOT; without earlier archives kept there."""
    root = Path(settings.MEDIA_ROOT)
    files = {}
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or inside.parts[0] == TEMPORARY or path.is_symlink() or not path.is_file():
            continue
        if len(inside.parts) > 1 or not is_archive(path):
            files[inside.as_posix()] = path
    return files
