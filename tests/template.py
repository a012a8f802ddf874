"""A database with all tables and no rows, of which each worker's is a copy.

It is made once for all workers, and stays for the next run while no line of the apps changes:
migrating an empty database takes seconds of CPU, copying one a tenth of that.
"""

import hashlib
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from technopark.embedded.locks import FileLock
from technopark.embedded.paths import ROOT, paths

_PREFIX: Final = "tables_"
_DRAFT: Final = "draft_tables"
_PATIENCE: Final = 300  # seconds: another worker is making it


def template() -> str:
    """The name of the database with the tables of this code; made when there is none."""
    name = f"{_PREFIX}{_digest()}"
    lock = FileLock(paths().locks / "tables")
    assert lock.acquire(wait=_PATIENCE), "Another worker is still making the tables."
    try:
        if name not in _known():
            _make(name)
    finally:
        lock.close()
    return name


def _digest() -> str:
    """Of whatever a migration may come to: our apps with all they import, the packages."""
    apps = (path for app in settings.OUR_APPS for path in (ROOT / app).rglob("*.py"))
    found = hashlib.sha256()
    for path in sorted([*apps, ROOT / "requirements.txt"]):
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _known() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
        return [name for (name,) in cursor.fetchall()]


def _make(name: str) -> None:
    """Whole, or under the draft's name."""
    with connection._nodb_cursor() as cursor:
        for old in (*_known(), _DRAFT):
            cursor.execute(f"DROP DATABASE IF EXISTS {old}")
        cursor.execute(f"CREATE DATABASE {_DRAFT}")
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = _DRAFT
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {_DRAFT} RENAME TO {name}")
