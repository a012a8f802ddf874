"""The waiting list: ranks without gaps or doubles, moves with a reason, spaces that free up."""

import datetime as dt
import random
import threading
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from applications.errors import BadRank, NotWaiting, ReasonNeeded
from applications.models import Application, Declaration, Place, PlaceMove
from applications.selectors.letters import messages_open_to
from applications.services import decisions, screening, waiting
from applications.services.answers import decline_offer, withdraw
from applications.services.conflicts import declare
from applications.services.expiry import expire_places
from applications.services.vacancies import tell_of_vacancies
from applications.workflow import TRANSITIONS, Effect, State
from core.errors import NotAllowed, Stale
from core.messages import queue
from core.models import Message
from core.periods import Period, today
from sites.choices import BookingKind
from sites.models import Membership, Site, Space
from sites.services.bookings import book
from tests.concurrency.crowd import at_once
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def waits(site: Site, **given: Any) -> Place:
    """A file with a published place on the site's list."""
    until = given.pop("until", None)
    file = scene.decided(scene.application(site, **given), "waitlist", until=until)
    decisions.publish(application=file, acting_user=None)
    return Place.objects.get(application=file)


def order(site: Site) -> list[tuple[int | None, int]]:
    """(rank, place) in the list's order."""
    standing = Place.objects.standing().filter(site=site).order_by("rank")
    return list(standing.values_list("rank", "pk"))


def moves(place: Place) -> list[tuple[int | None, int | None, str]]:
    return list(place.moves.order_by("id").values_list("source", "target", "reason"))


def test_the_table_puts_on_and_takes_off_the_list() -> None:
    """Whatever leads to the list enters, whatever leads away from it leaves."""
    waitlisted = State.WAITLISTED
    assert {step for step, row in TRANSITIONS.items() if Effect.ENTER_LIST in row.effects} == {
        step for step, row in TRANSITIONS.items() if row.target == waitlisted
    }
    assert {step for step, row in TRANSITIONS.items() if Effect.LEAVE_LIST in row.effects} == {
        step for step, row in TRANSITIONS.items() if waitlisted in row.sources
    }


def test_the_list_counts_places_and_a_file_says_its_rank(site: Site) -> None:
    first, second = waits(site), waits(site)
    client = doors.staff_client(Role.DIRECTOR)
    listed = client.get("/staff/applications/place/?lang=en&o=-1")
    assert [place.pk for place in listed.context["cl"].result_list] == [first.pk, second.pk]
    assert "2 places on the waiting list" in " ".join(listed.content.decode().split())
    page = client.get(f"/staff/applications/application/{second.application_id}/change/?lang=en")
    link = f'href="/staff/applications/place/{second.pk}/change/">rank 2</a>'
    assert link in page.content.decode()


def test_whoever_leaves_closes_the_ranks(site: Site) -> None:
    elsewhere = waits(scene.site("RAB"))
    offered, withdrawn, revoked, lapsed, stays = (
        waits(site, until=today() if number == 3 else None) for number in range(5)
    )
    assert order(site) == [
        (1, offered.pk), (2, withdrawn.pk), (3, revoked.pk), (4, lapsed.pk), (5, stays.pk),
    ]  # fmt: skip
    offer = scene.offer(offered.application, scene.office(site), tenant_kind="sme")
    withdraw(application=withdrawn.application, reason="Ailleurs.", acting_user=None)
    decisions.revoke_decision(application=revoked.application, reason="new", acting_user=None)
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert expire_places() == 1
    assert order(site) == [(1, stays.pk)]
    assert moves(stays) == [(None, 5, "")]
    assert moves(withdrawn) == [(None, 2, ""), (1, None, "Ailleurs.")]
    assert (elsewhere.rank, elsewhere.left_at) == (1, None)
    # Back on the list, last, as what was offered before.
    decline_offer(offer=offer, reason="small", acting_user=None)
    screening.reopen(application=offered.application, reason="again", acting_user=None)
    screening.prepare_for_committee(application=offered.application, acting_user=None)
    decisions.decide(application=offered.application, outcome="waitlist", acting_user=None)
    decisions.publish(application=offered.application, acting_user=None)
    back = offered.application.places.get(left_at=None)
    assert (back.rank, back.tenant_kind, offered.application.places.count()) == (2, "sme", 2)


