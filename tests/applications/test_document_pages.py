"""Uploading on the applicant's page, and who opens what by its address."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.choices import Role
from applications.labels import ScanState
from applications.letters import mark_of_address
from applications.models import Application, Document
from applications.services.conflicts import declare
from applications.services.documents import remove_document, scan_pending
from applications.services.screening import prepare_for_committee
from applications.views.access import _SESSION_KEY
from applications.views.limits import UploadThrottle
from sites.models import Site
from tests.factories import asked, doors, opinions, scene
from tests.factories.circle import around
from tests.factories.uploads import EICAR, clamd, jpeg, pdf, png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def browser_of(draft: Application) -> Client:
    client = Client()
    session = client.session
    session[_SESSION_KEY] = {draft.reference: mark_of_address(draft)}
    session.save()
    return client


def sent(*files: tuple[str, bytes], key: str = "", **more: str) -> dict[str, Any]:
    return {
        "key": key,
        "files": [SimpleUploadedFile(name, content) for name, content in files],
        **more,
    }


def status(answer: Any) -> int:
    """Without reading what is served; closing the whole answer would close the database too."""
    for close in answer._resource_closers:
        close()
    found: int = answer.status_code
    return found


def names() -> list[tuple[str, str]]:
    return list(Document.objects.order_by("id").values_list("key", "name"))


def test_each_bad_file_is_named_and_the_good_ones_are_kept(site: Site) -> None:
    draft = asked.draft(site)
    client = browser_of(draft)
    address = f"/my/{draft.reference}/documents/?lang=en"
    files = sent(
        ("plan.pdf", pdf()),
        ("virus.pdf", b"MZ" + bytes(100)),
        ("logo.svg", b"<svg><script/></svg>"),
        ("vide.pdf", b""),
        (f"{'é' * 300}.pdf", pdf()),
        ("logo.png", png()),
        key="pitch",
        next="/apply/",
    )
    answer = client.post(address, files)
    assert (answer.status_code, answer["Location"]) == (302, "/apply/#documents")
    assert names() == [("pitch", "plan.pdf"), ("pitch", "logo.png")]
    plain = client.post(address, sent(("b.exe", b"MZ"), key="pitch"))
    assert plain["Location"] == f"/apply/{draft.reference}/#documents"
    page = client.get("/apply/").content.decode()
    for words in (
        "virus.pdf: The name ends in “.pdf”, the content is something else: export it anew.",
        "logo.svg: Files of this kind are not accepted.",
        "vide.pdf: The file is empty.",
        "The name of the file has more than 200 characters: shorten it.",
        "2 files are here.",
    ):
        assert words in page


def test_the_script_gets_the_documents_as_they_are_now(site: Site) -> None:
    file = asked.application(site)
    client = doors.applicant_client(file)
    address = f"/my/{file.reference}/documents/?lang=en"
    files = sent(("plan.pdf", pdf()), ("b.exe", b"MZ"), next="https://evil.example/")
    answer = client.post(address, files, headers={"X-Part": "documents"})
    page = answer.content.decode()
    document = Document.objects.get()
    assert answer.status_code == 200
    assert f'href="/my/{file.reference}/documents/{document.pk}/"' in page
    assert "<bdi>b.exe</bdi>" in page
    assert "evil.example" not in page
    assert "<html" not in page
    gone = client.post(f"/my/{file.reference}/documents/{document.pk}/remove/")
    assert gone["Location"] == f"/my/{file.reference}/#documents"
    document.refresh_from_db()
    assert document.removed_at is not None
    assert client.get(f"/my/{file.reference}/documents/{document.pk}/").status_code == 404
    nothing = client.post(address, {"key": ""}, follow=True)
    assert "Choose a file." in nothing.content.decode()


def test_another_persons_file_does_not_exist(site: Site) -> None:
    file, other = asked.application(site), asked.application(site)
    owner, stranger = doors.applicant_client(file), doors.applicant_client(other)
    owner.post(f"/my/{file.reference}/documents/", sent(("plan.pdf", pdf())))
    document = Document.objects.get()
    for client in (stranger, Client(), browser_of(file)):
        for path, body in [
            (f"/my/{file.reference}/documents/", sent(("a.png", png()))),
            (f"/my/{file.reference}/documents/{document.pk}/remove/", {}),
        ]:
            assert client.post(path, body).status_code == 404
        assert client.get(f"/my/{file.reference}/documents/{document.pk}/").status_code == 404
    # Nor under the stranger's own reference.
    borrowed = f"/my/{other.reference}/documents/{document.pk}/"
    assert stranger.get(borrowed).status_code == 404
    assert stranger.post(f"{borrowed}remove/").status_code == 404
    assert (names(), Document.objects.get().removed_at) == ([("", "plan.pdf")], None)


def test_served_to_be_saved_under_its_name_and_nothing_else(site: Site) -> None:
    file = asked.application(site)
    client = doors.applicant_client(file)
    content = pdf()
    client.post(f"/my/{file.reference}/documents/", sent(("Été “2026”.pdf", content)))
    document = Document.objects.get()
    answer = client.get(f"/my/{file.reference}/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    headers = {
        name: answer[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options",
                     "Cache-Control", "Content-Security-Policy")
    }  # fmt: skip
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Disposition": (
            "attachment; filename*=utf-8''%C3%89t%C3%A9%20%E2%80%9C2026%E2%80%9D.pdf"
        ),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def test_who_opens_it_on_the_staff_site(site: Site) -> None:
    file = asked.application(site)
    doors.applicant_client(file).post(f"/my/{file.reference}/documents/", sent(("plan.pdf", pdf())))
    document = Document.objects.get()
    clients = {who: doors.signed_in(user) for who, user in around(file).items()}
    address = f"/staff/documents/{document.pk}/"

    def statuses() -> dict[str, int]:
        return {who: status(client.get(address)) for who, client in clients.items()}

    nobody = dict.fromkeys(("elsewhere", "finance", "closed", "conflicted"), 404)
    assert statuses() == {"officer": 200, "auditor": 200, "opened": 200, **nobody}
    assert Client().get(address).status_code == 302
    assert doors.applicant_client(file).get(address).status_code == 302
    remove_document(document=document, acting_user=file.applicant)
    assert statuses() == {"officer": 200, "auditor": 200, "opened": 404, **nobody}


def test_nobody_opens_what_is_not_scanned_yet_or_infected(site: Site, settings: Settings) -> None:
    file = asked.application(site)
    client = doors.applicant_client(file)
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)

    def opened() -> list[int]:
        documents = Document.objects.order_by("id")
        answers = [officer.get(f"/staff/documents/{one.pk}/") for one in documents]
        answers += [client.get(f"/my/{file.reference}/documents/{one.pk}/") for one in documents]
        return [status(answer) for answer in answers]

    with clamd() as (address, _seen):
        settings.CLAMD_ADDRESS = address
        files = sent(("plan.pdf", pdf()), ("photo.jpg", jpeg() + EICAR))
        client.post(f"/my/{file.reference}/documents/", files)
        assert opened() == [409, 409, 409, 409]
        scan_pending()
    assert opened() == [200, 409, 200, 409]
    page = client.get(f"/my/{file.reference}/?lang=en").content.decode()
    assert "A virus was found in this file: it was deleted." in page


def test_staff_reviewers_and_members_are_led_to_what_opens_alone(site: Site) -> None:
    file, reader = opinions.in_review(site), opinions.reviewer(site)
    review = opinions.assigned(file, reader)
    declare(application=file, conflicted=False, acting_user=reader)
    scans = (ScanState.CLEAN, ScanState.PENDING, ScanState.INFECTED)
    made = [
        Document.objects.create(
            application=file, name=f"{scan}.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, file=f"documents/{scan}", uploaded_at=timezone.now(), scan=scan,
        )
        for scan in scans
    ]  # fmt: skip
    prepare_for_committee(application=file, acting_user=None)
    session = opinions.sitting(site, [file])
    pages = {
        f"/staff/applications/application/{file.pk}/change/": scene.staff(Role.DIRECTOR),
        f"/staff/reviews/{review.pk}/": reader,
        f"/staff/sittings/{session.pk}/": session.chair,
    }
    for address, person in pages.items():
        page = doors.signed_in(person).get(f"{address}?lang=en").content.decode()
        assert all(document.name in page for document in made), address
        assert re.findall(r'"/staff/documents/(\d+)/"', page) == [str(made[0].pk)], address


def test_one_network_uploads_in_measure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UploadThrottle, "rate", "3/hour", raising=False)
    file = asked.application(site)
    client = doors.applicant_client(file)
    address = f"/my/{file.reference}/documents/?lang=en"
    for _time in range(3):
        client.post(address, sent(("a.exe", b"MZ")))
    page = client.post(address, sent(("a.pdf", pdf())), follow=True).content.decode()
    assert "Too many files came from your network." in page
    assert names() == []
