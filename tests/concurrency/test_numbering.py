"""Numbers have no gap and no double, however many take them and however often they roll back."""

import pytest
from django.db import connection, transaction

from core import numbering
from core.models import Counter
from tests.concurrency.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class _RolledBack(Exception):
    pass


def _take_many(number: int) -> list[int]:
    """25 transactions, every third of which rolls back after it took its numbers."""
    kept: list[int] = []
    for turn in range(25):
        count = 1 + (number + turn) % 3
        try:
            with transaction.atomic():
                first = numbering.take(scope="L", series="invoice", year=2026, count=count)
                if (number + turn) % 3 == 0:
                    raise _RolledBack
        except _RolledBack:
            continue
        kept.extend(range(first, first + count))
    return kept


def test_no_gap_and_no_double_under_8_threads_and_rollbacks() -> None:
    taken = sorted(number for kept in at_once(8, _take_many) for number in kept)
    assert taken == list(range(1, len(taken) + 1))
    assert Counter.objects.get().last == len(taken)
    assert len(taken) > 200


def test_control_a_sequence_leaves_gaps() -> None:
    """What PostgreSQL offers by itself does not give numbers back: the counter row is needed."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE SEQUENCE gappy")
        cursor.execute("GRANT ALL ON SEQUENCE gappy TO technopark_runtime")

    def take(number: int) -> int | None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT nextval('gappy')")
                value = int(cursor.fetchone()[0])
                if number % 2:
                    raise _RolledBack
        except _RolledBack:
            return None
        return value

    try:
        taken = [value for value in at_once(8, take) if value is not None]
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value FROM gappy")
            (spent,) = cursor.fetchone()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP SEQUENCE gappy")
        connection.close()
    # Eight numbers were spent on four takers.
    assert len(taken) == 4
    assert spent == 8


def test_numbers_are_taken_inside_a_transaction_only() -> None:
    with pytest.raises(RuntimeError):
        numbering.take(scope="L", series="invoice", year=2026)


def test_a_series_starts_at_a_given_number_once() -> None:
    numbering.start_at(scope="L", series="invoice", year=2026, number=124)
    with transaction.atomic():
        assert numbering.take(scope="L", series="invoice", year=2026) == 124
    with pytest.raises(numbering.SeriesAlreadyStarted):
        numbering.start_at(scope="L", series="invoice", year=2026, number=1)
