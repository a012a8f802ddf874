"""PostgreSQL's own programs, run as the owner of the tables."""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.db import connection

from technopark.backup.archive import BackupError
from technopark.embedded import EmbeddedError
from technopark.embedded.programs import postgres_program


def program(name: str) -> Path:
    """pg_dump or pg_restore, not older than the server: the wheel's, else the system's.

    Raises BackupError.
    """
    wanted = server_major()
    found = []
    for path in _places(name):
        version = subprocess.run(  # noqa: S603 - our own words only
            [path, "--version"], check=False, capture_output=True, text=True
        )
        major = re.search(r"\) (\d+)", version.stdout)
        if major and int(major.group(1)) >= wanted:
            return path
        found.append(f"{path} is {version.stdout.strip() or 'not working'}")
    raise BackupError(
        reason=f"{name} of PostgreSQL {wanted} or later is needed"
        + (f" ({'; '.join(found)})" if found else "")
        + f": install postgresql-client-{wanted}, or requirements-embedded.txt."
    )


def _places(name: str) -> list[Path]:
    places = []
    with suppress(EmbeddedError):  # not installed: production may use the system's
        places.append(postgres_program(name))
    if system := shutil.which(name):
        places.append(Path(system))
    return places


def server_major() -> int:
    connection.ensure_connection()
    return int(connection.pg_version) // 10_000  # type: ignore[attr-defined]


def run(
    name: str, *arguments: str, database: str, stdin: IO[bytes] | None = None, what: str
) -> None:
    """Run a program on a database of the server. Raises BackupError with its first complaint."""
    settings = connection.settings_dict
    given: dict[str, Any] = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": database,
    }
    done = subprocess.Popen(  # noqa: S603 - our own words only
        [program(name), "--no-password", *arguments],
        env={**os.environ, "LC_ALL": "C"}
        | {key: str(value) for key, value in given.items() if value},
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        if stdin is not None and done.stdin is not None:
            shutil.copyfileobj(stdin, done.stdin, 1 << 20)
            done.stdin.close()
            done.stdin = None
    except BrokenPipeError:  # it has given up: its own words say why
        done.stdin = None
    _out, errors = done.communicate()
    if done.returncode != 0:
        lines = errors.decode(errors="replace").strip().splitlines()
        reason = next((line for line in lines if "error" in line.lower()), (lines or ["?"])[0])
        raise BackupError(reason=f"{what} failed: {reason.strip()}")


def row_counts(cursor: Any) -> dict[str, int]:
    """How many rows each table of ours has, in one statement's view of them."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' "
        "AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname"
    )
    tables = [name for (name,) in cursor.fetchall()]
    if not tables:
        return {}
    # Names come from the catalogue and are quoted.
    counts = " UNION ALL ".join(
        f"SELECT {index}, count(*) FROM {connection.ops.quote_name(name)}"  # noqa: S608
        for index, name in enumerate(tables)
    )
    cursor.execute(counts)
    return {tables[index]: count for index, count in sorted(cursor.fetchall())}
