"""Up to the committee: what an officer does, and what wants a second person."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.choices import Role
from applications.errors import (
    BadOriginal,
    ImpossibleStep,
    NotFoundIneligible,
    ReasonNeeded,
    SecondPersonNeeded,
)
from applications.models import Application, StageTarget, Transition
from applications.services import screening
from core.errors import NotAllowed
from core.models import Message
from sites.models import Site
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def test_asked_twice_a_step_is_taken_once(site: Site) -> None:
    file = scene.application(site)
    for _click in range(2):
        screening.start_screening(application=file, acting_user=None)
    assert list(Transition.objects.order_by("id").values_list("step", flat=True)) == [
        "submit",
        "start_screening",
    ]


def test_an_impossible_step_names_the_state(site: Site) -> None:
    file = scene.for_committee(scene.application(site))
    with pytest.raises(ImpossibleStep) as refused:
        screening.start_screening(application=file, acting_user=None)
    assert refused.value.data["state"] in {"prête pour le comité", "ready for the committee"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE_OFFICER, Role.REVIEWER])
def test_only_who_screens_here_may(site: Site, role: Role) -> None:
    file = scene.application(site)
    elsewhere = scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    for user in (scene.staff(role, site), elsewhere, file.applicant):
        with pytest.raises(NotAllowed):
            screening.start_screening(application=file, acting_user=user)


def test_spam_ends_without_a_letter(site: Site) -> None:
    file = scene.application(site)
    screening.mark_spam(application=file, acting_user=None)
    assert Application.objects.get().state == "spam"
    assert [message.matter.rpartition(":")[2] for message in Message.objects.all()] == ["received"]


def test_a_duplicate_points_at_its_original(site: Site) -> None:
    first, second, third = (scene.application(site) for _number in range(3))
    for _click in range(2):
        screening.mark_duplicate(application=second, original=first, acting_user=None)
    second.refresh_from_db()
    assert (second.state, second.original) == ("duplicate", first)
    with pytest.raises(BadOriginal):
        screening.mark_duplicate(application=third, original=third, acting_user=None)
    with pytest.raises(BadOriginal):
        screening.mark_duplicate(application=third, original=second, acting_user=None)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    elsewhere = scene.application(scene.site("RAB"))
    with pytest.raises(BadOriginal):
        screening.mark_duplicate(application=third, original=elsewhere, acting_user=officer)
    third.refresh_from_db()
    assert (third.state, third.original) == ("submitted", None)


def test_ineligible_wants_two_people(site: Site) -> None:
    finder, other = (scene.staff(Role.ADMISSIONS_OFFICER, site) for _number in range(2))
    file = scene.application(site)
    with pytest.raises(ImpossibleStep):
        screening.find_ineligible(
            application=file, reason_code="wrong_call", words="x", acting_user=finder
        )
    screening.start_screening(application=file, acting_user=finder)
    with pytest.raises(NotFoundIneligible):
        screening.confirm_ineligible(application=file, acting_user=other)
    with pytest.raises(ReasonNeeded):
        screening.find_ineligible(
            application=file, reason_code="wrong_call", words=" ", acting_user=finder
        )
    for _click in range(2):
        screening.find_ineligible(
            application=file, reason_code="wrong_call", words="Hors appel.", acting_user=finder
        )
    with pytest.raises(SecondPersonNeeded):
        screening.confirm_ineligible(application=file, acting_user=finder)
    for _click in range(2):
        screening.confirm_ineligible(application=file, acting_user=other)
    file.refresh_from_db()
    finding = file.ineligibilities.get()
    assert (file.state, finding.confirmed, finding.settled_by) == ("ineligible", True, other)
    letter = Message.objects.get(matter=f"application:{file.pk}:decision")
    assert "hors des conditions de l’appel" in letter.body
    assert "Hors appel." not in letter.body


def test_the_database_wants_two_people_too(site: Site) -> None:
    finder = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=finder)
    screening.find_ineligible(application=file, reason_code="other", words="x", acting_user=finder)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE applications_ineligibility SET confirmed = true, settled_at = now(), "
            "settled_by_id = found_by_id"
        )


def test_a_finding_can_be_rejected_and_made_again(site: Site) -> None:
    finder, other = (scene.staff(Role.ADMISSIONS_OFFICER, site) for _number in range(2))
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=finder)
    for _time in range(2):
        screening.find_ineligible(
            application=file, reason_code="other", words="x", acting_user=finder
        )
        screening.reject_ineligible(application=file, acting_user=other)
    file.refresh_from_db()
    assert (file.state, file.ineligibilities.filter(confirmed=False).count()) == ("screening", 2)


def test_targets_of_the_site_go_before_the_networks(site: Site) -> None:
    rabat = scene.site("RAB")
    StageTarget.objects.create(site=None, stage="submitted", days=5)
    StageTarget.objects.create(site=site, stage="submitted", days=2)
    here, there = scene.application(site), scene.application(rabat)
    assert [(file.due_at - file.state_since).days for file in (here, there) if file.due_at] == [
        2,
        5,
    ]
    screening.start_screening(application=here, acting_user=None)
    here.refresh_from_db()
    assert here.due_at is None


@pytest.mark.django_db(transaction=True)
def test_two_files_are_not_duplicates_of_each_other(site: Site) -> None:
    files = [scene.application(site) for _number in range(2)]

    def mark(number: int) -> str:
        try:
            screening.mark_duplicate(
                application=files[number], original=files[1 - number], acting_user=None
            )
        except BadOriginal:
            return "refused"
        return "done"

    assert sorted(at_once(2, mark)) == ["done", "refused"]


def test_a_file_that_is_opened_again_repeats_no_other(site: Site) -> None:
    file, original = scene.application(site), scene.application(site)
    marked = screening.mark_duplicate(application=file, original=original, acting_user=None)
    assert marked.original == original
    screening.reopen(application=file, reason="Un autre projet.", acting_user=None)
    file.refresh_from_db()
    assert (file.state, file.original) == ("screening", None)
