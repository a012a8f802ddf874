"""Files are kept as long as their rule says, then nothing personal is left of them anywhere."""

import datetime as dt
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone
from pytest_django import Settings

from accounts.choices import Role
from accounts.models import User
from accounts.rights import resource_of
from applications import models as tables
from applications.errors import Anonymised, NotEnded, OnLegalHold, ReasonNeeded
from applications.models import Application, CoApplicant, RetentionRule, Transition
from applications.services import decisions, drafting, letters, retention, screening, waiting
from applications.services.answers import withdraw
from applications.services.co_applicants import invite, may_sign_in
from applications.services.conversation import say
from applications.services.documents import add_document
from applications.services.erasure import WRITTEN
from applications.services.requests import close_request
from applications.services.tasks import add_task
from core.errors import NotAllowed
from core.history import personal_columns
from core.models import Erasure, Message
from core.periods import today
from sites.models import Site
from sites.services.people import account_of_applicant
from tests.factories import doors, opinions, scene
from tests.factories.uploads import pdf

pytestmark = pytest.mark.django_db
WORD = "zorglub"
PHONE = "522987654"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def rule(state: str, days: int) -> RetentionRule:
    return retention.save_rule(rule=RetentionRule(state=state, days=days), acting_user=None)


def spam(site: Site, **given: Any) -> Application:
    file = scene.application(site, **given)
    return screening.mark_spam(application=file, acting_user=None)


