"""The staff's page of a file: what comes next, all that was said, who saw it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.labels import ScanState, TaskList
from applications.models import (
    Application,
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
from applications.next_act import Next, Standing, next_act
from applications.selectors.relatives import relatives
from applications.services import retention, screening, transfers
from applications.services.answers import accept_offer
from applications.services.decisions import decide
from applications.services.requests import answer_request
from applications.stays import Move, Stay, stays, waited
from applications.workflow import State
from core import formats
from core.periods import today
from sites.models import Site
from tests.factories import asked, doors, opinions, scene
from tests.factories.many import analyzed, like

LONG = "مشروع 🌾 **gras** <b>html</b> \u202eabc\u202c l'été\n" * 420  # about 20,000 characters


def address(file: Application, rest: str = "change/") -> str:
    return f"/staff/applications/application/{file.pk}/{rest}"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


@pytest.fixture
def client(officer: User) -> Client:
    made = doors.signed_in(officer)
    made.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def shown(client: Client, file: Application, query: str = "") -> str:
    answer = client.get(f"{address(file)}?lang=en{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(State.SUBMITTED), Next.START_SCREENING),
        (Standing(State.SUBMITTED, receives_transfer=True), Next.ANSWER_TRANSFER),
        (Standing(State.SUBMITTED, asked_by_applicant=True), Next.REPLY),
        (Standing(State.WITHDRAWN, asked_by_applicant=True), Next.NOTHING),
        (Standing(State.SCREENING), Next.SEND_TO_REVIEW),
        (Standing(State.SCREENING, screening_left=2), Next.DO_TASKS),
        (Standing(State.SCREENING, found_ineligible=True), Next.CONFIRM_INELIGIBLE),
        (
            Standing(State.SCREENING, found_ineligible=True, found_by_viewer=True),
            Next.AWAIT_SECOND_PERSON,
        ),
        (Standing(State.INFO_REQUESTED), Next.AWAIT_APPLICANT),
        (Standing(State.REVIEW), Next.ASSIGN_REVIEWERS),
        (Standing(State.COMMITTEE_READY), Next.DECIDE),
        (Standing(State.COMMITTEE_READY, on_agenda=True), Next.SIT),
        (Standing(State.REVIEW, reviews_pending=1, reviews_done=1), Next.AWAIT_REVIEWS),
        (Standing(State.REVIEW, own_review_pending=True, reviews_pending=2), Next.GIVE_REVIEW),
        (Standing(State.REVIEW, reviews_done=2), Next.PREPARE_FOR_COMMITTEE),
        (Standing(State.DECIDED), Next.PUBLISH),
        (Standing(State.DECIDED, published=True, admitted=True), Next.OFFER),
        (Standing(State.OFFERED), Next.AWAIT_APPLICANT),
        (Standing(State.WAITLISTED), Next.AWAIT_SPACE),
        (Standing(State.DEFERRED), Next.RESUME),
        (Standing(State.DEFERRED, resumes_on=date(2026, 6, 1)), Next.RESUME),
        (Standing(State.DEFERRED, resumes_on=date(2026, 6, 2)), Next.AWAIT_DAY),
        (Standing(State.ACCEPTED), Next.START_ONBOARDING),
        (Standing(State.ONBOARDING, onboarding_left=1), Next.DO_TASKS),
        (Standing(State.ONBOARDING), Next.AWAIT_KEYS),
        (Standing(State.TENANT), Next.NOTHING),
    ],
)
def test_one_thing_comes_next(standing: Standing, expected: Next) -> None:
    assert next_act(standing, today=date(2026, 6, 1)) == expected


def test_time_in_each_state_stands_still_for_the_applicant() -> None:
    start = timezone.now()
    days = [timedelta(days=number) for number in range(12)]
    moves = [
        Move(start, State.SUBMITTED),
        Move(start + days[2], State.SCREENING),
        Move(start + days[3], State.INFO_REQUESTED),
        Move(start + days[7], State.SCREENING),
        Move(start + days[8], State.WITHDRAWN),
    ]
    found = stays(moves, start + days[11])
    assert found == [
        Stay(State.SUBMITTED, days[2]),
        Stay(State.SCREENING, days[2]),
        Stay(State.INFO_REQUESTED, days[4]),
        Stay(State.WITHDRAWN, days[0], now=True),
    ]
    assert waited(found) == (days[4], days[4])
    assert stays(moves[:2], start + days[11])[-1] == Stay(State.SCREENING, days[9], now=True)


@pytest.mark.django_db
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
    assert f'action="{address(file, "send-to-review/")}"' in shown(client, file)
    assert client.post(address(file, "send-to-review/")).headers["Location"] == address(file)
    assert f'href="{address(file, "reviewers/")}" data-next' in shown(client, file)
    assert client.post(address(file)).status_code == 403


@pytest.mark.django_db
def test_long_answers_come_whole_escaped_and_in_their_direction(site: Site, client: Client) -> None:
    file = scene.application(site, project=LONG.strip()[:20_000])
    page = shown(client, file)
    whole = file.project.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")
    assert f'<div class="file-text file-long" dir="auto">{whole}</div>' in page
    assert "<b>html" not in page


@pytest.mark.django_db
def test_what_changed_between_versions_is_said_in_words(site: Site, client: Client) -> None:
    file = scene.application(site, project="Un capteur <b>bleu</b> de sol.", team="Seule.")
    scene.asked(file, ["project", "team_size"])
    answer_request(
        application=file,
        changes={"project": "Un capteur rouge de sol.", "team_size": 5},
        acting_user=None,
    )
    page = shown(client, file)
    assert "Version 2, against version 1" in page
    assert "2 answers changed." in page
    assert "Un capteur <del>&lt;b&gt;bleu&lt;/b&gt;</del><ins>rouge</ins> de sol." in page
    assert "<del>3</del><ins>5</ins>" in page
    assert "Version 2" in shown(client, file, "&against=99")
    assert "Version 2" in shown(client, file, "&against=x")


@pytest.mark.django_db
def test_look_alikes_that_the_user_may_see_stand_beside_the_file(
    site: Site, client: Client, officer: User
) -> None:
    rabat = scene.site("RAB")
    ice = "001525713000035"
    company = scene.company("Argan Démo Tech")
    same_name = scene.application(site, name="Argan Demo Technologies")
    same_ice = scene.application(site, name="Autre", ice=ice)
    hidden = scene.application(rabat, name="Argan Démo Tech")
    other = scene.application(site, name="Rien de commun", contact_email="a@example.org")
    file = scene.application(site, name="Argan Démo Tech", ice=ice)
    page = shown(client, file)
    section = page[page.index('id="relatives"') : page.index('id="facts"')]
    found = [row.reference in section for row in (same_name, same_ice, hidden, other)]
    assert found == [True, True, False, False]
    assert section.index(same_ice.reference) < section.index(same_name.reference)
    assert company.name in section
    mark = address(file, f"mark-duplicate/?original={same_name.reference}")
    assert mark in section
    assert same_name.reference in client.get(mark).content.decode()
    screening.mark_duplicate(application=file, original=same_name, acting_user=officer)
    assert "the original of this one" in shown(client, file)
    assert "a duplicate of this one" in shown(client, same_name)
    # Spam, too, may name what it repeats; a file that is not seen is no original.
    form = {"original": same_name.reference}
    assert (
        client.post(address(other, "mark-spam/"), {"original": hidden.reference}).status_code == 200
    )
    assert client.post(address(other, "mark-spam/"), form).status_code == 302
    other.refresh_from_db()
    assert (other.state, other.original) == ("spam", same_name)
    assert "a duplicate of this one" in shown(client, same_name)


@pytest.mark.django_db
def test_look_alikes_are_found_by_indexes(site: Site, officer: User) -> None:
    """One condition without an index, and all of them would be read file by file."""
    file = scene.application(site, name="Argan Démo Tech", ice="001525713000035")
    like(file, 2_000, name_key="md5(n::text)", ice="''", contact_email="n || '@example.org'")
    analyzed("applications_application")
    with connection.cursor() as cursor:
        # So few rows are sooner read than looked up; fifty thousand are not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        with CaptureQueriesContext(connection) as captured:
            relatives(file, officer)
        cursor.execute(f"EXPLAIN {captured[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for index in ("applications_ice", "applications_email", "applications_name_alike"):
        assert f"Bitmap Index Scan on {index}" in plan, plan


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_reviews_stand_beside_the_file_as_far_as_one_may_see_them(
    site: Site, client: Client, officer: User
) -> None:
    file = opinions.in_review(site, opinions.rubric(site))
    reader, late = opinions.reviewer(site), opinions.reviewer(site)
    opinions.reviewed(file, reader, team=5, market=5, comment="Un <b>bon</b> dossier.")
    opinions.assigned(file, late)
    file.reviews.filter(reviewer=late).update(due_on=today() - timedelta(days=1))
    part = _part(shown(client, file), "reviews")
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
    part = _part(page, "reviews")
    assert f'class="file-next" href="/staff/reviews/{own.pk}/"' in page
    assert "once your own review is in" in part
    assert str(reader) in part
    for words in ("87.5", "dossier", "5 / 5"):
        assert words not in part, words


@pytest.mark.django_db
def test_a_legal_hold_is_told_with_its_reason(site: Site, client: Client, officer: User) -> None:
    file = scene.application(site)
    director = scene.staff(Role.DIRECTOR)
    assert "legal hold" not in shown(client, file)
    retention.place_hold(application=file, reason="Un <i>litige</i>.", acting_user=director)
    page = shown(client, file)
    assert '<strong class="file-warning">legal hold</strong>' in page
    assert "Un &lt;i&gt;litige&lt;/i&gt;." in _part(page, "facts")
    assert str(director) in _part(page, "facts")
    retention.lift_hold(application=file, reason="Jugé.", acting_user=director)
    page = shown(client, file)
    assert '<strong class="file-warning">legal hold</strong>' not in page
    assert "lifted" in _part(page, "facts")


@pytest.mark.django_db
def test_documents_stand_under_what_was_asked_and_say_what_is_missing(
    site: Site, client: Client
) -> None:
    file = asked.application(site)
    assert file.call_version is not None
    wanted = file.call_version.documents.get(key="statutes")
    part = _part(shown(client, file), "documents")
    assert wanted.label in part
    assert '<span class="file-warning">missing</span>' in part
    for key, name in ((wanted.key, "plan.pdf"), ("", "annexe.pdf")):
        Document.objects.create(
            application=file, key=key, name=name, media_type="application/pdf", size=1,
            sha256="0" * 64, file=f"documents/{name}", uploaded_at=timezone.now(),
            scan=ScanState.CLEAN,
        )  # fmt: skip
    part = _part(shown(client, file), "documents")
    assert "missing" not in part
    assert part.index(wanted.label) < part.index("plan.pdf") < part.index("Other documents")
    assert part.index("Other documents") < part.index("annexe.pdf")


@pytest.mark.django_db
def test_a_checklist_of_a_stage_that_is_over_is_folded(
    site: Site, client: Client, officer: User
) -> None:
    TaskTemplate.objects.create(list=TaskList.SCREENING, title_fr="Lire le projet")
    TaskTemplate.objects.create(list=TaskList.ONBOARDING, title_fr="Remettre les badges")
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=officer)
    assert "<details" not in _part(shown(client, file), "tasks")
    screening.prepare_for_committee(application=file, acting_user=officer)
    decide(application=file, outcome="admit", acting_user=officer)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    part = _part(shown(client, file), "tasks")
    assert part.index("Remettre les badges") < part.index("<details") < part.index("Lire le projet")


def _part(page: str, name: str) -> str:
    start = page.index(f'id="{name}"')
    return page[start : page.index("</section>", start)]


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_transfer_is_asked_and_answered_on_the_pages(site: Site, client: Client) -> None:
    there = scene.site("TNG")
    file = scene.application(site)
    wish = {"target": str(there.pk), "reason": "Un bureau y est libre."}
    assert client.post(address(file, "transfer/"), wish).status_code == 302
    transfer = file.transfers.get()
    receiver = doors.staff_client(Role.ADMISSIONS_OFFICER, there)
    page = shown(receiver, file)
    assert 'class="file-next" href="#transfer"' in page
    assert address(file, "start-screening/") not in page
    answer = f"/staff/applications/transfer/{transfer.pk}/answer/"
    choices = [
        [key for key, _label in one.get(answer).context["form"].fields["verdict"].choices]
        for one in (receiver, client)
    ]
    assert choices == [["agree", "refuse"], ["cancel"]]
    assert receiver.post(answer, {"verdict": "cancel"}).status_code == 200
    assert receiver.post(answer, {"verdict": "refuse", "answer": ""}).status_code == 200
    assert receiver.post(answer, {"verdict": "agree"}).headers["Location"] == address(file)
    assert client.get(address(file)).status_code == 302
    assert address(file, "start-screening/") in shown(receiver, file)


@pytest.mark.django_db
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
        html = shown(client, file)
        part = html[
            html.index('id="outcome"') : html.index("</section>", html.index('id="outcome"'))
        ]
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


@pytest.mark.django_db
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
    with django_assert_num_queries(29):
        client.get(address(file))
