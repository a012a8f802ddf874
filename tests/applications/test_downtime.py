"""The jobs slept for two months: everything that fell due meanwhile ends as it would have."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.utils import timezone

from accounts.choices import Role
from applications.models import Application, Offer, Place
from applications.services import decisions, offers
from applications.services.answers import accept_offer
from applications.tasks import expire, send_digests, tell_of_vacancies
from core import formats
from core.models import Message
from core.periods import today
from sites.models import Booking
from tests.factories import opinions, scene

pytestmark = pytest.mark.django_db

SLEPT = 60


def test_two_months_without_jobs_lose_nothing_and_raise_no_storm() -> None:
    site = scene.site("CAS")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    draft = scene.draft(site)
    asked, offered, first, second = (scene.application(site) for _number in range(4))
    scene.asked(asked, ["project"])  # until the tenth day
    space = scene.office(site)
    offer = scene.offer(offered, space)  # until the seventh
    for file, until in ((first, today() + dt.timedelta(days=30)), (second, None)):
        scene.decided(file, "waitlist", until=until)
        decisions.publish(application=file, acting_user=None)
    review = opinions.assigned(opinions.in_review(site), opinions.reviewer(site))

    woken = timezone.localtime().replace(hour=9) + dt.timedelta(days=SLEPT)
    said: dict[int, Counter[str]] = {}
    with time_machine.travel(woken, tick=False):
        # Before any job has run: the hold has run out, and the space is somebody else's.
        other = scene.decided(scene.application(site))
        offers.make_offer(
            application=other,
            space=space,
            tenant_kind="startup",
            start=today(),
            last_day=None,
            open_until=today() + dt.timedelta(days=20),
            acting_user=officer,
        )
    known = Message.objects.latest("id").pk
    for day in range(10):
        with time_machine.travel(woken + dt.timedelta(days=day), tick=False):
            for _run in range(2):
                expire()
                tell_of_vacancies()
                send_digests()
        news = list(Message.objects.filter(pk__gt=known).order_by("id"))
        said[day] = Counter(_kind(letter) for letter in news)
        assert max(Counter(letter.to for letter in news).values(), default=1) == 1
        known = max([known, *(letter.pk for letter in news)])

    assert [dict(each) for each in said.values()] == [
        {"draft": 1, "request": 1, "decision": 2, "review": 1, "digest": 1},
        {"request": 1, "digest": 1},
        {"digest": 1},
        {"digest": 1},
        {"request": 1},
        *([{}] * 5),
    ]
    states = {file.pk: file.state for file in Application.objects.all()}
    assert [states[file.pk] for file in (draft, asked, offered, first, second, other)] == [
        *("expired", "lapsed", "lapsed", "lapsed", "waitlisted", "offered"),
    ]
    offer.refresh_from_db()
    assert (offer.state, offer.booking) == ("expired", None)
    review.refresh_from_db()
    assert review.state == "assigned"
    assert list(Place.objects.standing().values_list("rank", "application")) == [(1, second.pk)]
    assert Booking.objects.get().pk == Offer.objects.get(application=other).booking_id
    with time_machine.travel(woken + dt.timedelta(days=10), tick=False):
        accept_offer(offer=Offer.objects.get(application=other), acting_user=None)


def test_a_late_reminder_names_a_day_that_is_still_to_come() -> None:
    file = scene.application(scene.site("CAS"))
    scene.asked(file, ["project"])
    began = timezone.now()
    named = []
    for day in (30, 31, 33, 34):
        with time_machine.travel(began + dt.timedelta(days=day), tick=False):
            expire()
            last_day = today() + dt.timedelta(days=3 if day == 30 else 2)
            letter = Message.objects.latest("id")
            named.append(formats.day(last_day, "fr") in letter.body)
        file.refresh_from_db()
    assert (named, file.state) == ([True, True, False, False], "lapsed")


def _kind(letter: Message) -> str:
    """What a letter is about: the last word of an application's matter, the first of others."""
    words = letter.matter.split(":")
    return words[2] if words[0] == "application" else words[0]
