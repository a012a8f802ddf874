"""Which migrations made the tables of a database, word for word.

Before the first release migrations are made anew: their names stay, their tables do not, and Django
would take an old database for a current one whose pages then fail. What each applied migration of
ours said is kept as the comment of `django_migrations`, where backups take it along.
"""

import hashlib
import json
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

_REWRITTEN: Final = (
    "The tables were made by an earlier {migration}, which has been rewritten since: there is no "
    "way from them to this version. Begin with an empty database (of the demo: remove the data "
    "folder), or go back to the version that made them."
)


def check() -> None:
    """Raises CommandError when a migration that was applied says something else now, or when
    nobody noted what it said."""
    noted = _noted()
    now = _digests()
    for app, name in _applied():
        key = f"{app}.{name}"
        if key in now and noted.get(key) != now[key]:
            raise CommandError(_REWRITTEN.format(migration=key))


def note() -> None:
    """Keep what the applied migrations say; as the owner of the tables."""
    now = _digests()
    kept = {f"{app}.{name}": now[f"{app}.{name}"] for app, name in _applied()}
    if not kept:
        return  # only looked at: `migrate --plan` on an empty database
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS %s", [json.dumps(kept)])


def _applied() -> list[tuple[str, str]]:
    """Those of our apps, in the order of their names."""
    recorder = MigrationRecorder(connection)
    ours = set(settings.OUR_APPS)
    known = _digests()
    return sorted(
        (app, name)
        for app, name in recorder.applied_migrations()
        if app in ours and f"{app}.{name}" in known
    )


def _digests() -> dict[str, str]:
    """By migration of ours, the SHA-256 of its file."""
    found = {}
    for label in settings.OUR_APPS:
        for file in Path(apps.get_app_config(label).path, "migrations").glob("[0-9]*.py"):
            found[f"{label}.{file.stem}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def _noted() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('django_migrations'), 'pg_class')")
        (comment,) = cursor.fetchone()
    return json.loads(comment) if comment else {}
