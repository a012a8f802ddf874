"""Services and roles for every test."""

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template.base import Template
from django.template.context import Context
from django.test.signals import template_rendered
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from technopark.embedded import EmbeddedError, hold
from technopark.embedded.paths import RUNTIME
from technopark.embedded.postgresql import SUPERUSER
from tests.template import template

# A busy machine makes no example wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The gate says the same of the same code whenever it is run; examples at random, whose failure is
# no fault of the change at hand, are what the long torture is for.
settings.register_profile("gate", settings.get_profile("patient"), derandomize=True)
settings.load_profile("patient" if os.environ.get("TORTURE") == "full" else "gate")
# The longest first; many seconds each.
LONG = (
    "test_staff_routes.py",
    "test_demo.py",
    "test_kills.py",
    "test_backup.py",
    "test_api_routes.py",
    "test_embedded.py",
    "test_public.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the services; xdist's workers live within the controller's session."""
    if not hasattr(config, "workerinput"):
        try:
            hold()
        except EmbeddedError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files begin first: else one worker would end with them while the others are idle."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection_finish() -> None:
    """What is loaded stays: looking through it again and again took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Each worker's database begins as a copy of the one with all tables."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database is made by the owner; the tests work in it as the runtime role.

    So a right that a migration forgot to give, or gave by mistake, shows in the tests.
    """
    options = connection.settings_dict.setdefault("OPTIONS", {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _empty)
        patch.setitem(options, "assume_role", RUNTIME)
        with django_db_blocker.unblock():
            connection.close()
        yield
    # What follows, dropping the database, is the owner's work again.
    with django_db_blocker.unblock():
        connection.close()
        # While Playwright's event loop runs, Django keeps this thread's connection in another
        # place, and cannot close it from here once the loop has ended.
        with connection.cursor() as cursor:
            # Clients only: an autovacuum worker is not ours to end, and goes by itself.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
        connection.close()


def _empty(self: DatabaseOperations, _style: Any, tables: Iterable[str], **_how: bool) -> list[str]:
    """Emptying the tables after a transactional test passes over every guard, as the superuser.

    Not TRUNCATE, which makes every table's files anew: most of a second for a handful of rows. The
    names of models stay: migrations wrote them, and processes remember their keys.
    """
    gone = set(tables) - {"django_content_type", "auth_permission"}
    rows = "".join(f"DELETE FROM {self.quote_name(table)};" for table in sorted(gone))
    asked = {**connection.get_connection_params(), "user": SUPERUSER}
    with closing(connection.get_new_connection(asked)) as direct, direct, direct.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = replica; {rows}")
    return []  # nothing is left to be run


@pytest.fixture(scope="session", autouse=True)
def _whole_pages_are_noted(django_test_environment: None) -> Iterator[None]:
    """What a test asks of `response.context` is the page's; Django would also keep, and copy, that
    of each of the hundred parts that a page includes: a tenth of the time of the pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _noted)
        yield


def _noted(self: Template, context: Context) -> str:
    if context.template is self:
        template_rendered.send(sender=self, template=self, context=context)
    return str(self.nodelist.render(context))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Services speak the sources' language here; pages choose their own."""
    with translation.override("en"):
        yield
