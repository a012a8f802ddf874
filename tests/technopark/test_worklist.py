"""What waits for somebody on their start page: heaps that lead to lists of as many rows."""

import pytest
from django.test import Client

from accounts.choices import Role
from applications.services import screening
from applications.services.answers import withdraw
from applications.services.conversation import say
from applications.services.decisions import publish
from core.periods import first_of_month, today
from tests.factories import bills, doors, opinions, scene

pytestmark = pytest.mark.django_db


def test_heaps_of_an_officer_lead_to_what_they_count() -> None:
    site, elsewhere = scene.site("CAS"), scene.site("RAB")
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    to_read, too_late = opinions.in_review(site), opinions.in_review(site)
    for file in (to_read, too_late):
        opinions.assigned(file, person)
    publish(application=scene.decided(scene.application(elsewhere), "refuse"), acting_user=None)
    for file in (to_read, scene.application(elsewhere)):
        say(application=file, body="Et alors ?", visibility="applicant", acting_user=file.applicant)
    too_late.state = "declined"
    too_late.save(update_fields=["state"])
    for here, name in ((site, "Argan Démo"), (elsewhere, "Ailleurs")):
        file = scene.decided(scene.application(here, name=name), "waitlist")
        publish(application=file, acting_user=None)
        scene.office(here, code="B12")
    client = doors.signed_in(person)
    heaps = client.get("/staff/?lang=en").context["worklist"]
    assert [(str(heap.title), heap.count) for heap in heaps] == [
        ("applicant who waits for an answer", 1),
        ("review of yours", 1),
        ("space that suits somebody on the waiting list", 1),
    ]
    answers, reviews, spaces = heaps
    listed = client.get(answers.address).context["cl"].result_list
    assert [file.pk for file in listed] == [to_read.pk]
    tasks = client.get(reviews.address).context["tasks"]
    assert [task.review.application_id for task in tasks if task.pending] == [to_read.pk]
    (line,) = spaces.lines
    assert line.startswith("B12 · ")
    assert line.endswith(": Argan Démo")
    assert "Argan Démo" in client.get(spaces.address).content.decode()


def test_a_reviewer_finds_their_reviews_on_the_start_page() -> None:
    site = scene.site("CAS")
    person = opinions.reviewer(site)
    for _file in range(2):
        opinions.assigned(opinions.in_review(site), person)
    opinions.reviewed(opinions.in_review(site), person)
    heaps = doors.signed_in(person).get("/staff/?lang=en").context["worklist"]
    assert [(str(heap.title), heap.count, heap.address) for heap in heaps] == [
        ("reviews of yours", 2, "/staff/reviews/")
    ]


def test_who_has_to_agree_that_a_file_is_ineligible_finds_it_on_the_start_page() -> None:
    site = scene.site("CAS")
    finder, other = (scene.staff(Role.ADMISSIONS_OFFICER, site) for _number in range(2))
    found, withdrawn, refuted = (scene.application(site) for _number in range(3))
    for file in (found, withdrawn, refuted):
        screening.start_screening(application=file, acting_user=finder)
        screening.find_ineligible(
            application=file, reason_code="other", words="x", acting_user=finder
        )
    withdraw(application=withdrawn, reason="x", acting_user=withdrawn.applicant)
    screening.reject_ineligible(application=refuted, acting_user=other)
    title = "finding of ineligibility to confirm"

    def heaps(client: Client) -> dict[str, tuple[int, str]]:
        shown = client.get("/staff/?lang=en").context["worklist"]
        return {str(heap.title): (heap.count, heap.address) for heap in shown}

    assert title not in heaps(doors.signed_in(finder))
    client = doors.signed_in(other)
    count, address = heaps(client)[title]
    listed = client.get(address).context["cl"].result_list
    assert (count, [file.pk for file in listed]) == (1, [found.pk])


def test_a_run_to_look_at_is_on_the_start_page_of_who_issues_it() -> None:
    site, elsewhere = (bills.site(code, starts_on=today()) for code in ("CAS", "RAB"))
    runs = [bills.computed(here, first_of_month(today())) for here in (site, elsewhere)]
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    (heap,) = client.get("/staff/?lang=en").context["worklist"]
    assert (str(heap.title), heap.count) == ("rent run to look at", 1)
    assert list(client.get(heap.address).context["cl"].result_list) == runs[:1]
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    assert manager.get("/staff/").context["worklist"] == []
