"""Rows that all tests of a module look at: made once, undone after the last."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def for_all_tests(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module, which asks for `django_db_setup` too. What a test changes is
    undone after that test, as always; none of the module may be transactional."""
    with blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield
        transaction.set_rollback(True)
