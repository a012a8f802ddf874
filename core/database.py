"""The two database roles: the owner migrates, the runtime role works."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

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
