"""The committee is called together by letter, and hears of what changes; no file is named."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.errors import SessionClosed
from applications.models import Member, Session
from applications.services import agendas, committee
from applications.services.convening import convene
from core import messages
from core.errors import NotAllowed
from core.models import Message
from core.periods import CASABLANCA
from sites.models import Site
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db

HELD_AT = dt.datetime(2030, 12, 2, 10, tzinfo=CASABLANCA)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def planned(site: Site) -> Session:
    """Chair, member and substitute read French, Arabic and English; two files are to be decided."""
    people = [opinions.reviewer(site) for _language in range(3)]
    for person, language in zip(people, ("fr", "ar", "en"), strict=True):
        User.objects.filter(pk=person.pk).update(language=language)
    chair, member, spare = User.objects.filter(pk__in=[one.pk for one in people]).order_by("pk")
    session = committee.plan_session(
        site=site, held_at=HELD_AT, chair=chair, quorum=1, place="Salle A", acting_user=None
    )
    committee.add_member(session=session, user=member, substitute=False, acting_user=None)
    committee.add_member(session=session, user=spare, substitute=True, acting_user=None)
    files = [scene.for_committee(scene.application(site, name=f"Projet {nr}")) for nr in (1, 2)]
    agendas.put_on_agenda(session=session, applications=files, acting_user=None)
    return session


def change(session: Session, **given: Any) -> None:
    kept = {"held_at": session.held_at, "place": session.place, "quorum": session.quorum}
    committee.change_session(
        session=session, chair=session.chair, acting_user=None, **{**kept, **given}
    )
    session.refresh_from_db()


def letters(session_id: int) -> list[tuple[str, str, str]]:
    rows = Message.objects.filter(matter=f"session:{session_id}").order_by("id")
    return [(row.language, row.state, row.subject) for row in rows]


def test_each_member_is_convened_once_in_their_language_with_a_calendar_entry(site: Site) -> None:
    session = planned(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    with pytest.raises(NotAllowed):
        convene(session=session, acting_user=session.chair)
    assert [len(convene(session=session, acting_user=officer)) for _click in range(2)] == [3, 0]
    assert [language for language, *_rest in letters(session.pk)] == ["fr", "ar", "en"]
    written = Message.objects.get(language="en")
    assert written.subject == f"Committee of {site.name}: session of 2 December 2030"
    for fact in ("2 December 2030 at 10:00", "Salle A", f"/staff/sittings/{session.pk}/",
                 "You are a substitute", "conflict of interest"):  # fmt: skip
        assert fact in written.body, fact
    messages.send_due()
    told = [sent.attachments for sent in mail.outbox if sent.attachments]
    assert len(told) == 3
    for (attached,) in told:
        assert (attached.filename, attached.mimetype) == ("calendar.ics", "text/calendar")
        assert f"DTSTART:{HELD_AT.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}\r\n" in str(attached.content)
    summonses = Message.objects.filter(matter=f"session:{session.pk}")
    everything = "".join(f"{row.subject}{row.body}{row.calendar}" for row in summonses)
    for item in session.agenda.select_related("application"):
        assert item.application.reference not in everything
        assert item.application.name not in everything


def test_whoever_was_convened_hears_of_what_changes(site: Site) -> None:
    session = planned(site)
    change(session, place="Salle B")
    assert letters(session.pk) == []  # nobody has been convened yet
    convene(session=session, acting_user=None)
    late = opinions.reviewer(site)
    committee.add_member(session=session, user=late, substitute=False, acting_user=None)
    change(session, quorum=2)
    assert len(letters(session.pk)) == 3
    change(session, held_at=HELD_AT + dt.timedelta(days=1))
    # Whoever's letter had not left reads only the newer one; who was never convened reads nothing.
    states = [state for _language, state, _subject in letters(session.pk)]
    assert states == ["superseded"] * 3 + ["to_send"] * 3
    newest = Message.objects.filter(to=session.chair.email).latest("id")
    assert "3 décembre 2030" in newest.body
    assert "SEQUENCE:1\r\n" in newest.calendar
    assert [member.user for member in convene(session=session, acting_user=None)] == [late]
    messages.send_due()
    gone = session.members.get(user__language="en")
    committee.remove_member(member=gone, acting_user=None)
    pk = session.pk
    committee.drop_session(session=session, acting_user=None)
    *_before, left, _chair, arabic, _late = letters(pk)
    subject = f"You do not sit any more: committee of {site.name}, session of 3 December 2030"
    assert left == ("en", "to_send", subject)
    assert arabic[:2] == ("ar", "to_send")
    assert len(letters(pk)) == 11
    cancelled = Message.objects.filter(matter=f"session:{pk}", to=late.email).latest("id")
    assert {"METHOD:CANCEL", "SEQUENCE:1"} < set(cancelled.calendar.split("\r\n"))


def test_a_session_that_sits_convenes_nobody(site: Site) -> None:
    session = opinions.sitting(site, [])
    with pytest.raises(SessionClosed):
        convene(session=session, acting_user=None)
    committee.remove_member(member=session.members.get(substitute=True), acting_user=None)
    assert not Message.objects.exists()


def test_the_page_shows_who_is_written_to_before_anybody_is(site: Site) -> None:
    session = planned(site)
    committee.add_member(
        session=session, user=scene.staff(Role.FINANCE_OFFICER, site), substitute=True,
        acting_user=None,
    )  # fmt: skip
    gone = User.objects.get(memberships__role=Role.FINANCE_OFFICER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    address = f"/staff/sittings/{session.pk}/?lang=en"
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    shown = secretary.get(address).context["to_convene"]
    assert [(seat.user.get_language_display(), seat.substitute) for seat in shown] == [
        ("French", False), ("Arabic", False), ("English", True),
    ]  # fmt: skip
    assert "Convene the members (3)" in secretary.get(address).content.decode()
    assert "Convene the members" not in doors.signed_in(session.chair).get(address).content.decode()
    told = secretary.post(address, {"act": "convene"}, follow=True).content.decode()
    assert "3 people are written to." in told
    assert "Convene the members" not in told
    assert Member.objects.filter(convened_at__lte=timezone.now()).count() == 3
