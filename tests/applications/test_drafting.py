"""Drafts: typed into, warned, expired, taken up again, moved to another call, sent once."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.errors import (
    BadAnswers,
    CallClosed,
    DocumentMissing,
    ImpossibleStep,
    SiteClosed,
    TooMuchTyped,
)
from applications.models import Application, Document
from applications.services import drafting
from applications.services.calls import ensure_standing_call, new_draft_version, put_in_use
from applications.services.documents import add_document
from applications.services.submission import submit_application, submit_draft
from applications.tasks import expire
from core.errors import NotAllowed
from core.history import erase
from core.models import Message
from core.periods import ONE_DAY, Period, end_of, today
from tests.factories import calls, scene
from tests.factories.uploads import pdf

pytestmark = pytest.mark.django_db
MIXED = "Été à Fès 🚀 <b>**gras**</b> مشروع \u200fيمين\u200e & l’“idée”\n"


def _trail(file: Application) -> list[tuple[str, str, str]]:
    return list(file.transitions.order_by("id").values_list("step", "source", "target"))


def _send(draft: Application, given: dict[str, Any] | None = None, **more: Any) -> Application:
    values: dict[str, Any] = {"acting_user": draft.applicant, "language": "fr", **more}
    return submit_draft(application=draft, answers=scene.answers(), given=given or {}, **values)


def test_a_draft_keeps_what_is_typed_good_or_not() -> None:
    site = scene.site("CAS")
    draft = scene.draft(site, email=" Someone@Example.org ")
    assert (draft.state, draft.contact_email, draft.name) == (
        "draft",
        "someone@example.org",
        "Argan Démo",
    )
    text = (MIXED * 1000)[:20_000]
    drafting.type_in(
        application=draft,
        fields={"wanted_m2": "douze", "sectors": ["tic"], "project": text.replace("\n", "\r\n")},
        acting_user=None,
    )
    draft.refresh_from_db()
    assert draft.typed == scene.typed(wanted_m2="douze", sectors=["tic"], project=text)
    drafting.type_in(application=draft, fields={"name": "zero\x00 \ud800"}, acting_user=None)
    with pytest.raises(TooMuchTyped):
        drafting.type_in(application=draft, fields={"name": "x" * 100_001}, acting_user=None)
    draft.refresh_from_db()
    assert (draft.typed["name"], draft.name) == ("zero ?", "zero ?")
    assert not Application.objects.visible_to(scene.staff(Role.DIRECTOR)).exists()
    with pytest.raises(NotAllowed):
        drafting.type_in(
            application=draft, fields={}, acting_user=User.objects.create_user("x@example.org")
        )
    assert Application.objects.get(applicant=draft.applicant) == draft


def test_the_history_is_of_what_is_sent_not_of_each_save_while_typing() -> None:
    draft = scene.draft(scene.site("CAS"))
    events = Application.pgh_event_model.objects.filter(pgh_obj_id=draft.pk)  # type: ignore[attr-defined]
    for count in range(1, 20):
        drafting.type_in(
            application=draft, fields={"project": MIXED * count}, acting_user=draft.applicant
        )
    assert [event.pgh_label for event in events.order_by("pgh_id")] == ["insert"]
    assert not hasattr(events.get(), "typed")
    _send(draft)
    told = [event.project for event in events.order_by("pgh_id") if event.project]
    assert set(told) == {scene.answers().project}
    # Nor does what no history is kept of stand in the way of erasing the rest.
    erase(instances=[draft], acting_user=None, reason="retention")
    draft.refresh_from_db()
    assert (draft.typed, draft.name) == (None, "")
    assert set(events.values_list("name", "project", "contact_email")) == {("", "", "")}


def test_a_draft_is_sent_once_with_the_answers_to_the_calls_questions() -> None:
    site = scene.site("CAS")
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.question(version, "customers", "number", required=True,
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.wanted(version, "plan")
    draft = scene.draft(site, calls.in_use(version))
    for given, fields in (
        ({}, {"stage": "This field is required."}),
        ({"stage": "idea"}, {"stage": "With this answer one cannot apply here."}),
        ({"stage": "sales"}, {"customers": "This field is required."}),
    ):
        with pytest.raises(BadAnswers) as refused:
            _send(draft, given)
        assert refused.value.data["fields"] == fields
    good = {"stage": "sales", "customers": "1 200", "unknown": "x"}
    with pytest.raises(DocumentMissing):
        _send(draft, good)
    _upload(draft, "plan")
    assert not Message.objects.exists()
    for _time in range(2):
        file = _send(draft, good)
    file.refresh_from_db()
    assert (file.state, file.typed, file.answers) == (
        "submitted",
        None,
        {"stage": "sales", "customers": 1200},
    )
    assert (file.revisions.get().answers or {})["answers"] == file.answers
    assert _trail(file) == [("submit", "draft", "submitted")]
    assert [letter.to for letter in Message.objects.all()] == [draft.contact_email]
    assert file.applicant is not None
    assert file.applicant.name == "Contact Demo"
    with pytest.raises(ImpossibleStep):
        drafting.type_in(application=file, fields={"name": "late"}, acting_user=None)
    with pytest.raises(ImpossibleStep):
        drafting.discard(application=file, acting_user=file.applicant)


def test_a_second_site_gets_an_application_of_its_own() -> None:
    first, second = scene.site("CAS"), scene.site("RAB")
    version = calls.draft(first, second)
    calls.wanted(version, "plan")
    draft = scene.draft(first, calls.in_use(version))
    _upload(draft, "plan")
    file = _send(draft, also_at=[second])
    _send(draft, also_at=[second])
    sister = file.sisters.get()
    assert (sister.site, sister.state, sister.applicant, sister.name) == (
        second,
        "submitted",
        file.applicant,
        file.name,
    )
    assert sister.reference != file.reference
    (copied,) = sister.documents.all()
    (original,) = file.documents.all()
    assert copied.file.name != original.file.name
    for document in (copied, original):
        with document.file.open("rb") as stored:
            assert stored.read() == b"%PDF"
    assert Message.objects.count() == 2


def test_an_idle_draft_is_warned_then_expires_however_late_the_job_comes() -> None:
    draft = scene.draft(scene.site("CAS"))
    began = timezone.now()
    steps = []
    # The job sleeps for 40 days, runs, sleeps for 3 days, runs, and so on.
    for day in (13, 40, 43, 46, 48, 60):
        with time_machine.travel(began + dt.timedelta(days=day), tick=False):
            expire()
        draft.refresh_from_db()
        steps.append((day, draft.state, Message.objects.count()))
    assert steps == [
        (13, "draft", 0),
        (40, "draft", 1),
        (43, "draft", 1),
        (46, "draft", 1),
        (48, "expired", 1),
        (60, "expired", 1),
    ]
    letter = Message.objects.get()
    assert "/apply/resume/" in letter.body
    for _time in range(2):
        drafting.resume_draft(application=draft, acting_user=draft.applicant)
    draft.refresh_from_db()
    assert (draft.state, draft.typed) == ("draft", scene.typed())
    assert drafting.warn_and_expire() == 0
    assert [step for step, _from, _to in _trail(draft)] == ["expire_draft", "resume_draft"]


def test_typing_starts_the_count_anew() -> None:
    draft = scene.draft(scene.site("CAS"))
    began = timezone.now()
    with time_machine.travel(began + dt.timedelta(days=15), tick=False):
        assert drafting.warn_and_expire() == 1
        drafting.type_in(application=draft, fields={"name": "Suite"}, acting_user=None)
    with time_machine.travel(began + dt.timedelta(days=23), tick=False):
        assert drafting.warn_and_expire() == 0
    drafting.discard(application=draft, acting_user=draft.applicant)
    draft.refresh_from_db()
    assert draft.state == "expired"


def test_a_call_that_closes_leaves_an_hour_to_those_who_were_typing() -> None:
    site = scene.site("CAS")
    last = today()
    version = calls.in_use(calls.draft(site, period=Period.through(today(), last)))
    before, after, late = scene.draft(site, version), scene.draft(site, version), end_of(last)
    with time_machine.travel(late + dt.timedelta(minutes=59), tick=False):
        assert _send(before).state == "submitted"
        Application.objects.filter(pk=after.pk).update(state_since=timezone.now())
        with pytest.raises(CallClosed):
            _send(after)  # begun after the end: it had no hour to begin with
        with pytest.raises(CallClosed):
            scene.draft(site, version)
    Application.objects.filter(pk=after.pk).update(state_since=late - ONE_DAY)
    before_sending = after.typed
    with time_machine.travel(late + dt.timedelta(minutes=60), tick=False):
        with pytest.raises(CallClosed):
            _send(after)
        standing = calls.in_use(calls.draft(site, code="standing"))
        drafting.move_over(application=after, call_version=standing, acting_user=None)
        after.refresh_from_db()
        assert (after.call_version, after.typed) == (standing, before_sending)
        assert _send(after).state == "submitted"


def test_whoever_began_under_a_version_finishes_under_it() -> None:
    site = scene.site("CAS")
    first = calls.in_use(calls.draft(site))
    draft = scene.draft(site, first)
    second = new_draft_version(call=first.call, acting_user=None)
    calls.question(second, "new", "text", required=True)
    calls.in_use(second)
    assert _send(draft).call_version == first
    with pytest.raises(CallClosed):
        scene.draft(site, first)


def test_a_site_that_takes_none_refuses_and_one_key_is_one_application() -> None:
    site = scene.site("CAS")
    key = uuid.uuid4()
    made = {
        submit_application(site=site, answers=scene.answers(), language="fr", submission_key=key)
        for _time in range(2)
    }
    assert len(made) == Application.objects.count() == 1
    draft = scene.draft(site)
    site.takes_applications = False
    site.save()
    with pytest.raises(SiteClosed):
        _send(draft)
    with pytest.raises(SiteClosed):
        scene.draft(site)


def _upload(draft: Application, key: str) -> None:
    document = Document(
        application=draft, key=key, name="plan.pdf", media_type="application/pdf", size=4,
        sha256="0" * 64, uploaded_at=timezone.now(), scan="not_scanned",
    )  # fmt: skip
    document.file.save("", ContentFile(b"%PDF"), save=False)
    document.save()


def test_a_draft_is_its_authors_even_to_staff_who_may_add() -> None:
    site = scene.site("CAS")
    officer, draft, plan = scene.staff(Role.ADMISSIONS_OFFICER, site), scene.draft(site), pdf()
    with pytest.raises(NotAllowed):
        drafting.type_in(application=draft, fields={"name": "Autre"}, acting_user=officer)
    with pytest.raises(NotAllowed):
        add_document(
            application=draft,
            key="",
            file=io.BytesIO(plan),
            name="plan.pdf",
            size=len(plan),
            acting_user=officer,
        )


def test_a_second_site_is_applied_at_under_the_version_that_was_begun() -> None:
    site, other = scene.site("CAS"), scene.site("RAB")
    call = ensure_standing_call()
    draft = scene.draft(site, call.versions.in_use().get())
    put_in_use(version=new_draft_version(call=call, acting_user=None), acting_user=None)
    draft.refresh_from_db()
    _send(draft, also_at=[other])
    sister = Application.objects.get(sister_of=draft)
    assert (sister.site, sister.state, sister.call_version) == (
        other,
        "submitted",
        draft.call_version,
    )
