"""Documents: who adds, removes and opens them, how many, and what the scanner changes."""

import io
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.choices import Role
from accounts.models import User
from applications.errors import FilesTooLarge, NotOpenForUpload, TooManyFiles
from applications.models import Application, Document, Session
from applications.selectors.documents import documents_for, wanted_documents
from applications.services import documents
from applications.services.answers import withdraw
from applications.services.documents import add_document, remove_document, scan_pending
from applications.services.drafting import start_draft
from applications.services.leftovers import sweep_leftovers
from core.errors import NotAllowed
from core.models import Message
from core.uploads import UploadRefused
from sites.models import Site
from tests.concurrency.crowd import at_once
from tests.factories import asked, scene
from tests.factories.circle import around, in_conflict
from tests.factories.uploads import EICAR, clamd, jpeg, pdf, png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def stored(media: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in media.rglob("*") if path.is_file())


def upload(file: Application, key: str = "", content: bytes = b"", **more: Any) -> Document:
    content = content or pdf()
    values = {
        "application": file,
        "key": key,
        "file": io.BytesIO(content),
        "name": "Pièce.pdf",
        "size": len(content),
        "acting_user": file.applicant,
        **more,
    }
    return add_document(**values)


def test_a_document_is_kept_under_a_name_that_tells_nothing(site: Site, media: Path) -> None:
    file = asked.draft(site)
    content = pdf()
    made = upload(file, "statutes", content)
    again = upload(file, "statutes", content)
    assert again == made
    kept = Document.objects.get()
    assert (kept.name, kept.media_type, kept.size, kept.key, kept.scan, kept.uploaded_by) == (
        "Pièce.pdf",
        "application/pdf",
        len(content),
        "statutes",
        "not_scanned",
        file.applicant,
    )
    assert stored(media) == [content]
    (path,) = (path for path in media.rglob("*") if path.is_file())
    assert "ièce" not in str(path)
    assert path.suffix == ""
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_refused_leaves_nothing_behind(
    site: Site, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked.draft(site)
    for key, error in [("nothing", NotOpenForUpload), ("", NotOpenForUpload)]:
        with pytest.raises(error):
            upload(file, key)
    with pytest.raises(UploadRefused):
        upload(file, "statutes", b"MZ")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        assert len(stored(media)) == 1
        raise RuntimeError

    # The row cannot be written: the file that was is gone again.
    monkeypatch.setattr(Document, "save", fail)
    with pytest.raises(RuntimeError):
        upload(file, "statutes")
    assert (stored(media), Document.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_takes_the_file_with_it(media: Path) -> None:
    file = asked.draft(scene.site("CAS"))
    taken: list[bytes] = []

    def break_it(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "applications_document"'):
            taken.extend(stored(media))
            # The line to the database goes down between the last statement and the commit.
            connection.connection.close()
        return done

    content = pdf()
    with connection.execute_wrapper(break_it), pytest.raises(Exception, match="closed"):
        upload(file, "statutes", content)
    connection.close()
    assert (taken, stored(media), Document.objects.count()) == ([content], [], 0)


def test_files_that_no_row_names_are_swept_after_a_day(site: Site, media: Path) -> None:
    now = timezone.now()
    young, old = now - timedelta(hours=23), now - timedelta(hours=25)

    def left(at: datetime, name: str) -> Path:
        path = media / "documents" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    lost = left(old, "aa1")
    assert sweep_leftovers() == 0  # no row names any file: the database is being restored
    file = asked.draft(site)
    kept, gone = upload(file, "statutes"), upload(file, "pitch", pdf(pages=2))
    chair = scene.staff(Role.DIRECTOR)
    Session.objects.create(site=site, held_at=now, chair=chair, minutes="documents/bb/bb1")
    fresh, signed = left(young, "cc1"), left(old, "bb1")
    elsewhere = media / "backup.tar"
    elsewhere.write_bytes(b"")
    for path in (elsewhere, Path(kept.file.path), Path(gone.file.path)):
        os.utime(path, (old.timestamp(), old.timestamp()))
    # Its row is gone, and the process ended before its file was: the history still names it.
    Document.objects.filter(pk=gone.pk).update(file="")
    assert (sweep_leftovers(), sweep_leftovers()) == (2, 0)
    there = {path for path in media.rglob("*") if path.is_file()}
    assert there == {fresh, signed, elsewhere, Path(kept.file.path)}
    assert not lost.exists()


def test_only_so_many_and_so_much(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    file = asked.draft(site)
    upload(file, "statutes")
    with pytest.raises(TooManyFiles):
        upload(file, "statutes", png(), name="a.png")
    monkeypatch.setattr(documents, "MOST_MEGABYTES", 0)
    with pytest.raises(FilesTooLarge):
        upload(file, "pitch")
    monkeypatch.undo()
    monkeypatch.setattr(documents, "MOST_FILES", 2)
    upload(file, "pitch")
    with pytest.raises(TooManyFiles) as refused:
        upload(file, "pitch", png(), name="a.png")
    assert refused.value.data == {"limit": 2}


def test_what_is_open_follows_the_state(site: Site) -> None:
    file = asked.draft(site)

    def now_open() -> list[str]:
        file.refresh_from_db()
        return [row.key for row in wanted_documents(file) if row.is_open]

    assert now_open() == ["statutes", "pitch", "plan"]
    sent = asked.application(site)
    file = sent
    assert now_open() == [""]
    upload(sent)
    withdraw(application=sent, reason="x", acting_user=sent.applicant)
    assert now_open() == []
    with pytest.raises(NotOpenForUpload):
        upload(sent, content=png(), name="a.png")
    with pytest.raises(NotOpenForUpload):
        remove_document(document=Document.objects.get(), acting_user=sent.applicant)


def test_removed_from_a_draft_is_gone_and_what_was_sent_stays_for_staff(
    site: Site, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft, sent = asked.draft(site), asked.application(site)
    content = png()
    upload(sent, content=content, name="a.png")
    with django_capture_on_commit_callbacks(execute=True):
        for document in (upload(draft, "pitch"), sent.documents.get()):
            for _click in range(2):
                remove_document(document=document, acting_user=document.application.applicant)
    assert stored(media) == [content]
    assert [row.documents for row in wanted_documents(draft)] == [[], [], []]
    assert wanted_documents(sent)[-1].documents == []
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    assert list(documents_for(officer, sent)) == [sent.documents.get()]


def test_who_adds_and_who_knows_of_it(site: Site) -> None:
    file = asked.application(site)
    people = around(file)
    stranger = scene.application(site).applicant
    for user in (stranger, *(user for who, user in people.items() if who != "officer")):
        with pytest.raises(NotAllowed):
            upload(file, acting_user=user)
    mine = upload(file)
    theirs = upload(file, "statutes", png(), name="a.png", acting_user=people["officer"])
    remove_document(document=theirs, acting_user=people["officer"])
    assert {who: list(documents_for(user, file)) for who, user in people.items()} == {
        "officer": [mine, theirs],
        "auditor": [mine, theirs],
        "opened": [mine],
        **{who: [] for who in ("closed", "conflicted", "elsewhere", "finance")},
    }


def scans() -> list[tuple[str, str, str]]:
    return list(Document.objects.order_by("id").values_list("name", "scan", "signature"))


def test_scanned_before_anybody_may_open_it(
    site: Site,
    media: Path,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = asked.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    in_conflict(file, scene.staff(Role.ADMISSIONS_OFFICER))
    infected = jpeg() + EICAR
    with clamd() as (address, _seen):
        settings.CLAMD_ADDRESS = address
        clean = upload(file)
        upload(file, content=infected, name="photo.jpg")
        assert {scan for _name, scan, _found in scans()} == {"pending"}
        assert len(stored(media)) == 2
        with django_capture_on_commit_callbacks(execute=True):
            assert scan_pending() == 2
            assert scan_pending() == 0
    assert scans() == [
        ("Pièce.pdf", "clean", ""),
        ("photo.jpg", "infected", "Eicar-Test-Signature"),
    ]
    clean.refresh_from_db()
    assert [media / (clean.file.name or "")] == [p for p in media.rglob("*") if p.is_file()]
    told = Message.objects.filter(matter__contains=":infected-")
    assert list(told.values_list("to", flat=True)) == [officer.email]
    assert "Eicar-Test-Signature" in told.get().body
    # The applicant sees that it did not stay, and that its place is taken until they remove it.
    assert [document.scan for document in wanted_documents(file)[-1].documents] == [
        "clean",
        "infected",
    ]


def test_without_the_scanner_it_waits(site: Site, media: Path, settings: Settings) -> None:
    file = asked.application(site)
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:9"
    upload(file)
    assert (scan_pending(), scans()[0][1]) == (0, "pending")
    with clamd() as (address, seen):
        settings.CLAMD_ADDRESS = address
        remove_document(document=Document.objects.get(), acting_user=file.applicant)
        assert (scan_pending(), len(seen), scans()[0][1]) == (1, 1, "clean")


def test_widget_asks_the_same_few_questions_however_much_there_is(
    site: Site, django_assert_num_queries: Any
) -> None:
    file = asked.draft(site)
    for count in (0, 4):
        for number in range(count):
            upload(file, "pitch" if number else "statutes", png(number + 1), name=f"{number}.png")
        fresh = Application.objects.select_related("call_version").get(pk=file.pk)
        with django_assert_num_queries(3):
            rows = wanted_documents(fresh)
        assert sum(len(row.documents) for row in rows) == count


def test_a_draft_is_the_browsers_that_has_it_or_of_a_partners_portal(site: Site) -> None:
    draft = asked.draft(site)
    for user in (
        User.objects.create_user("nobody@example.org"),
        scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")),
    ):
        with pytest.raises(NotAllowed):
            upload(draft, "pitch", acting_user=user)
    portal = scene.staff(Role.ADMISSIONS_OFFICER, site)
    with pytest.raises(NotAllowed):  # another's, though it may begin some here
        upload(draft, "pitch", acting_user=portal)
    begun = start_draft(
        site=site, call_version=draft.call_version, email="porteur@example.org", language="fr",
        channel="api", acting_user=portal,
    )  # fmt: skip
    assert upload(begun, "pitch", acting_user=portal).uploaded_by == portal
    assert upload(draft, "statutes", acting_user=None).uploaded_by is None


def _uploaded_at_once(file: Application, count: int) -> list[bool]:
    """Whether each of `count` different pictures was taken as the only statutes."""

    def one(number: int) -> bool:
        try:
            upload(file, "statutes", png(number + 1), name="a.png")
        except TooManyFiles:
            return False
        return True

    return at_once(count, one)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_are_not_more_than_may_be(media: Path) -> None:
    file = asked.draft(scene.site("CAS"))
    assert sorted(_uploaded_at_once(file, 4)) == [False, False, False, True]
    assert (file.documents.count(), len(stored(media))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_there_are_too_many(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked.draft(scene.site("CAS"))
    both_looked = threading.Barrier(2, timeout=30)
    look = documents._require_room

    def look_and_wait(*args: Any) -> None:
        look(*args)
        both_looked.wait()

    monkeypatch.setattr(documents, "_require_room", look_and_wait)
    monkeypatch.setattr(documents, "locked", lambda file: Application.objects.get(pk=file.pk))
    assert _uploaded_at_once(file, 2) == [True, True]
