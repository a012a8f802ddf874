"""A secretary drives the session on one page; members vote on theirs; nobody else comes in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.models import AgendaItem, Application, Decision, Review, Session, Vote
from applications.selectors.scores import aggregates
from applications.services import committee
from applications.services.conflicts import declare
from applications.services.screening import prepare_for_committee
from core.periods import today
from sites.models import Site
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def ready(site: Site, **given: Any) -> Any:
    return scene.for_committee(scene.application(site, **given))


def act(client: Client, session: Session, verb: str, **given: Any) -> int:
    address = f"/staff/sittings/{session.pk}/?lang=en"
    return client.post(address, {"act": verb, **given}).status_code


def test_a_session_from_its_plan_to_its_signed_minutes(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    chair, second = opinions.reviewer(site), opinions.reviewer(site)
    file = ready(site)
    secretary = doors.signed_in(officer)
    planned = secretary.post(
        "/staff/applications/session/add/?lang=en",
        {"site": site.pk, "held_at_0": "2026-12-01", "held_at_1": "10:00", "place": "Salle A",
         "chair": chair.pk, "quorum": "2"},
    )  # fmt: skip
    assert planned.status_code == 302
    session = Session.objects.get()
    assert [member.user for member in session.members.all()] == [chair]
    assert act(secretary, session, "add_member", user=second.pk) == 302
    assert act(secretary, session, "put_on_agenda", applications=[file.pk]) == 302
    assert act(secretary, session, "open") == 302
    seats = list(session.members.order_by("id"))
    assert act(secretary, session, "presence", present=[seat.pk for seat in seats]) == 302
    item = AgendaItem.objects.get()
    voter = doors.signed_in(second)
    ballot = {"item": item.pk, f"ballot_{seats[1].pk}": "admit"}
    assert act(voter, session, "vote", **ballot) == 302
    # A member votes for nobody else and settles nothing.
    act(voter, session, "vote", item=item.pk, **{f"ballot_{seats[0].pk}": "admit"})
    act(voter, session, "settle", item=item.pk, **{f"item{item.pk}-outcome": "admit"})
    assert list(Vote.objects.values_list("member", "ballot")) == [(seats[1].pk, "admit")]
    assert not Decision.objects.exists()
    act(secretary, session, "vote", item=item.pk, **{f"ballot_{seats[0].pk}": "refuse"})
    refused = secretary.post(
        f"/staff/sittings/{session.pk}/?lang=en",
        {"act": "settle", "item": item.pk, f"item{item.pk}-outcome": "admit"},
    )
    assert "The votes say otherwise" in refused.content.decode()
    settled = {
        f"item{item.pk}-outcome": "refuse",
        f"item{item.pk}-reasons": ["not_mature"],
    }
    assert act(secretary, session, "settle", item=item.pk, **settled) == 302
    assert Decision.objects.get().outcome == "refuse"
    act(secretary, session, "discuss", item=item.pk, words="Débat.")
    act(secretary, session, "remark", words="Fin.")
    assert act(secretary, session, "close") == 302
    act(secretary, session, "sign")
    session.refresh_from_db()
    assert session.state == "closed"  # the secretary is not the chair
    plan = f"/staff/applications/session/{session.pk}/change/?lang=en"
    assert "SHA-256" not in secretary.get(plan).content.decode()
    act(doors.signed_in(chair), session, "sign")
    session.refresh_from_db()
    assert (session.state, session.signed_by) == ("signed", chair)
    assert session.minutes_sha256 in secretary.get(plan).content.decode()
    address = f"/staff/sittings/{session.pk}"
    with session.minutes.open() as kept:
        assert voter.get(f"{address}/minutes/").content == kept.read()
    assert voter.get(f"{address}/papers/")["Content-Type"] == "application/pdf"


def test_a_session_is_seen_by_its_members_and_its_sites_staff_alone(site: Site) -> None:
    session = opinions.sitting(site, [ready(site)])
    address = f"/staff/sittings/{session.pk}/"
    pages = ("", "papers/", "minutes/", f"files/{session.agenda.get().pk}/")
    answers = {
        who: [client.get(f"{address}{page}").status_code for page in pages]
        for who, client in {
            "member": doors.signed_in(session.chair),
            "officer": doors.staff_client(Role.ADMISSIONS_OFFICER, site),
            "reviewer": doors.staff_client(Role.REVIEWER, site),
            "officer elsewhere": doors.staff_client(Role.ADMISSIONS_OFFICER, scene.site("RAB")),
        }.items()
    }
    assert answers == {
        "member": [200] * 4,
        "officer": [200] * 4,
        "reviewer": [403] * 4,
        "officer elsewhere": [404] * 4,
    }


def test_what_waits_for_reviewers_and_members_stands_on_their_first_page(site: Site) -> None:
    reviewer, finance = opinions.reviewer(site), scene.staff(Role.FINANCE_OFFICER, site)
    opinions.assigned(opinions.in_review(site), reviewer)
    file = ready(site)
    session = opinions.sitting(site, [file])
    item = session.agenda.get()
    first = doors.signed_in(reviewer).get("/staff/?lang=en").content.decode()
    assert "1</strong> review of yours" in first
    client = doors.signed_in(finance)
    assert "/staff/sittings/" not in client.get("/staff/?lang=en").content.decode()
    committee.add_member(session=session, user=finance, substitute=True, acting_user=None)
    second = client.get("/staff/?lang=en").content.decode()
    assert second.count("/staff/sittings/") == 2
    assert "committee session of yours" in second
    # Who only sits reads what there is to vote on, and nothing else.
    address = f"/staff/sittings/{session.pk}/files/{item.pk}/"
    assert client.get(address)["Content-Type"] == "application/pdf"
    assert list(Application.objects.visible_to(finance)) == [file]
    declare(application=file, conflicted=True, acting_user=finance)
    assert client.get(address).status_code == 404
    assert not Application.objects.visible_to(finance).exists()


def test_a_member_in_conflict_sees_nothing_of_the_item_and_cannot_touch_it(site: Site) -> None:
    hidden, shown = ready(site, name="Hidden Projet"), ready(site, name="Shown Projet")
    session = opinions.sitting(site, [hidden, shown])
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    secretary = doors.signed_in(officer)
    item = AgendaItem.objects.get(application=hidden)
    assert act(secretary, session, "declare", item=item.pk) == 302
    page = secretary.get(f"/staff/sittings/{session.pk}/?lang=en").content.decode()
    assert "Hidden Projet" not in page
    assert "Without 1 application, in which you have a conflict of interest." in page
    assert "Shown Projet" in page
    for verb in ("vote", "settle", "discuss", "take_off", "declare"):
        assert act(secretary, session, verb, item=item.pk) == 404, verb
    history = secretary.get(f"/staff/applications/session/{session.pk}/history/?lang=en")
    assert "Hidden Projet" not in history.content.decode()


def test_a_row_that_no_page_offers_is_not_found(site: Site) -> None:
    file = ready(site)
    session = opinions.sitting(site, [file])
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    for row in ("", "x", "²", "-1", "9" * 30):
        assert act(secretary, session, "take_off", item=row) == 404, row
        assert act(secretary, session, "remove_member", member=row) == 404, row
        assert act(secretary, session, "add_member", user=row) == 404, row
        assert act(secretary, session, "put_on_agenda", applications=[row]) == 302, row
    reviewers = f"/staff/applications/application/{file.pk}/reviewers/"
    for given in ({"act": "withdraw", "row": "²"}, {"act": "unheard of", "row": "1"}):
        assert secretary.post(reviewers, {"reason": "x", **given}).status_code == 404, given


def test_a_member_reads_the_file_until_the_session_is_closed_and_not_before_they_review(
    site: Site,
) -> None:
    file = opinions.in_review(site, opinions.rubric(site))
    opinions.reviewed(file, opinions.reviewer(site))
    prepare_for_committee(application=file, acting_user=None)
    session = opinions.sitting(site, [file])
    member = session.chair
    assert Application.objects.visible_to(member).get() == file
    assert aggregates([file], member)[file.pk].overall is not None
    # A member who is to review it too: the others' scores wait for their own.
    opinions.assigned(file, member)
    assert aggregates([file], member)[file.pk].hidden
    page = doors.signed_in(member).get(f"/staff/sittings/{session.pk}/?lang=en").content.decode()
    assert "mean" not in page
    opinions.closed(session)
    assert not Application.objects.visible_to(member).exists()


def test_the_page_takes_the_same_queries_for_one_file_and_for_many(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    for count in (1, 6):
        session = opinions.sitting(site, [ready(site) for _nr in range(count)])
        secretary.get(f"/staff/sittings/{session.pk}/")
        with django_assert_num_queries(16):
            assert secretary.get(f"/staff/sittings/{session.pk}/").status_code == 200


def test_reviewers_are_assigned_by_hand_withdrawn_and_put_right_on_the_files_page(
    site: Site,
) -> None:
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    first, second = opinions.reviewer(site), opinions.reviewer(site)
    file = opinions.in_review(site)
    address = f"/staff/applications/application/{file.pk}/reviewers/?lang=en"
    due = (today() + timedelta(days=5)).isoformat()
    done = secretary.post(address, {"reviewers": [first.pk, second.pk], "due_on": due})
    assert done.status_code == 302
    assert Review.objects.count() == 2
    declare(application=file, conflicted=True, words="Non.", acting_user=second)
    late = secretary.post(address, {"reviewers": [second.pk], "due_on": due})
    assert "conflict of interest" in str(late.context["form"].errors)
    review = Review.objects.get(reviewer=first)
    secretary.post(address, {"act": "withdraw", "row": review.pk, "reason": "Absent."})
    declaration = file.declarations.get()
    secretary.post(address, {"act": "correct", "row": declaration.pk, "reason": "Homonyme."})
    assert dict(Review.objects.values_list("reviewer", "state")) == {
        first.pk: "withdrawn",
        second.pk: "open",
    }
    assert "Homonyme." in secretary.get(address).content.decode()


def test_files_are_shared_out_from_the_list_after_a_preview(site: Site) -> None:
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    who = opinions.reviewer(site)
    file, early = opinions.in_review(site), scene.application(site)
    address = "/staff/applications/application/?lang=en"
    chosen: dict[str, Any] = {
        "action": "assign_evenly",
        "_selected_action": [file.pk, early.pk],
    }
    preview = secretary.post(address, chosen).content.decode()
    assert str(who) in preview
    assert "It is not to be reviewed now." in preview
    assert "Not enough reviewers are free of conflict." in preview
    assert not Review.objects.exists()
    shown = re.findall(r'name="share"\s+value="([0-9:]+)"', preview)
    assert shown == [f"{file.pk}:{who.pk}"]
    # Somebody freer has come since, and the number was changed: what was shown is assigned.
    opinions.reviewer(site)
    given = {"wanted": "3", "due_on": timezone.localdate().isoformat(), "confirmed": "yes"}
    assert secretary.post(address, {**chosen, **given, "share": shown}).status_code == 302
    assert [(row.application, row.reviewer) for row in Review.objects.all()] == [(file, who)]


def test_an_officer_declares_a_conflict_on_the_files_page(site: Site) -> None:
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    file = opinions.in_review(site)
    address = f"/staff/applications/application/{file.pk}"
    assert secretary.get(f"{address}/pdf/")["Content-Type"] == "application/pdf"
    assert secretary.post(f"{address}/conflict/", {"words": "Ami."}).status_code == 302
    assert secretary.get(f"{address}/pdf/").status_code == 302
    assert secretary.get(f"{address}/change/").status_code == 302
