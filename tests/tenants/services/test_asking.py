"""Companies that left are asked once a year, by a link that runs out."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine

from accounts.choices import Role
from core.errors import DomainError, NotAllowed
from core.models import Message
from sites.models import Site
from tenants.choices import Closing
from tenants.following import Departure, asks, due_on, years_away
from tenants.models import Contact, FollowUp
from tenants.services import note_presence
from tenants.services.asking import ask_yearly, followed, remind, send_anew, send_link
from tenants.services.declarations import Said, answer
from tenants.services.departures import note_departures, note_stays
from tests.factories import scene

LEFT = dt.date(2024, 2, 28)


def at(day: dt.date) -> time_machine.travel:
    return time_machine.travel(dt.datetime.combine(day, dt.time(9), dt.UTC), tick=False)


@pytest.fixture
def site(db: None) -> Iterator[Site]:
    with at(LEFT):
        yield scene.site("CAS")


def gone(site: Site, *, email: str = "gerance@argan.example", language: str = "en") -> FollowUp:
    company = scene.company(email=email)
    company.language = language
    company.save()
    note_presence(company=company, site=site, acting_user=None)
    note_departures(left={company.pk: Departure(site.pk, LEFT)}, acting_user=None)
    return FollowUp.objects.get(company=company)


def sent() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("id").values_list("to", "subject", "language"))


def token_of(message: Message) -> str:
    found = re.search(r"/declare/([^/]+)/\?lang=", message.body)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("left_on", "months", "due"),
    [
        (dt.date(2026, 8, 30), 18, dt.date(2028, 2, 29)),
        (dt.date(2026, 8, 30), 24, dt.date(2028, 8, 31)),
        (dt.date(2024, 2, 28), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 28), 48, dt.date(2028, 2, 29)),
        (dt.date(2024, 12, 31), 24, dt.date(2027, 1, 1)),
    ],
)
def test_days_are_counted_from_the_first_day_away_and_clipped(
    left_on: dt.date, months: int, due: dt.date
) -> None:
    assert due_on(left_on, months) == due
    assert years_away(left_on, due) == months // 12
    assert years_away(left_on, due - dt.timedelta(days=1)) == (months - 1) // 12


def test_one_letter_in_each_of_five_years_and_none_for_years_that_were_missed() -> None:
    asked_on, letters = None, []
    for month in range(120):
        day = due_on(LEFT, month)
        if month in range(25, 48):
            continue  # the house is down for two years
        if asks(LEFT, day, asked_on=asked_on, declared_on=None):
            asked_on = day
            letters.append(month)
    assert letters == [12, 24, 48, 60]
    assert not asks(LEFT, due_on(LEFT, 30), asked_on=None, declared_on=due_on(LEFT, 24))
    assert asks(LEFT, due_on(LEFT, 30), asked_on=None, declared_on=due_on(LEFT, 23))
    assert not asks(LEFT, due_on(LEFT, 72), asked_on=None, declared_on=None)


def test_the_yearly_letter_in_the_companys_language_its_reminder_and_who_cannot_be_asked(
    site: Site,
) -> None:
    arabic, silent = gone(site, language="ar"), gone(site, email="")
    Contact.objects.create(company=silent.company, name="K.", email="K@Atlas.example")
    unreachable = gone(site, email="")
    with at(dt.date(2025, 2, 27)):
        assert (ask_yearly(), remind()) == (0, 0)
    with at(dt.date(2025, 2, 28)):
        assert (ask_yearly(), ask_yearly()) == (2, 0)
    assert [(to, language) for to, _subject, language in sent()] == [
        ("gerance@argan.example", "ar"),
        ("k@atlas.example", "fr" if silent.company.language == "fr" else "en"),
    ]
    with at(dt.date(2025, 3, 20)):
        answer(follow_up=arabic, said=Said(dt.date(2025, 3, 20), "trading"))
        assert remind() == 0
    with at(dt.date(2025, 3, 28)):
        assert (remind(), remind()) == (1, 0)
    assert sent()[2][:2] == (
        "k@atlas.example",
        f"Reminder: what has become of {silent.company.name}?",
    )
    unreachable.refresh_from_db()
    assert unreachable.asked_at is None
    Contact.objects.create(company=unreachable.company, name="L.", email="l@rif.example")
    with at(dt.date(2027, 6, 1)):  # two years of downtime: one letter each
        assert (ask_yearly(), remind()) == (3, 0)
    assert len(sent()) == 6
    note_stays(companies=[arabic.company_id], closing=Closing.CAME_BACK, acting_user=None)
    with at(dt.date(2028, 3, 1)):
        assert ask_yearly() == 2


def test_a_link_runs_out_is_asked_for_anew_and_cannot_be_made_up(site: Site) -> None:
    follow_up = gone(site)
    manager = scene.staff(Role.SITE_MANAGER, site)
    assert send_link(follow_up=follow_up, acting_user=manager) == ["gerance@argan.example"]
    token = token_of(Message.objects.get())
    assert followed(token) == follow_up
    assert _refused(followed, token[:-1] + ("A" if token[-1] != "A" else "B")) == "link_forged"
    assert _refused(followed, "x") == "link_forged"
    with at(LEFT + dt.timedelta(days=61)):
        assert _refused(followed, token) == "link_expired"
        send_anew(token=token)
        send_anew(token=token)  # the pause
        first, second = Message.objects.order_by("id")
        assert (first.state, second.state) == ("superseded", "to_send")
        assert followed(token_of(second)) == follow_up
    follow_up.company.email = "autre@argan.example"
    follow_up.company.save()
    assert _refused(followed, token) == "link_gone", "the old mailbox opens nothing"
    note_stays(companies=[follow_up.company_id], closing=Closing.CAME_BACK, acting_user=None)
    assert _refused(followed, token) == "link_gone"


def test_who_may_send_a_link_and_to_whom(site: Site) -> None:
    follow_up, nobody = gone(site), gone(site, email="")
    manager = scene.staff(Role.SITE_MANAGER, site)
    with pytest.raises(NotAllowed):
        send_link(follow_up=follow_up, acting_user=scene.staff(Role.AUDITOR))
    assert _refused(_send, nobody, manager) == "no_address"
    assert _refused(_send, follow_up, manager) == ""
    assert _refused(_send, follow_up, manager) == "asked_just_now"
    note_stays(companies=[follow_up.company_id], closing=Closing.CAME_BACK, acting_user=None)
    assert _refused(_send, follow_up, manager) == "follow_up_over"


def _send(follow_up: FollowUp, user: object) -> None:
    send_link(follow_up=follow_up, acting_user=user)  # type: ignore[arg-type]


def _refused(act: object, *given: object) -> str:
    try:
        act(*given)  # type: ignore[operator]
    except DomainError as refusal:
        return refusal.code
    return ""