def test_a_move_wants_a_reason_and_makes_room(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    a, b, c, d = (waits(site) for _number in range(4))
    waiting.move(place=d, rank=2, reason=" Prioritaire. ", seen=4, acting_user=officer)
    assert [pk for _rank, pk in order(site)] == [a.pk, d.pk, b.pk, c.pk]
    waiting.move(place=a, rank=3, reason="Attend.", acting_user=officer)
    waiting.move(place=a, rank=3, reason="Attend.", acting_user=officer)
    assert order(site) == [(1, d.pk), (2, b.pk), (3, a.pk), (4, c.pk)]
    assert moves(d) == [(None, 4, ""), (4, 2, "Prioritaire.")]
    assert len(moves(a)) == 2
    withdraw(application=c.application, reason="x", acting_user=None)
    given: dict[str, Any] = {"reason": "x", "acting_user": officer}
    for rank in (0, 4):
        with pytest.raises(BadRank):
            waiting.move(place=a, rank=rank, **given)
    with pytest.raises(ReasonNeeded):
        waiting.move(place=a, rank=1, reason=" ", acting_user=officer)
    with pytest.raises(Stale):
        waiting.move(place=a, rank=1, seen=1, **given)
    with pytest.raises(NotWaiting):
        waiting.move(place=c, rank=1, **given)
    for user in (scene.staff(Role.AUDITOR), scene.staff(Role.DIRECTOR, scene.site("RAB"))):
        with pytest.raises(NotAllowed):
            waiting.move(place=a, rank=1, reason="x", acting_user=user)
        with pytest.raises(NotAllowed):
            waiting.change_kind(place=a, tenant_kind="sme", acting_user=user)


def test_the_constraint_has_the_last_word(site: Site) -> None:
    first, _second = waits(site), waits(site)
    Place.objects.filter(pk=first.pk).update(rank=2)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Place.objects.filter(pk=first.pk).update(rank=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=first.pk).update(rank=None)


@pytest.mark.django_db(transaction=True)
def test_moves_entries_and_leavings_at_once_keep_the_ranks_whole() -> None:
    site = scene.site("CAS")
    places = [waits(site) for _number in range(4)]
    newcomers = [scene.decided(scene.application(site), "waitlist") for _number in range(2)]

    def act(number: int) -> None:
        if number < 2:
            decisions.publish(application=newcomers[number], acting_user=None)
        elif number == 2:
            withdraw(application=places[0].application, reason="x", acting_user=None)
        else:
            place = places[1 + number % 3]
            waiting.move(
                place=place, rank=random.Random(number).randint(1, 3), reason="x", acting_user=None
            )

    at_once(8, act)
    assert [rank for rank, _pk in order(site)] == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_newcomers_want_one_rank() -> None:
    site = scene.site("CAS")
    files = [scene.application(site) for _number in range(2)]
    both_have_looked = threading.Barrier(2, timeout=60)

    def enter(number: int) -> str:
        try:
            with transaction.atomic():
                last = Place.objects.filter(site=site).count()
                both_have_looked.wait()
                Place.objects.create(
                    application=files[number],
                    site=site,
                    rank=last + 1,
                    entered_at=files[number].state_since,
                )
        except IntegrityError:
            return "refused"
        return "entered"

    assert sorted(at_once(2, enter)) == ["entered", "refused"]


def let_until(space: Space, last_day: dt.date) -> None:
    book(
        space=space,
        period=Period.through(today() - dt.timedelta(days=400), last_day),
        kind=BookingKind.LETTING,
        label="let",
        acting_user=None,
    )


def test_staff_see_the_list_move_and_are_proposed_whom_a_space_suits(site: Site) -> None:
    first, second = waits(site, name="Premier", wanted_m2=50), waits(site, name="Second")
    hidden = waits(scene.site("RAB"))
    frees = scene.office(site, code="FREES")
    let_until(frees, today() + dt.timedelta(days=20))
    let_until(scene.office(site, code="LATER"), today() + dt.timedelta(days=200))
    scene.office(site, code="HUGE", area_m2="300")
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    page = officer.get("/staff/applications/place/?lang=en")
    text = page.content.decode()
    assert [place.pk for place in page.context["cl"].result_list] == [first.pk, second.pk]
    assert str(hidden.application.reference) not in text
    ((found, may_offer),) = page.context["freeing"]
    assert may_offer
    assert (found.space, found.frees_on) == (frees, today() + dt.timedelta(days=21))
    assert [each.place for each in found.fitting] == [second]
    assert [(each.place, list(each.match.misfits)) for each in found.others] == [
        (first, ["too_small"])
    ]
    start = (today() + dt.timedelta(days=21)).isoformat()
    offer = f"/staff/applications/application/{second.application_id}/offer/?tenant_kind=startup"
    assert f"{offer}&amp;start={start}" in text
    assert f"/staff/applications/place/{second.pk}/move/?rank=1" in text
    assert 'data-label="rank"' in text  # of the first cell, on a phone
    assert "Select record" not in text
    own = f"/staff/applications/place/{second.pk}"
    assert officer.get(f"{own}/move/?rank=1").context["form"].initial == {"rank": 1, "seen": 2}
    given = {"rank": 1, "seen": 2, "reason": "Prioritaire."}
    assert officer.post(f"{own}/move/", given).status_code == 302
    again = officer.post(f"{own}/move/?lang=en", given)
    assert "changed since" in again.content.decode()
    assert officer.post(f"{own}/kind/", {"tenant_kind": "coworking"}).status_code == 302
    second.refresh_from_db()
    assert (second.rank, second.tenant_kind) == (1, "coworking")


def test_only_who_may_decide_at_a_site_is_offered_to_move_and_to_offer_there(site: Site) -> None:
    """Somebody may read the list of one site and decide at another."""
    elsewhere = scene.site("RAB")
    here, there = waits(site), waits(elsewhere)
    for where in (site, elsewhere):
        scene.office(where)
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    Membership.objects.create(user=person, role=Role.AUDITOR, site=elsewhere)

    def offered(client: Client) -> list[bool]:
        page = client.get("/staff/applications/place/?lang=en").content.decode()
        assert here.application.reference in page
        assert there.application.reference in page
        return [
            address in page
            for place in (here, there)
            for address in (
                f"/staff/applications/place/{place.pk}/move/",
                f"/staff/applications/application/{place.application_id}/offer/",
            )
        ]

    assert offered(doors.signed_in(person)) == [True, True, False, False]
    assert offered(doors.staff_client(Role.AUDITOR)) == [False] * 4


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_costs_the_same_however_long(
    site: Site, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        waits(site)
        scene.office(site)
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    officer.get("/staff/applications/place/")
    with django_assert_num_queries(8):
        page = officer.get("/staff/applications/place/")
    assert len(page.context["freeing"]) == count


def test_officers_are_told_once_of_a_space_and_never_of_a_file_in_conflict(site: Site) -> None:
    place = waits(site, name="Projet Argan")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    torn = scene.staff(Role.SITE_MANAGER, site)
    scene.staff(Role.REVIEWER, site)
    Declaration.objects.create(
        application=place.application, user=torn, conflicted=True, declared_at=place.entered_at
    )
    space = scene.office(site, code="FREES")
    let_until(space, today() + dt.timedelta(days=20))
    assert [tell_of_vacancies(), tell_of_vacancies()] == [1, 0]
    letter = Message.objects.get(matter__startswith="space:")
    assert (letter.to, letter.site_code) == (officer.email, "CAS")
    assert place.application.reference in letter.body
    assert "Projet Argan" not in letter.body  # what leaves by mail is not anonymised later
    # A tenant holding over: the booking goes on a day, which is no news.
    space.bookings.update(period=Period.through(today(), today() + dt.timedelta(days=21)))
    assert tell_of_vacancies() == 0
    scene.office(site)
    assert tell_of_vacancies() == 1
    assert Application.objects.filter(places__rank=F("places__rank")).count() == 1
    assert PlaceMove.objects.count() == 1


def test_a_conflict_reaches_the_notices_that_name_the_file_among_others(site: Site) -> None:
    """In the outbox that colleagues read, and in what has not left to the person."""
    torn, shown = waits(site), waits(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    colleague = scene.staff(Role.ADMISSIONS_OFFICER, site)
    director = scene.staff(Role.DIRECTOR)
    let_until(scene.office(site), today() + dt.timedelta(days=20))
    assert tell_of_vacancies() == 2
    declare(application=torn.application, conflicted=True, acting_user=officer)
    notices = Message.objects.filter(matter__startswith="space:")
    assert dict(notices.values_list("to", "state")) == {
        officer.email: "superseded",
        colleague.email: "to_send",
    }
    reads = {who: messages_open_to(who) & notices for who in (officer, colleague, director)}
    assert [rows.count() for rows in reads.values()] == [0, 2, 2]
    # What suits besides is told without it, once.
    assert [tell_of_vacancies(), tell_of_vacancies()] == [1, 0]
    anew = notices.get(to=officer.email, state="to_send")
    assert torn.application.reference not in anew.body
    assert shown.application.reference in anew.body
    assert list(reads[officer].all()) == [anew]
    digest = queue(
        to=colleague.email, subject="x", body=f"· {torn.application.reference} ·", language="fr",
        matter=f"digest:{colleague.pk}",
    )  # fmt: skip
    declare(application=torn.application, conflicted=True, acting_user=director)
    assert digest not in messages_open_to(director)
    assert anew in messages_open_to(director)


def test_places_that_were_left_are_not_looked_at_every_night(
    site: Site, django_assert_num_queries: Any
) -> None:
    waits(site, until=today())
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert expire_places() == 1
        with django_assert_num_queries(1):
            assert expire_places() == 0


def test_only_whoever_may_offer_at_this_very_site_is_told(site: Site) -> None:
    waits(site)
    scene.office(site)
    auditor = scene.staff(Role.AUDITOR, site)
    Membership.objects.create(user=auditor, role=Role.ADMISSIONS_OFFICER, site=scene.site("RAB"))
    assert tell_of_vacancies() == 0
