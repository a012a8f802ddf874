"""Documents on the staff site and over REST: issued, opened by whoever may, kept signed."""

import datetime as dt
import hashlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import today
from leases.choices import DocumentKind
from leases.models import ClauseTemplate, Lease, LeaseDocument, SignedCopy
from leases.services.documents import issue_document
from leases.services.settlements import begin_settlement
from sites.models import Site
from tests.factories import clients, doors, scene, tenancies, uploads

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 15)
PDF = b"%PDF-"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> Client:
    return doors.staff_client(Role.SITE_MANAGER, site)


@pytest.fixture
def lease(site: Site) -> Lease:
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def contract(lease: Lease, language: str = "fr") -> LeaseDocument:
    return issue_document(
        lease=lease, kind=DocumentKind.CONTRACT, language=language, acting_user=None
    )


def page(lease: Lease, path: str = "change") -> str:
    return f"/staff/leases/lease/{lease.pk}/{path}/?lang=en"


def read(answer: Any) -> bytes:
    """A file's bytes; closing the whole answer would close the database too."""
    data = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return data


def test_a_document_is_issued_signed_and_opened_on_the_leases_page(
    manager: Client, lease: Lease, site: Site
) -> None:
    answer = manager.post(page(lease, "issue-document"), {"what": "contract", "language": "ar"})
    assert answer.status_code == 302
    document = LeaseDocument.objects.get()
    data = uploads.pdf()
    sent = {
        "document": document.pk,
        "file": SimpleUploadedFile("signé.pdf", data, "application/pdf"),
        "signed_on": str(today()),
        "signers": "Mme Alaoui\nM. Bennis",
    }
    assert manager.post(page(lease, "signed-copy"), sent).status_code == 302
    copy = SignedCopy.objects.get()
    text = manager.get(page(lease)).content.decode()
    for words in ("Contract", "Arabic", document.sha256, "signé.pdf", "Mme Alaoui<br>M. Bennis"):
        assert words in text
    for address, name, body_hash in (
        (f"/staff/lease-documents/{document.pk}/", document.filename, document.sha256),
        (f"/staff/signed-copies/{copy.pk}/", "sign", hashlib.sha256(data).hexdigest()),
    ):
        opened = manager.get(address)
        assert opened.headers["Content-Disposition"].startswith("attachment; filename")
        assert name in opened.headers["Content-Disposition"]
        assert "no-store" in opened.headers["Cache-Control"]
        assert hashlib.sha256(read(opened)).hexdigest() == body_hash
        elsewhere = doors.staff_client(Role.SITE_MANAGER, scene.site(f"R{copy.pk}{len(name)}"))
        assert elsewhere.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    assert finance.post(page(lease, "issue-document"), {"what": "contract"}).status_code == 403
    assert finance.post(page(lease, "signed-copy"), sent).status_code == 403


def test_the_contract_of_an_imported_lease_is_uploaded_and_shown(
    manager: Client, lease: Lease
) -> None:
    Lease.objects.filter(pk=lease.pk).update(imported=True)
    form = manager.get(page(lease, "signed-copy")).context["form"]
    assert list(form.fields["document"].choices) == [("", "the contract, signed elsewhere")]
    sent = {
        "document": "",
        "file": SimpleUploadedFile("bail.pdf", uploads.pdf(), "application/pdf"),
        "signed_on": "2025-12-20",
        "signers": "Mme Alaoui",
    }
    assert manager.post(page(lease, "signed-copy"), sent).status_code == 302
    copy = SignedCopy.objects.get()
    text = manager.get(page(lease)).content.decode()
    for words in ("Contract, signed elsewhere", "bail.pdf", "20/12/2025", "Mme Alaoui"):
        assert words in text
    assert read(manager.get(f"/staff/signed-copies/{copy.pk}/")) == uploads.pdf()


def test_signed_copies_are_put_over_rest(lease: Lease, site: Site) -> None:
    document, data = contract(lease), uploads.pdf()
    client = clients.writer(Role.SITE_MANAGER, site)
    base = f"/api/v1/leases/{lease.number}/"
    about = {"signed_on": "2026-01-10", "signers": "Mme Alaoui\nM. Bennis"}

    def put(given: dict[str, Any], by: Client = client) -> Any:
        address = f"{base}signed-copies/bail.pdf?{urlencode(given)}"
        answer = by.put(address, data, "application/pdf")
        return answer.status_code, answer.json()

    status, copy = put({**about, "document": document.pk})
    assert (status, copy) == (
        200,
        {
            "id": copy["id"],
            "name": "bail.pdf",
            "media_type": "application/pdf",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "signed_on": "2026-01-10",
            "signers": ["Mme Alaoui", "M. Bennis"],
        },
    )
    assert put({**about, "document": document.pk}) == (200, copy)
    for given, code, field in (
        (about, "signed_here", []),
        ({**about, "document": "9" * 30}, "invalid", ["document"]),
        ({"signers": "x"}, "invalid", ["signed_on"]),
        ({**about, "signers": " ", "document": document.pk}, "signers_missing", ["signers"]),
        ({**about, "signers": "\0"}, "invalid", ["signers"]),
    ):
        problem = put(given)[1]
        assert (problem["code"], list(problem.get("errors") or ())) == (code, field), problem
    assert put(about, clients.writer(Role.FINANCE_OFFICER, site))[0] == 403
    assert put(about, clients.writer(Role.SITE_MANAGER, scene.site("RAB")))[0] == 404
    Lease.objects.filter(pk=lease.pk).update(imported=True)
    status, elsewhere = put(about)
    listed = client.get(f"{base}documents/").json()
    assert (status, listed["signed_elsewhere"]) == (200, [elsewhere])
    assert listed["results"][0]["signed_copies"] == [copy]
    for one in (copy, elsewhere):
        assert read(client.get(f"{base}signed-copies/{one['id']}/")) == data


