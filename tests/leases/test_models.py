"""What the database itself refuses about lettings, whatever SQL is sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.periods import Period, add_months
from leases.models import Letting, RentStep
from sites.models import Booking
from tests.factories import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def letting() -> Letting:
    """Let from today for three years; 50 for eighteen months, then 100."""
    return scene.hosted(scene.site("CAS")).lettings.get()


def _refused_by(write: Any) -> str:
    """The constraint that refuses it at once or at the end of the transaction."""

    def written() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            write()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError) as refused:
        written()
    cause: Any = refused.value.__cause__
    return str(cause.diag.constraint_name)


def test_rent_steps_leave_no_day_out_and_none_is_there_twice(letting: Letting) -> None:
    first, second = letting.steps.order_by("period")
    months = add_months(letting.period.start, 12)
    step = RentStep.objects.filter(pk=first.pk)
    assert first.period.end == second.period.start

    def of(period: Period) -> RentStep:
        return RentStep(letting=letting, period=period, unit=first.unit, rate=first.rate)

    gap = Period(first.period.start, months)
    end = letting.period.end
    assert end is not None
    beyond = Period(end, end + timedelta(days=30))
    assert {
        "missing": _refused_by(step.delete),
        "gap": _refused_by(lambda: step.update(period=gap)),
        "overlap": _refused_by(lambda: of(gap).save()),
        "beyond": _refused_by(lambda: of(beyond).save()),
    } == {
        "missing": "leases_letting_covered_by_steps",
        "gap": "leases_letting_covered_by_steps",
        "overlap": "leases_rentstep_no_overlap",
        "beyond": "leases_rentstep_inside_letting",
    }


def test_a_letting_stays_on_its_booking(letting: Letting) -> None:
    lettings = Letting.objects.filter(pk=letting.pk)
    booking = Booking.objects.filter(letting=letting)
    end = letting.period.end
    assert end is not None
    longer = Period(letting.period.start, end + timedelta(days=1))
    other = scene.office(scene.site("RAB"))
    names = {
        _refused_by(lambda: booking.update(period=longer)),
        _refused_by(lambda: lettings.update(space=other)),
        _refused_by(booking.delete),
    }
    assert names == {"leases_letting_is_its_booking"}
