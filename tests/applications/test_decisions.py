"""The outcome is one thing, telling the applicant another."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from applications.errors import (
    BadDecision,
    ImpossibleStep,
    NotAdmitted,
    NothingToPublish,
    OutcomeRanOut,
)
from applications.models import Application
from applications.selectors.batches import publishable
from applications.services import decisions, screening
from applications.services.answers import accept_offer, withdraw
from applications.services.batches import do_to_each
from applications.services.expiry import expire_places
from applications.services.offers import withdraw_offer
from core.errors import NotAllowed
from core.models import Message
from core.periods import today
from leases.errors import LeaseAlreadySigned
from leases.models import Lease
from leases.services.signing import sign_lease
from sites.models import Booking, Site
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def letters(file: Application) -> list[str]:
    found = Message.objects.filter(matter=f"application:{file.pk}:decision").order_by("id")
    return [f"{letter.state} {letter.subject}" for letter in found]


def own_page(file: Application) -> str:
    assert file.applicant is not None
    client = doors.applicant_client(file)
    return client.get(f"/my/{file.reference}/?lang=en").content.decode()


@pytest.mark.parametrize(
    ("outcome", "state", "told"),
    [
        ("admit", "decided", "You are admitted"),
        ("admit_with_conditions", "decided", "Recruter un associé."),
        ("waitlist", "waitlisted", "Waiting list"),
        ("defer", "deferred", "Decision postponed"),
        ("refuse", "declined", "no suitable space"),
    ],
)
def test_the_applicant_learns_it_when_it_is_published(
    site: Site, outcome: str, state: str, told: str
) -> None:
    file = scene.decided(scene.application(site), outcome)
    assert letters(file) == []
    page = own_page(file)
    assert told not in page
    assert "Decision in preparation" in page
    for _click in range(2):
        decisions.publish(application=file, acting_user=None)
    file.refresh_from_db()
    assert (file.state, len(letters(file))) == (state, 1)
    assert told in own_page(file)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "refuse"}, "reasons"),
        ({"outcome": "refuse", "reasons": ["because"]}, "reasons"),
        ({"outcome": "admit", "reasons": ["no_space"]}, "reasons"),
        ({"outcome": "admit_with_conditions"}, "conditions"),
        ({"outcome": "admit", "conditions": "x"}, "conditions"),
        ({"outcome": "admit", "until": today() + timedelta(days=9)}, "until"),
        ({"outcome": "defer", "until": today() - timedelta(days=1)}, "until"),
    ],
)
def test_a_bad_decision_names_its_field(site: Site, given: dict[str, Any], field: str) -> None:
    file = scene.for_committee(scene.application(site))
    with pytest.raises(BadDecision) as refused:
        decisions.decide(application=file, acting_user=None, **given)
    assert refused.value.field == field
    assert file.decisions.count() == 0


def test_decided_twice_alike_is_once_and_otherwise_refused(site: Site) -> None:
    file = scene.decided(scene.application(site))
    known = file.decisions.get()
    assert decisions.decide(application=file, outcome="admit", acting_user=None) == known
    with pytest.raises(ImpossibleStep):
        decisions.decide(application=file, outcome="defer", acting_user=None)


def test_a_decision_taken_back_stays_in_the_file(site: Site) -> None:
    file = scene.decided(scene.application(site))
    decisions.publish(application=file, acting_user=None)
    decisions.revoke_decision(application=file, reason="new facts", acting_user=None)
    with pytest.raises(NothingToPublish):
        decisions.publish(application=file, acting_user=None)
    decisions.decide(application=file, outcome="refuse", reasons=["other"], acting_user=None)
    decisions.publish(application=file, acting_user=None)
    assert [(d.outcome, d.superseded_at is None) for d in file.decisions.order_by("id")] == [
        ("admit", False),
        ("refuse", True),
    ]
    # The letter of the first had not left: one current letter.
    assert [line.split()[0] for line in letters(file)] == ["superseded", "to_send"]


def test_only_who_decides_here_may(site: Site) -> None:
    file = scene.for_committee(scene.application(site))
    for user in (
        scene.staff(Role.AUDITOR),
        scene.staff(Role.REVIEWER, site),
        scene.staff(Role.DIRECTOR, scene.site("RAB")),
        file.applicant,
    ):
        with pytest.raises(NotAllowed):
            decisions.decide(application=file, outcome="admit", acting_user=user)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_decision SET outcome = 'admit'",
        "UPDATE applications_decision SET note = 'x'",
        "DELETE FROM applications_decision",
        "UPDATE applications_revision SET number = 9",
        "DELETE FROM applications_revision",
    ],
)
def test_decisions_and_versions_are_frozen(site: Site, statement: str) -> None:
    scene.decided(scene.application(site), "defer")
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(statement)


def test_a_batch_goes_on_after_a_refusal(site: Site) -> None:
    first = scene.decided(scene.application(site), "refuse")
    second = scene.application(site)
    third = scene.decided(scene.application(site), "waitlist")
    done = do_to_each(
        applications=[first, second, third], service=decisions.publish, acting_user=None
    )
    assert [row.refusal.code if row.refusal else None for row in done] == [
        None,
        "nothing_to_publish",
        None,
    ]
    states = list(Application.objects.order_by("id").values_list("state", flat=True))
    assert states == ["declined", "submitted", "waitlisted"]


def test_the_list_previews_the_batch_and_then_publishes_it(site: Site) -> None:
    ready = scene.decided(scene.application(site), "refuse")
    other = scene.application(site)
    told = scene.decided(scene.application(site), "waitlist")
    decisions.publish(application=told, acting_user=None)
    officer: Client = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    chosen = {"action": "publish_selected", "_selected_action": [ready.pk, other.pk, told.pk]}
    page = officer.post("/staff/applications/application/?lang=en", chosen)
    assert [(row.application, row.outcome, str(row.obstacle)) for row in page.context["rows"]] == [
        (ready, "refuse", ""),
        (other, "", "Nothing is decided."),
        (told, "waiting list", "Published already."),
    ]
    assert letters(ready) == []
    done = officer.post("/staff/applications/application/", {**chosen, "confirmed": "yes"})
    assert done.status_code == 302
    ready.refresh_from_db()
    assert (ready.state, len(letters(ready))) == ("declined", 1)
    auditor = doors.staff_client(Role.AUDITOR).get("/staff/applications/application/")
    assert "publish_selected" not in auditor.content.decode()


def test_no_offer_without_an_admission(site: Site) -> None:
    space = scene.office(site)
    for outcome in ("refuse", "defer", "waitlist"):
        file = scene.decided(scene.application(site), outcome)
        with pytest.raises(NotAdmitted):
            scene.offer(file, space)
    # The place on the waiting list is published: now a space that frees up can be offered.
    decisions.publish(application=file, acting_user=None)
    scene.offer(file, space)
    assert Booking.objects.count() == 1


def test_an_offer_publishes_the_admission_and_can_be_taken_back(site: Site) -> None:
    space = scene.office(site)
    file = scene.decided(scene.application(site))
    first = scene.offer(file, space)
    assert scene.offer(file, space) == first
    with pytest.raises(ImpossibleStep):
        scene.offer(file, scene.office(site))
    assert file.decisions.get().published_at is not None
    withdraw_offer(application=file, reason="flooded", acting_user=None)
    file.refresh_from_db()
    assert (file.state, Booking.objects.count()) == ("decided", 0)
    second = scene.offer(file, scene.office(site))
    assert [offer.state for offer in file.offers.order_by("id")] == ["cancelled", "open"]
    accept_offer(offer=second, acting_user=file.applicant)


def test_a_place_on_the_waiting_list_runs_out(site: Site) -> None:
    until = today() + timedelta(days=30)
    file = scene.decided(scene.application(site), "waitlist", until=until)
    forever = scene.decided(scene.application(site), "waitlist")
    for each in (file, forever):
        decisions.publish(application=each, acting_user=None)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert expire_places() == 0
    # The job did not run for a week.
    with time_machine.travel(timezone.now() + timedelta(days=37), tick=False):
        assert [expire_places(), expire_places()] == [1, 0]
    states = list(Application.objects.order_by("id").values_list("state", flat=True))
    assert states == ["lapsed", "waitlisted"]


def test_a_deferred_file_comes_back(site: Site) -> None:
    file = scene.decided(scene.application(site), "defer")
    decisions.publish(application=file, acting_user=None)
    screening.resume(application=file, acting_user=None)
    file.refresh_from_db()
    assert (file.state, file.decisions.in_force().count()) == ("committee_ready", 0)


def test_withdrawn_after_acceptance_cancels_the_draft_lease(site: Site) -> None:
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=file.applicant)
    withdraw(application=file, reason="elsewhere", acting_user=file.applicant)
    file.refresh_from_db()
    assert (file.state, Lease.objects.get().state, Booking.objects.count()) == (
        "withdrawn",
        "cancelled",
        0,
    )
    assert file.offers.get().state == "cancelled"


def test_withdrawn_after_signature_is_refused_and_changes_nothing(site: Site) -> None:
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=file.applicant)
    sign_lease(lease=Lease.objects.get(), signed_on=today(), acting_user=None)
    with pytest.raises(LeaseAlreadySigned):
        withdraw(application=file, reason="elsewhere", acting_user=file.applicant)
    file.refresh_from_db()
    assert (file.state, Lease.objects.get().state) == ("onboarding", "signed")


def test_another_decision_a_moment_later_is_refused_not_forgotten(site: Site) -> None:
    file = scene.for_committee(scene.application(site))
    given: Any = {"application": file, "outcome": "admit_with_conditions", "acting_user": None}
    first = decisions.decide(conditions="Un associé.", **given)
    assert decisions.decide(conditions=" Un associé.", **given) == first
    with pytest.raises(ImpossibleStep):
        decisions.decide(conditions="Deux associés.", **given)


@pytest.mark.parametrize("outcome", ["waitlist", "defer"])
def test_what_ran_out_before_it_was_told_is_decided_again(site: Site, outcome: str) -> None:
    file = scene.decided(scene.application(site), outcome, until=today())
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        (shown,) = publishable(Application.objects.all(), officer)
        with pytest.raises(OutcomeRanOut) as refused:
            decisions.publish(application=file, acting_user=officer)
    assert str(shown.obstacle) == str(refused.value.message)
