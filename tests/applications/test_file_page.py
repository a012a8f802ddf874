"""The staff's page of a file: one act that leads, all that was said, who saw it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.labels import ScanState, TaskList
from applications.models import (
    Declaration,
    Document,
    Reading,
    Remark,
    Review,
    Score,
    Task,
    TaskTemplate,
    Transition,
)
from applications.services import retention, screening, transfers
from applications.services.answers import accept_offer
from applications.services.decisions import decide, publish
from applications.services.letters import approve_letter, write_letter
from core import formats
from core.periods import today
from sites.models import Site
from tests.factories import doors, opinions, scene
from tests.factories.file_pages import address, opened_by, section, shown
from tests.factories.many import like

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


@pytest.fixture
def client(officer: User) -> Client:
    return opened_by(officer)


def test_the_header_leads_with_one_act_and_keeps_the_others(
    site: Site, client: Client, officer: User
) -> None:
    file = scene.application(site, name="Énergie Démo")
    page = shown(client, file)
    # Nothing to ask: the button itself does it.
    lead = re.search(r'action="([^"]+)">\s*<input[^>]+>\s*<button[^>]+class="file-next"', page)
    assert lead is not None
    assert lead.group(1) == address(file, "start-screening/")
    assert "Énergie Démo" in page
    for verb in ("mark-spam", "mark-duplicate", "transfer", "withdraw"):
        assert address(file, f"{verb}/") in page
    TaskTemplate.objects.create(list=TaskList.SCREENING, title_fr="Lire le projet")
    screening.start_screening(application=file, acting_user=officer)
    assert 'class="file-next" href="#tasks"' in shown(client, file)
    # The checklist warns before the review, and does not forbid it.
    assert "Lire le projet" in client.get(address(file, "send-to-review/")).content.decode()
    task = Task.objects.get()
    done = client.post(f"/staff/applications/task/{task.pk}/complete/", {"note": "Lu."})
    assert done.headers["Location"] == f"{address(file)}#tasks"
    task.refresh_from_db()
    assert (task.done_by, task.note) == (officer, "Lu.")
    told = f"done {formats.day(today(), 'en')} · <bdi>{officer}</bdi>"
    assert told in section(shown(client, file), "tasks")  # a line through is not read aloud
    assert f'action="{address(file, "send-to-review/")}"' in shown(client, file)
    assert client.post(address(file, "send-to-review/")).headers["Location"] == address(file)
    assert f'href="{address(file, "reviewers/")}" data-next' in shown(client, file)
    assert client.post(address(file)).status_code == 403


def test_the_conversation_says_who_reads_it(site: Site, client: Client) -> None:
    file = scene.application(site)
    said = client.post(
        address(file, "say/"), {"body": "À revoir <i>vite</i>", "visibility": "staff"}
    )
    assert said.headers["Location"] == f"{address(file)}#conversation"
    page = shown(client, file)
    assert "À revoir &lt;i&gt;vite&lt;/i&gt;" in page
    assert "visible to: staff only" in page
    assert (
        client.post(address(file, "say/"), {"body": "", "visibility": "staff"}).status_code == 200
    )
    # Whoever only reads has no form.
    auditor = doors.staff_client(Role.AUDITOR)
    assert address(file, "say/") not in shown(auditor, file)
    assert Remark.objects.count() == 1


def test_reviews_stand_beside_the_file_as_far_as_one_may_see_them(
    site: Site, client: Client, officer: User
) -> None:
    file = opinions.in_review(site, opinions.rubric(site))
    reader, late = opinions.reviewer(site), opinions.reviewer(site)
    opinions.reviewed(file, reader, team=5, market=5, comment="Un <b>bon</b> dossier.")
    opinions.assigned(file, late)
    file.reviews.filter(reviewer=late).update(due_on=today() - timedelta(days=1))
    part = section(shown(client, file), "reviews")
    for words in ("mean: <bdi>87.5 %</bdi>", str(reader), str(late), "Team", "5 / 5",
                  "Un &lt;b&gt;bon&lt;/b&gt; dossier."):  # fmt: skip
        assert words in part, words
    assert "file-late" in part
    # The receiving site reads them too, while the file is on its way.
    there = scene.site("TNG")
    transfers.ask_transfer(application=file, target=there, reason="x", acting_user=None)
    receiver = doors.staff_client(Role.ADMISSIONS_OFFICER, there)
    assert "mean: <bdi>87.5 %</bdi>" in shown(receiver, file)
    # An officer who reviews the file gives their own first.
    own = opinions.assigned(file, officer)
    page = shown(client, file)
    part = section(page, "reviews")
    assert f'class="file-next" href="/staff/reviews/{own.pk}/"' in page
    assert "once your own review is in" in part
    assert str(reader) in part
    for words in ("87.5", "dossier", "5 / 5"):
        assert words not in part, words


def test_a_legal_hold_is_told_with_its_reason(site: Site, client: Client, officer: User) -> None:
    file = scene.application(site)
    director = scene.staff(Role.DIRECTOR)
    assert "legal hold" not in shown(client, file)
    retention.place_hold(application=file, reason="Un <i>litige</i>.", acting_user=director)
    page = shown(client, file)
    assert '<strong class="file-warning">legal hold</strong>' in page
    assert "Un &lt;i&gt;litige&lt;/i&gt;." in section(page, "facts")
    assert str(director) in section(page, "facts")
    retention.lift_hold(application=file, reason="Jugé.", acting_user=director)
    page = shown(client, file)
    assert '<strong class="file-warning">legal hold</strong>' not in page
    assert "lifted" in section(page, "facts")


def test_a_checklist_of_a_stage_that_is_over_is_folded(
    site: Site, client: Client, officer: User
) -> None:
    TaskTemplate.objects.create(list=TaskList.SCREENING, title_fr="Lire le projet")
    TaskTemplate.objects.create(list=TaskList.ONBOARDING, title_fr="Remettre les badges")
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=officer)
    assert "<details" not in section(shown(client, file), "tasks")
    screening.prepare_for_committee(application=file, acting_user=officer)
    decide(application=file, outcome="admit", acting_user=officer)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    part = section(shown(client, file), "tasks")
    assert part.index("Remettre les badges") < part.index("<details") < part.index("Lire le projet")


def test_who_reads_is_noted_once_an_hour(site: Site, client: Client, officer: User) -> None:
    file = scene.application(site)
    for _click in range(2):
        shown(client, file)
    other = scene.staff(Role.DIRECTOR)
    shown(doors.signed_in(other), file)
    assert list(Reading.objects.order_by("id").values_list("user", flat=True)) == [
        officer.pk,
        other.pk,
    ]
    assert str(other) in shown(client, file)
    # Somebody in conflict reads nothing, so nothing is noted.
    Declaration.objects.create(
        application=file, user=officer, conflicted=True, declared_at=timezone.now()
    )
    assert client.get(address(file)).status_code == 302
    assert Reading.objects.count() == 2


def test_who_found_it_ineligible_and_why_it_was_refused_stay_on_the_page(
    site: Site, officer: User, client: Client
) -> None:
    other = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=officer)
    screening.find_ineligible(
        application=file, reason_code="wrong_call", words="Hors appel.", acting_user=officer
    )
    screening.reject_ineligible(application=file, acting_user=other)
    screening.find_ineligible(
        application=file, reason_code="other", words="Sans adresse.", acting_user=officer
    )

    def outcome() -> list[str]:
        part = section(shown(client, file), "outcome")
        return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in part.split("<li>")[1:]]

    day = formats.day(today(), "en")
    turned_down = (
        f"finding of ineligibility outside the terms of the call {day} · {officer}"
        f" Not ineligible after all · {other} Hors appel."
    )
    found = f"finding of ineligibility other {day} · {officer}"
    assert outcome() == [
        f"{found} Another person has to confirm that it is ineligible Sans adresse.",
        turned_down,
    ]
    screening.confirm_ineligible(application=file, acting_user=other)
    assert outcome()[:2] == [f"{found} confirmed · {other} Sans adresse.", turned_down]
    file = scene.decided(scene.application(site), "refuse", reasons=["no_space", "not_mature"])
    assert outcome() == [
        f"refuse {day} · – not published no suitable space project not mature enough"
    ]


def test_an_anonymised_letter_still_bears_a_name_and_an_end_no_time(
    site: Site, client: Client
) -> None:
    file = scene.decided(scene.application(site), "refuse")
    publish(application=file, acting_user=None)
    retention.anonymise_now(application=file, reason="x", acting_user=None)
    page = shown(client, file)
    assert re.search(r'letter/\d+/change/">refusal</a>', section(page, "outcome"))
    times = section(page, "trail").split("</p>")[0]
    assert "Decided: 0 days" in times
    assert "Refused" not in times


def test_a_letter_that_waits_for_a_second_person_comes_before_publishing(
    site: Site, officer: User, client: Client
) -> None:
    file = scene.decided(scene.application(site), "refuse")
    letter = write_letter(application=file, acting_user=officer)
    page = f"/staff/applications/letter/{letter.pk}/change/"
    leading = f'<a class="file-next" href="{page}" data-next>Approve the letter</a>'
    assert leading in shown(client, file)
    approve_letter(letter=letter, acting_user=scene.staff(Role.ADMISSIONS_OFFICER, site))
    assert leading not in shown(client, file)
    publish = f'<a class="file-next" href="{address(file, "publish/")}" data-next>'
    assert publish in shown(client, file)


@pytest.mark.parametrize("count", [1, 200])
def test_the_page_asks_the_same_however_much_there_is(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The session, the user and their roles: 4; the file and its parts: one query each."""
    rubric = opinions.rubric(site)
    file = opinions.in_review(site, rubric)
    people = [scene.staff(Role.ADMISSIONS_OFFICER, site) for _number in range(count)]
    transfers.ask_transfer(application=file, target=scene.site("TNG"), reason="x", acting_user=None)
    now = timezone.now()
    reviews = Review.objects.bulk_create(
        Review(
            application=file, reviewer=person, assigned_at=now, due_on=today(), submitted_at=now,
            state="submitted", revision=1, recommendation="admit", comment="x",
        )
        for person in people
    )  # fmt: skip
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion, points=3)
        for review in reviews
        for criterion in rubric.criteria.all()
    )
    for number, person in enumerate(people):
        Transition.objects.create(
            application=file, step="start_screening", source="submitted", target="submitted",
            at=now, acting_user=person,
        )  # fmt: skip
        Document.objects.create(
            application=file, name=f"{number}.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, file=f"documents/{number}", uploaded_at=now, scan=ScanState.CLEAN,
        )  # fmt: skip
        Remark.objects.create(application=file, author=person, visibility="staff", body="x", at=now)
        Task.objects.create(application=file, words="x", assignee=person, created_at=now)
        Reading.objects.create(application=file, user=person, at=now)
    like(scene.application(site, name=file.name), count)
    client = doors.staff_client(Role.DIRECTOR)
    client.get(address(file))
    with django_assert_num_queries(27):
        client.get(address(file))