def places_that_say(*words: str) -> list[str]:
    """Every table of the database with a row in whose text one of the words stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" r WHERE r::text ILIKE ANY (%s)',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


def written_about(site: Site) -> Application:
    """A file of which everybody has written everywhere, on its site's waiting list."""
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    judge = opinions.reviewer(site)
    file = opinions.in_review(
        site,
        opinions.rubric(site),
        name="Zorglub SARL",
        project="Le Zorglub volant",
        team="Monsieur Zorglub",
        website="https://zorglub.example",
        contact_name="Achille Zorglub",
        contact_email="zorglub@example.org",
        contact_phone=f"+212{PHONE}",
    )
    assert file.applicant is not None
    file.answers = {"stage": WORD}
    file.save(update_fields=["answers"])
    opinions.reviewed(file, judge, comment="Zorglub est solide.")
    content = pdf()
    add_document(
        application=file, key="", file=io.BytesIO(content), name="zorglub.pdf",
        size=len(content), acting_user=officer,
    )  # fmt: skip
    for visibility in ("applicant", "staff"):
        say(application=file, body=f"Zorglub {visibility}", visibility=visibility,
            acting_user=officer)  # fmt: skip
    add_task(
        application=file, words="Rappeler Zorglub", assignee=officer, due_on=today(),
        acting_user=officer,
    )  # fmt: skip
    scene.asked(file, ["project"]).items.get()
    close_request(application=file, reason="Zorglub a rappelé.", acting_user=officer)
    CoApplicant.objects.create(
        application=file,
        email="autre-zorglub@example.org",
        user=User.objects.create_user("autre-zorglub@example.org", name="Zorglub"),
        invited_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    screening.prepare_for_committee(application=file, acting_user=officer)
    session = opinions.sitting(site, [file])
    item = session.agenda.get()
    item.discussion = "Zorglub divise."
    item.save(update_fields=["discussion"])
    opinions.declare_conflict(file, session.members.order_by("-id")[0].user)
    file.declarations.update(words="cousin de Zorglub")
    decisions.decide(
        application=file, outcome="admit_with_conditions", conditions="Sans Zorglub.",
        note="Zorglub!", acting_user=officer,
    )  # fmt: skip
    letters.write_letter(application=file, acting_user=officer)
    decisions.revoke_decision(application=file, reason="Zorglub ment.", acting_user=officer)
    decisions.decide(application=file, outcome="waitlist", acting_user=officer)
    decisions.publish(application=file, acting_user=officer)
    scene.application(site)
    other = scene.decided(scene.application(site), "waitlist")
    decisions.publish(application=other, acting_user=None)
    waiting.move(place=file.places.get(), rank=2, reason="Zorglub attend.", acting_user=officer)
    retention.place_hold(application=file, reason="Zorglub plaide.", acting_user=None)
    message = Message.objects.filter(to=file.contact_email).latest("id")
    LogEntry.objects.create(
        user=officer,
        content_type=ContentType.objects.get_for_model(Message),
        object_id=str(message.pk),
        object_repr=str(message),
        action_flag=CHANGE,
    )
    file.refresh_from_db()
    return file


def funnel() -> Counter[tuple[str, str]]:
    return Counter(Transition.objects.values_list("application__reference", "target"))


def test_nothing_personal_is_left_in_any_table_or_on_disk(site: Site, media: Path) -> None:
    rule("withdrawn", 30)
    file = written_about(site)
    withdraw(application=file, reason="Zorglub renonce.", acting_user=file.applicant)
    file.refresh_from_db()
    assert file.retain_until == today() + dt.timedelta(days=30)
    before, said = funnel(), places_that_say(WORD, PHONE)
    assert {"accounts_user", "applications_application", "core_message"} < set(said)
    assert len(list(media.rglob("documents/*/*"))) == 1
    later = timezone.now() + dt.timedelta(days=40)
    with time_machine.travel(later, tick=False):
        assert retention.anonymise_due() == 0  # the hold
        retention.lift_hold(application=file, reason="Zorglub perd.", acting_user=None)
        assert [retention.anonymise_due(), retention.anonymise_due()] == [1, 0]
    assert places_that_say(WORD, PHONE) == []
    assert list(media.rglob("documents/*/*")) == []
    assert funnel() == before
    file.refresh_from_db()
    taken = file.decisions.order_by("id").values_list("outcome", "conditions", "note")
    assert list(taken) == [("admit_with_conditions", "", ""), ("waitlist", "", "")]
    assert (file.state, file.anonymised_at, file.applicant) == ("withdrawn", later, None)
    assert str(file) == f"{file.reference} · anonymised"
    assert Erasure.objects.filter(table="applications_application", row_id=file.pk).count() == 1
    assert set(Erasure.objects.values_list("reason", flat=True)) == {"retention"}
    assert [user.is_active for user in User.objects.filter(email__startswith="erased-")] == [
        False,
        False,
    ]
    with pytest.raises(Anonymised):
        screening.reopen(application=file, reason="x", acting_user=None)
    with pytest.raises(Anonymised):
        retention.place_hold(application=file, reason="x", acting_user=None)


def test_every_table_with_words_about_a_file_is_known() -> None:
    """A model added later with personal columns and a way to a file is erased too."""
    known = {model for model, _path in WRITTEN} | {Application}
    ours = {getattr(tables, name) for name in tables.__all__}
    kept = [m for m in ours if isinstance(m, type) and issubclass(m, models.Model)]
    assert {model for model in kept if personal_columns(model)} == known
    assert {resource_of(model._meta.label_lower) for model in known} == {
        "application", "review", "committee",
    }  # fmt: skip


def test_the_account_stays_while_something_else_of_theirs_is_left(site: Site) -> None:
    rule("spam", 1)
    first = spam(site, contact_email="a@example.org", name="Un")
    second = scene.application(site, contact_email="a@example.org", name="Deux")
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        assert retention.anonymise_due() == 1
    person = User.objects.get(email="a@example.org")
    assert (person.is_active, person.name) == (True, "Contact Demo")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applicant, first.name, second.applicant, second.name) == (
        None, "", person, "Deux",
    )  # fmt: skip


def test_a_partners_account_stays_while_what_its_portal_began_is_kept(site: Site) -> None:
    """Also when its token ended, and a file in which the partner itself applied is forgotten."""
    rule("spam", 1)
    partner = account_of_applicant(email="p@example.org", name="Incubateur", language="fr")
    drafting.start_draft(site=site, call_version=None, email="porteur@example.org", language="fr",
                channel="api", acting_user=partner)  # fmt: skip
    own = spam(site, contact_email=partner.email)
    assert own.applicant == partner
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        assert retention.anonymise_due() == 1
    partner.refresh_from_db()
    assert (partner.is_active, partner.name, partner.email) == (True, "Incubateur", "p@example.org")