def test_a_draft_shows_its_contract_in_each_language(manager: Client, site: Site) -> None:
    draft = tenancies.drafted(site, scene.office(site))
    text = manager.get(page(draft)).content.decode()
    for language in ("fr", "ar", "en"):
        address = f"/staff/leases/lease/{draft.pk}/draft-contract/?language={language}"
        assert address in text
        assert manager.get(address).content.startswith(PDF)
    assert LeaseDocument.objects.count() == 0


def test_clauses_are_edited_with_a_preview_of_what_stands_in_the_form(
    site: Site, lease: Lease
) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    add = "/staff/leases/clausetemplate/add/?lang=en"
    begun = {"kind": "contract", "language": "fr", "site": site.pk, "body": ""}
    wrong = director.post(add, {**begun, "body": "Objet\n{nothing}"})
    assert "Nothing is filled in for {nothing}." in wrong.content.decode()
    assert director.post(add, begun).status_code == 302
    template = ClauseTemplate.objects.get()
    assert "{deposit_in_words}" in template.body
    base = f"/staff/leases/clausetemplate/{template.pk}"
    edit = director.get(f"{base}/edit/?lang=en").content.decode()
    assert f'formaction="{base}/preview/"' in edit
    typed = {"body": "Objet\nLes locaux {spaces}.", "number": lease.number}
    assert director.post(f"{base}/preview/", typed).content.startswith(PDF)
    assert director.get(f"{base}/preview/?number=").content.startswith(PDF)
    refused = director.post(f"{base}/preview/?lang=en", {**typed, "body": "Objet\n{x}"})
    assert "Nothing is filled in for {x}." in refused.content.decode()
    unknown = director.post(f"{base}/preview/?lang=en", {**typed, "number": "no"})
    assert "There is no lease to show it on." in unknown.content.decode()
    template.refresh_from_db()
    assert "{deposit_in_words}" in template.body  # a preview writes nothing
    contract(lease)
    saved = director.post(f"{base}/edit/", typed)
    newer = ClauseTemplate.objects.get(version=2)
    assert saved.headers["Location"] == f"/staff/leases/clausetemplate/{newer.pk}/change/"
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    assert manager.get(f"{base}/preview/?number=").content.startswith(PDF)
    kind = DocumentKind.SETTLEMENT
    director.post(add, {**begun, "kind": kind})
    settling = f"/staff/leases/clausetemplate/{ClauseTemplate.objects.get(kind=kind).pk}"
    missing = manager.get(f"{settling}/preview/?number=&lang=en").content.decode()
    assert "There is no lease to show it on." in missing
    begin_settlement(lease=lease, acting_user=None)
    tenancies.signed(site, scene.office(site, code="Z9"))  # the newest has none
    assert manager.get(f"{settling}/preview/?number=").content.startswith(PDF)
    assert manager.post(f"{base}/edit/", typed).status_code == 403


def test_documents_over_rest(lease: Lease, site: Site) -> None:
    document = contract(lease)
    client = clients.client(Role.AUDITOR, site)
    listed = client.get(f"/api/v1/leases/{lease.number}/documents/").json()
    (row,) = listed["results"]
    issued_at = row.pop("issued_at")
    assert dt.datetime.fromisoformat(issued_at) == document.made_at
    assert row == {
        "id": document.pk,
        "kind": "contract",
        "language": "fr",
        "amendment": None,
        "report": None,
        "settlement": None,
        "day": None,
        "sha256": document.sha256,
        "signed_copies": [],
    }
    bytes_at = f"/api/v1/leases/{lease.number}/documents/{document.pk}/"
    answer = client.get(bytes_at)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert hashlib.sha256(read(answer)).hexdigest() == document.sha256
    other = tenancies.signed(site, scene.office(site))
    wrong = f"/api/v1/leases/{other.number}/documents/{document.pk}/"
    assert client.get(wrong).status_code == 404
    assert clients.client(Role.AUDITOR, scene.site("RAB")).get(bytes_at).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_documents_cost_the_same_however_many(
    lease: Lease, site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for language in ("fr", "ar", "en")[:count]:
        contract(lease, language)
    client = clients.client(Role.DIRECTOR)
    address = f"/api/v1/leases/{lease.number}/documents/"
    client.get(address)
    with django_assert_num_queries(4):
        client.get(address)
