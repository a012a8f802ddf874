"""The two database roles: the owner migrates, the runtime role works."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

COUNT_ROWS = """
CREATE FUNCTION core_count_rows() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
-- Runs as the owner: the runtime role may not ANALYZE, and needs no other right of maintenance.
DECLARE
    name text;
BEGIN
    FOR name IN SELECT format('%I.%I', nspname, relname) FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'public' AND relkind = 'r' LOOP
        EXECUTE 'ANALYZE ' || name;
    END LOOP;
END $$;
"""

_LOGIN = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner of the tables for the time of a migration or a restore.

    Raises ImproperlyConfigured when no owner's address is set.
    """
    if not settings.OWNER_DATABASE_URL:
        raise ImproperlyConfigured("Set OWNER_DATABASE_URL: only the owner may change tables.")
    owner = environ.Env.db_url_config(settings.OWNER_DATABASE_URL)
    if settings.OWNER_DATABASE_PASSWORD:
        owner["PASSWORD"] = settings.OWNER_DATABASE_PASSWORD
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({key: owner.get(key, "") for key in _LOGIN})
    connection.settings_dict["OPTIONS"] = {}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def count_rows() -> None:
    """Tell the planner what the tables hold now; to be called after a bulk load, inside it.

    It would learn by itself a minute later. Until then it plans for the tables as they were,
    and a query over what it takes for an empty one can last for minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_count_rows()")
