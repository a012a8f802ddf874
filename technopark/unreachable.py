"""A server that does not answer, or lacks its tables, told in one line that says what to do."""

from typing import Final

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError as BrokerError

_POSTGRESQL: Final = (
    "PostgreSQL cannot be reached ({reason}): start it, or correct DATABASE_URL "
    "(migrate, backup and restore: OWNER_DATABASE_URL)."
)
_REDIS: Final = "Redis cannot be reached ({reason}): start it, or correct REDIS_URL."
_TABLES: Final = "The database lacks tables of this version: run `manage.py migrate` first."


def told(error: BaseException) -> str | None:
    """The line, or None when the error is another one. Shows no password."""
    if isinstance(error, (OperationalError, InterfaceError)):
        # An answer, even a refusal of a statement, bears a code: then the server is there, unless
        # it says that it is stopping or starting (class 57P).
        code = getattr(error.__cause__, "pgcode", None)
        if code is not None and not code.startswith("57P"):
            return None
        return _POSTGRESQL.format(reason=_first_line(error))
    if isinstance(error, ProgrammingError) and _to_migrate():
        return _TABLES
    if isinstance(error, (redis.ConnectionError, redis.TimeoutError, BrokerError)):
        return _REDIS.format(reason=_first_line(error))
    return None


def _to_migrate() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def ask_redis() -> None:
    """Raises redis.ConnectionError when the Redis of the settings does not answer."""
    with redis.Redis.from_url(
        settings.CACHES["default"]["LOCATION"], socket_connect_timeout=5
    ) as client:
        client.ping()


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
