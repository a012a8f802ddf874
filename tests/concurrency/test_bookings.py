"""Two hundred clients want one office: one gets it, the others are told who has it."""

import threading

import pytest
from django.utils import translation

from core.periods import Period, today
from sites.choices import BookingKind
from sites.errors import SpaceTaken
from sites.models import Booking, Space
from sites.services.bookings import book
from tests.concurrency.crowd import at_once, look_then_take, unguarded_bookings
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)


def _hold(space: Space) -> str:
    translation.activate("en")  # a thread has a language of its own
    try:
        book(
            space=space,
            period=Period(today()),
            kind=BookingKind.HOLD,
            label="TNG-2026-0007",
            acting_user=None,
        )
    except SpaceTaken as refusal:
        return refusal.message
    return "held"


def test_one_of_200_gets_the_space_and_199_a_readable_refusal() -> None:
    space = scene.office(scene.site(), code="B101")
    outcomes = at_once(200, lambda _number: _hold(space))
    refusals = [outcome for outcome in outcomes if outcome != "held"]
    assert len(refusals) == 199
    assert Booking.objects.count() == 1
    day = today().strftime("%d/%m/%Y")
    assert set(refusals) == {f"B101 is not free from {day}: hold {day} – …."}


def test_control_without_lock_and_constraint_the_attempts_collide() -> None:
    """Check-then-insert on an unguarded copy of the table lets everybody in."""
    space = scene.office(scene.site())
    period = Period(today())
    all_have_looked = threading.Barrier(20, timeout=60)
    with unguarded_bookings():
        taken = at_once(20, lambda _number: look_then_take(space, period, all_have_looked))
    assert taken == [True] * 20
