"""A database that was made by other migrations of the same names is refused, in words."""

import json

import pytest
from django.core.management import CommandError
from django.db import connection

from technopark import migration_marks
from technopark.embedded.paths import OWNER

pytestmark = pytest.mark.django_db


def _comment(text: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER}")
        cursor.execute("COMMENT ON TABLE django_migrations IS %s", [text])
        cursor.execute("RESET ROLE")


def test_a_database_of_this_version_is_taken() -> None:
    migration_marks.check()


@pytest.mark.parametrize("was", ["another", None])
def test_a_rewritten_migration_is_refused(was: str | None) -> None:
    """By another text, or by none: the folder is older than what is noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('django_migrations'::regclass, 'pg_class')")
        noted = json.loads(cursor.fetchone()[0])
    assert {"core.0001_initial", "billing.0002_guards"} <= set(noted)
    _comment(json.dumps({**noted, "sites.0001_initial": was}) if was else None)
    wanted = "sites.0001_initial" if was else "accounts.0001_initial"
    with pytest.raises(CommandError, match=f"earlier {wanted}, which has been rewritten"):
        migration_marks.check()
