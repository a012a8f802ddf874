"""Somebody in conflict never sees the file again, whatever their role."""

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    ConflictStands,
    InConflict,
    NotConcerned,
    OwnDeclaration,
    OwnFile,
    ReasonNeeded,
    ReviewClosed,
)
from applications.models import Application, Declaration, Offer, Review
from applications.selectors.scores import scores_of
from applications.selectors.staffing import workers_on
from applications.services.answers import withdraw
from applications.services.conflicts import correct, declare
from applications.services.reviews import assign, open_review, save_scores, withdraw_review
from applications.services.screening import prepare_for_committee, start_screening
from applications.services.tasks import add_task
from core.errors import NotAllowed
from core.models import Message
from core.periods import today
from sites.models import Membership, Site
from technopark.staff.worklist import worklist
from tests.factories import clients, doors, opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def in_conflict(file: Application, who: User) -> Declaration:
    return declare(application=file, conflicted=True, words="Mon frère.", acting_user=who)


def test_an_officer_in_conflict_neither_reads_nor_acts_anywhere(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = opinions.in_review(site, name="Hidden Projet")
    other = opinions.in_review(site, name="Shown Projet")
    client = doors.signed_in(officer)
    places = [
        "/staff/applications/application/?lang=en",
        "/staff/search/?s=projet&lang=en",
        "/staff/applications/application/export/?lang=en",
    ]
    before = [client.get(place).content.decode() for place in places[:2]]
    assert all("Hidden Projet" in page and "Shown Projet" in page for page in before)
    in_conflict(file, officer)
    after = [client.get(place).content.decode() for place in places[:2]]
    assert all("Hidden Projet" not in page and "Shown Projet" in page for page in after)
    export = client.post(places[2], {"format": "0", "resource": "0"})
    exported = export.getvalue().decode()
    assert "Hidden Projet" not in exported
    assert "Shown Projet" in exported
    address = f"/staff/applications/application/{file.pk}"
    for path in ("change/", "history/", "prepare-for-committee/"):
        assert client.get(f"{address}/{path}").status_code == 302, path
    for action in (Action.VIEW, Action.EXPORT, Action.SCREEN, Action.DECIDE):
        seen = Application.objects.visible_to(officer, action)
        assert [row.pk for row in seen] == [other.pk]
    assert scores_of(file, officer).opinions == ()
    with pytest.raises(InConflict):
        prepare_for_committee(application=file, acting_user=officer)
    with pytest.raises(InConflict):
        assign(
            application=file,
            reviewer=opinions.reviewer(site),
            due_on=today(),
            acting_user=officer,
        )


def test_nothing_of_the_file_is_read_in_the_outbox_or_in_what_waits(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    hidden, shown = scene.application(site), scene.application(site)
    client = doors.signed_in(officer)
    in_conflict(hidden, officer)
    listed = client.get("/staff/core/message/").context["cl"].result_list
    assert [row.matter for row in listed] == [f"application:{shown.pk}:received"]
    message = Message.objects.get(matter=f"application:{hidden.pk}:received")
    assert client.get(f"/staff/core/message/{message.pk}/change/").status_code == 302
    Message.objects.update(state="uncertain")
    heaps = {heap.address: heap.count for heap in worklist(officer)}
    assert heaps["/staff/core/message/?state__exact=uncertain"] == 1


def test_a_rest_client_of_somebody_in_conflict_does_not_read_the_file(site: Site) -> None:
    director = scene.staff(Role.DIRECTOR)
    file = scene.application(site)
    scene.offer(file, scene.office(site))
    client = clients.client(Role.DIRECTOR)
    user = User.objects.filter(memberships__role=Role.DIRECTOR).exclude(pk=director.pk).get()
    address = f"/api/v1/applications/{file.reference}/"
    assert client.get(address).status_code == 200
    in_conflict(file, user)
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/applications/").json()["results"] == []
    assert not Offer.objects.visible_to(user).exists()
    assert Offer.objects.visible_to(director).count() == 1


def test_a_conflict_recuses_the_reviewer_and_their_scores(site: Site) -> None:
    first, second = opinions.reviewer(site), opinions.reviewer(site)
    file = opinions.in_review(site, opinions.rubric(site))
    review = opinions.reviewed(file, first)
    opinions.reviewed(file, second)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    assert len(scores_of(file, officer).opinions) == 2
    in_conflict(file, first)
    review.refresh_from_db()
    assert review.state == "recused"
    assert [row.review.reviewer for row in scores_of(file, officer).opinions] == [second]
    assert scores_of(file, first).opinions == ()
    assert not Application.objects.visible_to(first).exists()
    with pytest.raises(ReviewClosed):
        save_scores(
            review=review, points={}, words={}, recommendation="", comment="", acting_user=first
        )


def test_a_declaration_needs_a_file_before_one(site: Site) -> None:
    file = opinions.in_review(site)
    with pytest.raises(NotConcerned):
        in_conflict(file, opinions.reviewer(site))
    elsewhere = scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    with pytest.raises(NotConcerned):
        in_conflict(file, elsewhere)


def test_only_another_officer_frees_somebody_once_scoring_began(site: Site) -> None:
    who, other = opinions.reviewer(site), opinions.reviewer(site)
    file = opinions.in_review(site, opinions.rubric(site))
    opinions.assigned(file, who)
    in_conflict(file, who)
    # A slip, before anybody has scored.
    freed = declare(application=file, conflicted=False, acting_user=who)
    assert (freed.conflicted, Review.objects.get().state) == (False, "open")
    stays = in_conflict(file, who)
    opinions.reviewed(file, other)
    with pytest.raises(ConflictStands):
        declare(application=file, conflicted=False, acting_user=who)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    given: dict[str, Any] = {"declaration": stays, "conflicted": False, "reason": "Homonyme."}
    for refused, by, changed in (
        (NotAllowed, other, {}),
        (NotAllowed, scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")), {}),
        (ReasonNeeded, officer, {"reason": " "}),
    ):
        with pytest.raises(refused):
            correct(acting_user=by, **{**given, **changed})
    assert correct(acting_user=officer, **given).conflicted is False
    assert Review.objects.get(reviewer=who).state == "open"
    assert Application.objects.visible_to(who).get() == file
    own = in_conflict(file, officer)
    with pytest.raises(OwnDeclaration):
        correct(declaration=own, conflicted=False, reason="x", acting_user=officer)


def test_a_withdrawn_review_stays_withdrawn_through_a_declaration(site: Site) -> None:
    who = opinions.reviewer(site)
    file = opinions.in_review(site)
    review = open_review(review=opinions.assigned(file, who), acting_user=who)
    withdraw_review(review=review, reason="Doublon.", acting_user=None)
    with pytest.raises(NotConcerned):
        declare(application=opinions.in_review(site), conflicted=True, words="", acting_user=who)
    in_conflict(file, who)
    assert Review.objects.get().state == "withdrawn"


def test_whoever_is_in_conflict_is_told_why_nothing_is_theirs_to_do(site: Site) -> None:
    officer, file = scene.staff(Role.ADMISSIONS_OFFICER, site), scene.application(site)
    in_conflict(file, officer)
    with pytest.raises(InConflict):
        add_task(application=file, words="Appeler.", acting_user=officer)


def test_staff_who_apply_are_in_conflict_in_their_own_file(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = scene.application(site, contact_email=officer.email)
    (declared,) = Declaration.objects.filter(application=file)
    assert (declared.user, declared.conflicted) == (officer, True)
    assert officer not in workers_on(file)
    with pytest.raises(OwnFile):
        start_screening(application=file, acting_user=officer)
    # Also where nobody declared anything: an applicant who joins the staff later, or is told wrong.
    newcomer = scene.application(site, contact_email="soon@example.org").applicant
    assert newcomer is not None
    later = Application.objects.get(applicant=newcomer)
    assert not Declaration.objects.filter(application=later).exists()
    Membership.objects.create(user=newcomer, role=Role.ADMISSIONS_OFFICER, site=site)
    with pytest.raises(OwnFile) as refusal:
        start_screening(application=later, acting_user=newcomer)
    assert refusal.value.message == "You applied with this file yourself: a colleague works on it."
    assert not Application.objects.visible_to(newcomer).filter(pk=later.pk).exists()
    start_screening(application=later, acting_user=officer)
    withdraw(application=later, reason="Un autre projet.", acting_user=newcomer)  # as applicant
    assert Application.objects.get(pk=later.pk).state == "withdrawn"
