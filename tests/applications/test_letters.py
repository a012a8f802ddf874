"""The letter of an outcome: chosen words, a second person's approval, one current on a file."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.errors import (
    BadLetter,
    LetterClosed,
    LetterNotApproved,
    NothingToWrite,
    OwnLetter,
)
from applications.models import Application, Letter, LetterTemplate
from applications.outcomes import leaving
from applications.services import decisions, letters, screening
from applications.services.answers import withdraw
from core.errors import NotAllowed, Stale
from core.models import Message
from sites.models import Site
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def writer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


@pytest.fixture
def approver(site: Site) -> User:
    return scene.staff(Role.DIRECTOR, site)


def words(kind: str, site: Site | None, body: str, language: str = "fr") -> LetterTemplate:
    made = LetterTemplate(
        kind=kind, language=language, site=site, subject="{project} : {reference}", body=body
    )
    made.full_clean()
    made.save()
    return made


def sent(file: Application) -> list[str]:
    """The texts on their way, the newest first."""
    queued = Message.objects.filter(matter__startswith=f"application:{file.pk}:", state="to_send")
    return list(queued.exclude(matter__endswith=":received").values_list("body", flat=True))


def states(file: Application) -> list[str]:
    return list(file.letters.order_by("id").values_list("state", flat=True))


def test_the_sites_words_come_before_the_networks_and_those_before_ours(site: Site) -> None:
    words("refuse", None, "Réseau : {reasons}")
    words("refuse", site, "Ici, {contact} :\n{reasons}\n{link}")
    here = scene.decided(scene.application(site, name="Atlas"), "refuse")
    there = scene.decided(scene.application(scene.site("RAB")), "refuse")
    for file in (here, there):
        decisions.publish(application=file, acting_user=None)
    first = here.letters.get()
    assert (first.subject, first.kind, first.state) == (
        f"Atlas : {here.reference}",
        "refuse",
        "sent",
    )
    assert sent(here) == [first.body]
    assert first.body.startswith("Ici, Contact Demo :\n– ")
    assert first.body.endswith(f"/my/{here.reference}/\n")
    assert sent(there)[0].startswith("Réseau : – ")
    ours = scene.decided(scene.application(site), "defer")
    decisions.publish(application=ours, acting_user=None)
    assert ours.reference in ours.letters.get().subject


def test_unknown_words_in_braces_are_refused_when_saved(site: Site) -> None:
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    given = {"kind": "refuse", "language": "fr", "site": site.pk, "subject": "{until}"}
    address = "/staff/applications/lettertemplate/add/?lang=en"
    page = officer.post(address, {**given, "body": "{contact.email} {reasons}"})
    errors = page.context["adminform"].form.errors
    assert set(errors) == {"subject", "body"}
    assert "{reasons}" in str(errors["subject"])
    assert LetterTemplate.objects.count() == 0
    assert officer.post(address, {**given, "subject": "A", "body": "{reasons}"}).status_code == 302
    assert LetterTemplate.objects.get().body == "{reasons}"


def test_what_was_written_waits_for_a_second_person(
    site: Site, writer: User, approver: User
) -> None:
    file = scene.decided(scene.application(site))
    letter = letters.write_letter(application=file, acting_user=writer)
    letter = letters.edit_letter(
        letter=letter, subject=" Vous  êtes admis ", body="Bravo.", acting_user=writer
    )
    assert (letter.subject, letter.state, states(file)) == ("Vous êtes admis", "draft", ["draft"])
    with pytest.raises(LetterNotApproved):
        decisions.publish(application=file, acting_user=approver)
    with pytest.raises(LetterNotApproved):
        scene.offer(file, scene.office(site))
    with pytest.raises(OwnLetter):
        letters.approve_letter(letter=letter, acting_user=writer)
    seen = letter.written_at
    letters.edit_letter(letter=letter, subject="Admis", body="Bravo !", acting_user=writer)
    with pytest.raises(Stale):
        letters.approve_letter(letter=letter, seen=seen, acting_user=approver)
    for _click in range(2):
        letters.approve_letter(letter=letter, acting_user=approver)
    for _click in range(2):
        decisions.publish(application=file, acting_user=approver)
    letter.refresh_from_db()
    assert (letter.state, letter.approved_by, sent(file)) == ("sent", approver, ["Bravo !\n"])
    assert letter.message == Message.objects.get(body="Bravo !\n")
    for act in (letters.approve_letter, letters.edit_letter):
        more: Any = {} if act is letters.approve_letter else {"subject": "x", "body": "y"}
        with pytest.raises(LetterClosed):
            act(letter=letter, acting_user=approver, **more)


def test_who_is_alone_approves_their_own_letter(site: Site, writer: User) -> None:
    file = scene.decided(scene.application(site))
    letter = letters.write_letter(application=file, acting_user=writer)
    letters.approve_letter(letter=letter, acting_user=writer)
    assert states(file) == ["approved"]


def test_an_edited_letter_is_approved_anew_and_by_another(
    site: Site, writer: User, approver: User
) -> None:
    file = scene.decided(scene.application(site))
    letter = letters.write_letter(application=file, acting_user=writer)
    letters.approve_letter(letter=letter, acting_user=approver)
    letters.edit_letter(letter=letter, subject="x", body="y", acting_user=approver)
    assert states(file) == ["draft"]
    with pytest.raises(OwnLetter):
        letters.approve_letter(letter=letter, acting_user=approver)
    for subject, body in ((" ", "y"), ("x", " ")):
        with pytest.raises(BadLetter):
            letters.edit_letter(letter=letter, subject=subject, body=body, acting_user=writer)


def test_one_letter_is_current_and_goes_with_its_outcome(site: Site, writer: User) -> None:
    file = scene.decided(scene.application(site))
    for _time in range(2):
        letters.write_letter(application=file, acting_user=writer)
    assert states(file) == ["superseded", "draft"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(state="draft")
    decisions.revoke_decision(application=file, reason="new facts", acting_user=None)
    assert states(file) == ["superseded", "superseded"]
    with pytest.raises(NothingToWrite):
        letters.write_letter(application=file, acting_user=writer)
    decisions.decide(application=file, outcome="defer", acting_user=None)
    letters.write_letter(application=file, acting_user=writer)
    withdraw(application=file, reason="Abandon.", acting_user=None)
    assert states(file) == ["superseded"] * 3
    assert sent(file) == []


def test_an_approved_admission_leaves_together_with_the_offer(
    site: Site, writer: User, approver: User
) -> None:
    words("offer", site, "{space}, {area}, {rent} jusqu'au {open_until}\n{end}")
    file = scene.decided(scene.application(site), "admit_with_conditions")
    letter = letters.write_letter(application=file, acting_user=writer)
    letters.approve_letter(letter=letter, acting_user=approver)
    scene.offer(file, scene.office(site, code="B7"), last_day=None)
    told = sent(file)
    assert told[0].startswith("A-B7, ")
    assert "Recruter un associé." in told[1]
    assert states(file) == ["sent", "sent"]


def test_the_letter_of_an_ineligible_file(site: Site, writer: User, approver: User) -> None:
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=writer)
    found: dict[str, Any] = {"reason_code": "wrong_call", "words": "Hors appel."}
    screening.find_ineligible(application=file, acting_user=writer, **found)
    letters.write_letter(application=file, acting_user=writer)
    with pytest.raises(LetterNotApproved):
        screening.confirm_ineligible(application=file, acting_user=approver)
    screening.reject_ineligible(application=file, acting_user=writer)
    screening.find_ineligible(application=file, acting_user=writer, **found)
    screening.confirm_ineligible(application=file, acting_user=approver)
    assert [*states(file), len(sent(file))] == ["superseded", "sent", 1]


def test_the_letter_of_a_finding_that_nobody_confirmed_never_leaves(
    site: Site, writer: User, approver: User
) -> None:
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=writer)
    finding = screening.find_ineligible(
        application=file, reason_code="other", words="Hors sujet.", acting_user=writer
    )
    letter = letters.write_letter(application=file, acting_user=writer)
    letters.approve_letter(letter=letter, acting_user=approver)
    screening.prepare_for_committee(application=file, acting_user=writer)
    finding.refresh_from_db()
    assert (finding.confirmed, finding.settled_by, states(file)) == (False, writer, ["superseded"])
    decisions.decide(application=file, outcome="admit", acting_user=approver)
    scene.offer(file, scene.office(site))
    assert (states(file), len(sent(file))) == (["superseded", "sent"], 1)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER, Role.FINANCE_OFFICER])
def test_only_who_works_on_files_here_writes_letters(site: Site, role: Role) -> None:
    file = scene.decided(scene.application(site))
    letter = letters.write_letter(application=file, acting_user=None)
    for user in (scene.staff(role, site), scene.staff(Role.DIRECTOR, scene.site("RAB"))):
        for act, given in (
            (letters.write_letter, {"application": file}),
            (letters.edit_letter, {"letter": letter, "subject": "x", "body": "y"}),
            (letters.approve_letter, {"letter": letter}),
        ):
            with pytest.raises(NotAllowed):
                act(acting_user=user, **given)


def test_staff_write_approve_and_see_what_leaves(site: Site) -> None:
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    director = doors.staff_client(Role.DIRECTOR, site)
    file = scene.decided(scene.application(site))
    pages = f"/staff/applications/application/{file.pk}"
    seen = officer.get(f"{pages}/publish/?lang=en").context["letter"]
    assert officer.post(f"{pages}/write-letter/").status_code == 302
    letter = file.letters.get()
    assert (seen.subject, seen.body) == (letter.subject, letter.body)
    own = f"/staff/applications/letter/{letter.pk}"
    both_read = officer.get(f"{own}/edit/").context["form"].initial["seen"]
    words = {"subject": "Admis", "body": "<b>Bravo</b>", "seen": both_read}
    assert officer.post(f"{own}/edit/", words).status_code == 302
    late = director.post(f"{own}/edit/?lang=en", {**words, "body": "Félicitations"})
    assert "changed since" in late.content.decode()
    page = director.get(f"{own}/approve/?lang=en")
    assert "&lt;b&gt;Bravo&lt;/b&gt;" in page.content.decode()
    stamp = page.context["form"].initial["seen"]
    assert "You wrote this letter" in approve(officer, own, stamp)
    assert "changed since" in approve(director, own, "2026-01-01T00:00:00+00:00")
    assert approve(director, own, stamp) == ""
    assert director.post(f"{pages}/publish/").status_code == 302
    assert sent(file) == ["<b>Bravo</b>\n"]


def approve(client: Client, own: str, stamp: str) -> str:
    """What the page says after pressing the button; nothing when it was done."""
    page = client.post(f"{own}/approve/?lang=en", {"seen": stamp})
    return "" if page.status_code == 302 else page.content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_a_batch_shows_each_letter_in_as_many_queries(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = [scene.decided(scene.application(site), "refuse") for _number in range(count)]
    draft = scene.decided(scene.application(site), "refuse")
    letters.write_letter(application=draft, acting_user=None)
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    chosen = {
        "action": "publish_selected",
        "_selected_action": [file.pk for file in (*files, draft)],
    }
    with django_assert_num_queries(13):
        page = officer.post("/staff/applications/application/?lang=en", chosen)
    shown = {row.application.pk: letter.body for row, letter in page.context["letters"]}
    assert set(shown) == {file.pk for file in files}
    assert page.content.decode().count("Letter to ") == count
    pair = (files[0], files[0].decisions.get())
    assert shown[files[0].pk] == leaving([pair])[files[0].pk].body
    obstacles = [str(row.obstacle) for row in page.context["rows"] if row.obstacle]
    assert obstacles == ["Its letter is written and not approved yet."]


def test_preview_in_three_languages_on_a_file_one_may_see(site: Site) -> None:
    template = words("admit_with_conditions", site, "{project} {site}\n{conditions}")
    file = scene.decided(scene.application(site, name="Atlas"), "admit_with_conditions")
    other = scene.application(scene.site("RAB"))
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    address = f"/staff/applications/lettertemplate/{template.pk}/preview/?lang=en"
    page = officer.get(address)
    shown = {language: letter.body for _name, language, letter in page.context["previews"]}
    assert list(shown) == ["fr", "ar", "en"]
    assert shown["fr"] == "Atlas Site CAS\nRecruter un associé.\n"
    assert "is admitted to Site CAS" in shown["en"]
    page = officer.get(f"{address}&reference={other.reference}")
    assert page.context["previews"] == []
    assert page.context["form"].errors
    for kind in ("admit", "waitlist", "defer", "refuse", "ineligible", "offer"):
        made = words(kind, site, "{contact}")
        page = officer.get(f"/staff/applications/lettertemplate/{made.pk}/preview/")
        assert page.context["subtitle"].endswith(file.reference)