def test_dates_follow_ends_reopening_and_rules(site: Site) -> None:
    file, other = spam(site), spam(site)
    assert file.retain_until is None  # no rule: kept
    made = rule("spam", 10)
    file.refresh_from_db()
    assert file.retain_until == today() + dt.timedelta(days=10)
    screening.reopen(application=file, reason="x", acting_user=None)
    made.days = 20
    retention.save_rule(rule=made, acting_user=None)
    assert list(Application.objects.order_by("id").values_list("retain_until", flat=True)) == [
        None, today() + dt.timedelta(days=20),
    ]  # fmt: skip
    assert screening.mark_spam(application=file, acting_user=None).retain_until == (
        today() + dt.timedelta(days=20)
    )
    retention.delete_rule(rule=made, acting_user=None)
    assert set(Application.objects.values_list("retain_until", flat=True)) == {None}
    assert other.anonymised_at is None


def test_a_run_that_breaks_down_goes_on_where_it_was(
    site: Site, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule("spam", 1)
    files = [scene.application(site) for _number in range(3)]
    content = pdf()
    for file in files:
        add_document(
            application=file, key="", file=io.BytesIO(content), name="a.pdf", size=len(content),
            acting_user=scene.staff(Role.ADMISSIONS_OFFICER, site),
        )  # fmt: skip
        screening.mark_spam(application=file, acting_user=None)
    delete = default_storage.delete
    left = iter([True, False])

    def breaks_down_at_the_second(name: str) -> None:
        if not next(left, False):
            raise OSError("the disk is away")
        delete(name)

    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        with monkeypatch.context() as patch:
            patch.setattr(default_storage._wrapped, "delete", breaks_down_at_the_second)  # type: ignore[attr-defined]
            assert retention.anonymise_due() == 1
        names = Application.objects.order_by("id").values_list("name", flat=True)
        assert [name == "" for name in names] == [True, False, False]
        assert retention.anonymise_due() == 2
    assert list(media.rglob("documents/*/*")) == []
    assert set(names.all()) == {""}


def test_the_director_anonymises_what_an_applicant_asks_for(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR, site)
    file = scene.application(site, name="Zorglub")
    pages = f"/staff/applications/application/{file.pk}"
    given = {"reason": "Demande du 3 mars."}
    assert director.post(f"{pages}/anonymise/?lang=en", given).status_code == 200  # not ended
    screening.mark_spam(application=file, acting_user=None)
    assert director.post(f"{pages}/legal-hold/", {"reason": "Litige."}).status_code == 302
    held = director.post(f"{pages}/anonymise/?lang=en", given)
    assert "A legal hold keeps this file" in held.content.decode()
    assert director.post(f"{pages}/lift-hold/", {"reason": "Réglé."}).status_code == 302
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert officer.post(f"{pages}/anonymise/", given).status_code == 403
    assert director.post(f"{pages}/anonymise/", given).status_code == 302
    page = director.get(f"{pages}/change/?lang=en").content.decode()
    assert f"{file.reference} · anonymised" in page
    assert "Zorglub" not in page
    # Nothing that could be personal is written of it any more.
    verbs = ("reopen", "legal-hold", "anonymise", "say", "add-task")
    assert [verb for verb in verbs if f"{verb}/" in page] == []
    with pytest.raises(Anonymised):
        add_task(application=file, words="Rappeler Zorglub.", acting_user=None)
    auditor = doors.staff_client(Role.AUDITOR)
    log = auditor.get("/staff/core/erasure/?lang=en").content.decode()
    assert "Demande du 3 mars." in log
    assert f"{pages}/change/" in log


def test_refusals(site: Site) -> None:
    file = spam(site)
    director = scene.staff(Role.DIRECTOR, site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    for act in (retention.place_hold, retention.lift_hold, retention.anonymise_now):
        with pytest.raises(ReasonNeeded):
            act(application=file, reason=" ", acting_user=director)
        with pytest.raises(NotAllowed):
            act(application=file, reason="x", acting_user=officer)
    with pytest.raises(NotEnded):
        retention.anonymise_now(
            application=scene.application(site), reason="x", acting_user=director
        )
    for _click in range(2):
        retention.place_hold(application=file, reason="x", acting_user=director)
    with pytest.raises(OnLegalHold):
        retention.anonymise_now(application=file, reason="x", acting_user=director)
    with pytest.raises(NotAllowed):
        retention.save_rule(rule=RetentionRule(state="spam", days=1), acting_user=director)


def test_rules_are_the_networks(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    address = "/staff/applications/retentionrule/add/"
    assert director.post(address, {"state": "spam", "days": "0"}).status_code == 200
    assert director.post(address, {"state": "spam", "days": "5"}).status_code == 302
    made = RetentionRule.objects.get()
    file = spam(site)
    assert file.retain_until == today() + dt.timedelta(days=5)
    assert director.post(
        f"/staff/applications/retentionrule/{made.pk}/delete/", {"post": "yes"}
    ).status_code == 302  # fmt: skip
    file.refresh_from_db()
    assert file.retain_until is None
    here = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert here.post(address, {"state": "spam", "days": "5"}).status_code == 403


def test_a_rule_that_lets_go_of_files_at_once_is_saved_the_second_time(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    address = "/staff/applications/retentionrule/add/?lang=en"
    gone, young, held, other = spam(site), spam(site), spam(site), scene.application(site)
    retention.place_hold(application=held, reason="x", acting_user=None)
    long_ago = timezone.now() - dt.timedelta(days=9)
    kept = Application.objects.exclude(pk=young.pk)
    kept.update(state_since=long_ago)
    asked = director.post(address, {"state": "spam", "days": "10"})
    told = "1 file would be anonymised for good in the coming night. Save again to agree."
    form = asked.context["adminform"].form
    assert (form.errors, form["agreed"].value()) == ({"days": [told]}, "1")
    assert not RetentionRule.objects.exists()
    # Another one has come of age meanwhile.
    Application.objects.filter(pk=young.pk).update(state_since=long_ago)
    again = director.post(address, {"state": "spam", "days": "10", "agreed": "1"})
    assert again.context["adminform"].form["agreed"].value() == "2"
    agreed = director.post(address, {"state": "spam", "days": "10", "agreed": "2"})
    assert agreed.status_code == 302
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert retention.anonymise_due() == 2
    left = Application.objects.filter(anonymised_at=None)
    assert set(left) == {held, other}
    assert {gone, young}.isdisjoint(left)


def test_what_was_typed_into_an_expired_draft_goes_too(site: Site) -> None:
    rule("expired", 30)
    draft = drafting.start_draft(
        site=site,
        call_version=None,
        email="zorglub@example.org",
        language="fr",
        typed={"name": "Zorglub", "project": "Zorglub volant"},
    )
    drafting.discard(application=draft, acting_user=None)
    with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
        assert retention.anonymise_due() == 1
    assert places_that_say(WORD) == []
    with pytest.raises(Anonymised):
        drafting.resume_draft(application=draft, acting_user=None)


def test_a_rule_that_speaks_of_another_end_frees_the_first(site: Site) -> None:
    file, made = spam(site), rule("spam", 10)
    file.refresh_from_db()
    assert file.retain_until is not None
    made.state = "withdrawn"
    retention.save_rule(rule=made, acting_user=None)
    file.refresh_from_db()
    assert file.retain_until is None


def test_the_account_goes_of_whoever_was_invited_and_never_came(site: Site) -> None:
    file = scene.application(site)
    invitation = invite(application=file, email="friend@example.org", acting_user=None)
    may_sign_in(invitation=invitation)
    assert User.objects.filter(is_active=True).count() == 2
    screening.mark_spam(application=file, acting_user=None)
    retention.anonymise_now(application=file, reason="x", acting_user=None)
    assert not User.objects.filter(is_active=True).exists()
    assert not User.objects.filter(email__endswith="@example.org").exists()
