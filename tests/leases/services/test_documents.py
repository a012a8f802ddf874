"""Documents as issued: once, by the terms they belong to, in the words that were in use."""

import datetime as dt
import hashlib
import io
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from accounts.choices import Role
from applications.models import Application
from applications.services.answers import accept_offer
from core.errors import DomainError, NotAllowed
from core.languages import Language
from core.periods import today
from core.placeholders import unknown
from core.uploads.refusals import UploadActive
from leases import changes
from leases.choices import AmendmentKind, DocumentKind, NoticeBy
from leases.errors import (
    BadLeaseDate,
    CopyInfected,
    NothingToIssue,
    SignedHere,
    SignersMissing,
)
from leases.models import Amendment, ClauseTemplate, Lease, LeaseDocument, SignedCopy
from leases.papers.clauses import own_clauses
from leases.papers.documents import document_pdf
from leases.papers.subject import Subject
from leases.placeholders import known
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.clauses import change_clauses, write_clauses
from leases.services.documents import (
    draft_contract,
    issue_document,
    issue_missing,
)
from leases.services.notices import give_notice
from leases.services.signed_copies import keep_contract_from_elsewhere, keep_signed_copy
from leases.services.signing import sign_lease
from leases.signature import ByHand, SignedFile
from sites.models import Site
from tests.concurrency.crowd import at_once
from tests.factories import scene, tenancies, uploads

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 15)
JULY = dt.date(2026, 7, 1)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """A start-up's three years from 15 January 2026 on 24.50 m²."""
    space = scene.office(site, code="A101", area_m2="24.50")
    return tenancies.active(site, space, start=START, kind="startup")


def amended(lease: Lease) -> Amendment:
    """30 m² from July on, and a deposit to match."""
    after = changes.with_deposit(
        changes.resize(terms_of(lease), 0, JULY, Decimal(30)), Decimal("1500.50")
    )
    drafted = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=JULY,
        after=after,
        reason="Agrandissement",
        acting_user=None,
    )
    return sign_amendment(amendment=drafted, signed_on=today(), acting_user=None)


def issued(lease: Lease, kind: str = "contract", language: str = "fr", **about: Any) -> Any:
    return issue_document(
        lease=lease, kind=DocumentKind(kind), language=language, **{"acting_user": None, **about}
    )


def stored(row: LeaseDocument | SignedCopy) -> bytes:
    return Path(row.file.path).read_bytes()


def text_of(pdf: bytes) -> str:
    """On one line, each space the same."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def by_hand(data: bytes, **given: Any) -> ByHand:
    told: dict[str, Any] = {
        "file": io.BytesIO(data),
        "name": "Contrat signé.pdf",
        "size": len(data),
        "signed_on": today(),
        "signers": "Mme Alaoui, gérante\nM. Bennis, directeur",
    }
    return ByHand(SignedFile(**told | given))


def test_a_contract_says_what_was_signed_whatever_came_after(lease: Lease) -> None:
    amended(lease)
    document = issued(lease)
    pdf = stored(document)
    text = text_of(pdf)
    for words in (
        lease.number,
        "24,50",
        "15/01/2026 – 14/07/2027",
        "50,00",
        "15/07/2027 – 14/01/2029",
        "100,00",
        "225,00",
        "mille deux cent vingt-cinq dirhams",
    ):
        assert words in text
    assert "30 m²" not in text
    assert b"pdfaid:part" in pdf  # PDF/A, with its fonts inside
    assert document.sha256 == hashlib.sha256(pdf).hexdigest()
    assert (document.version.version, document.template, document.acting_user) == (1, None, None)


def test_asked_again_the_stored_one_is_given_and_each_language_has_its_own(lease: Lease) -> None:
    signed = amended(lease)
    first = {
        (kind, language): issued(lease, kind, language, **about).pk
        for kind, about in (("contract", {}), ("amendment", {"amendment": signed}))
        for language in Language.values
    }
    again = {
        (kind, language): issued(lease, kind, language, **about).pk
        for kind, about in (("contract", {}), ("amendment", {"amendment": signed}))
        for language in Language.values
    }
    assert again == first
    assert LeaseDocument.objects.count() == len(set(first.values())) == 6


def test_an_amendment_says_before_and_after_and_letters_what_holds_now(lease: Lease) -> None:
    signed = amended(lease)
    text = text_of(stored(issued(lease, "amendment", amendment=signed)))
    for words in ("Agrandissement", "24,50 m²", "30 m²", "mille cinq cents dirhams et cinquante"):
        assert words in text
    notice = give_notice(
        lease=lease,
        given_by=NoticeBy.TENANT,
        given_on=today(),
        reason="Départ à Rabat",
        acting_user=None,
    )
    letter = text_of(stored(issued(lease, "notice", notice=notice)))
    assert "Départ à Rabat" in letter
    certificate = issued(lease, "certificate")
    assert "A-A101" in text_of(stored(certificate))
    assert (certificate.day, certificate.version.version) == (today(), 2)


def test_a_draft_is_marked_and_kept_nowhere(site: Site) -> None:
    draft = tenancies.drafted(site, scene.office(site), start=START)
    with translation.override("en"):
        text = text_of(draft_contract(draft, "en"))
    assert "DRAFT" in text
    assert LeaseDocument.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("contract", "The lease is not signed yet."),
        ("amendment", "The lease is not signed yet."),
        ("certificate", "The lease is not signed yet."),
    ],
)
def test_of_a_draft_nothing_is_issued(site: Site, kind: str, why: str) -> None:
    draft = tenancies.drafted(site, scene.office(site))
    with translation.override("en"), pytest.raises(NothingToIssue) as refusal:
        issued(draft, kind)
    assert refusal.value.message == why


def test_what_there_is_not_is_refused(lease: Lease, site: Site) -> None:
    other = tenancies.signed(site, scene.office(site))
    elsewhere = amended(lease)
    Lease.objects.filter(pk=lease.pk).update(imported=True)
    refused: tuple[tuple[Lease, str, dict[str, Any], str], ...] = (
        (lease, "contract", {}, "This lease was signed elsewhere, before it came here."),
        (other, "amendment", {"amendment": elsewhere}, "This lease has no such amendment."),
        (other, "notice", {}, "No notice of this lease is known."),
        (other, "certificate", {}, "Only a tenant who has the keys is certified."),
    )
    for row, kind, about, why in refused:
        with translation.override("en"), pytest.raises(NothingToIssue) as refusal:
            issued(row, kind, **about)
        assert refusal.value.message == why
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    with pytest.raises(NotAllowed):
        issued(other, acting_user=officer)


def test_signing_leaves_the_documents_to_a_job(
    site: Site, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """In the language in which the company applied."""
    with django_capture_on_commit_callbacks() as woken:
        file = scene.application(site, name="Argan Démo")
        Application.objects.filter(pk=file.pk).update(language="ar")
        accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
        hosted = Lease.objects.get(application=file)
        sign_lease(lease=hosted, signed_on=today(), acting_user=None)
        plain = tenancies.active(site, scene.office(site), start=START)
        amended(plain)
    assert woken
    assert LeaseDocument.objects.count() == 0
    imported = tenancies.signed(site, scene.office(site))
    Lease.objects.filter(pk=imported.pk).update(imported=True)
    assert (issue_missing(), issue_missing()) == (3, 0)
    by_job = LeaseDocument.objects.filter(acting_user=None)
    assert set(by_job.values_list("lease__number", "kind", "language")) == {
        (hosted.number, "contract", "ar"),
        (plain.number, "contract", "fr"),
        (plain.number, "amendment", "fr"),
    }


def test_clauses_that_were_used_stay_and_the_next_document_says_the_new_ones(
    lease: Lease, site: Site
) -> None:
    director = scene.staff(Role.DIRECTOR)
    told: dict[str, Any] = {"kind": "contract", "language": "fr", "acting_user": director}
    write_clauses(site=None, body="Réseau\nPour tous.", **told)
    own = write_clauses(site=site, body="Objet\nLes lieux {spaces}.", **told)
    own = change_clauses(template=own, body="Objet\nLes locaux {spaces}.", acting_user=director)
    assert own.version == 1  # not used yet: only corrected
    document = issued(lease)
    assert document.template == own
    assert "Les locaux A-A101." in text_of(stored(document))
    newer = change_clauses(template=own, body="Objet\nAutre chose.", acting_user=director)
    assert (newer.version, newer.pk == own.pk) == (2, False)
    own.refresh_from_db()
    assert own.body == "Objet\nLes locaux {spaces}."
    assert issued(lease).template == own
    assert issued(tenancies.signed(site, scene.office(site))).template == newer
    rabat = scene.site("RAB")
    assert "Pour tous." in text_of(stored(issued(tenancies.signed(rabat, scene.office(rabat)))))
    with pytest.raises(DomainError) as refusal:
        change_clauses(template=own, body="Trop tard\nNon.", acting_user=director)
    assert refusal.value.code == "clauses_outdated"
    for statement in (
        f"UPDATE leases_clausetemplate SET body = 'x' WHERE id = {own.pk}",
        f"DELETE FROM leases_clausetemplate WHERE id = {own.pk}",
    ):
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            connection.cursor().execute(statement)


def test_only_who_may_writes_clauses_and_every_brace_means_something(site: Site) -> None:
    told: dict[str, Any] = {"kind": "notice", "language": "fr", "site": site}
    with pytest.raises(NotAllowed):
        write_clauses(body="", acting_user=scene.staff(Role.SITE_MANAGER, site), **told)
    here = scene.staff(Role.DIRECTOR, site)
    with pytest.raises(NotAllowed):
        write_clauses(body="", acting_user=here, **{**told, "site": None})
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        write_clauses(body="Le {last_day}, {deposit} et {", acting_user=here, **told)
    assert refusal.value.message_dict["body"][0].startswith(
        "Nothing is filled in for {deposit} {. This document knows: {number} "
    )
    begun = write_clauses(body="", acting_user=here, **told)
    assert begun.body == own_clauses("notice", "fr").strip()
    assert ClauseTemplate.objects.count() == 1


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("kind", DocumentKind)
def test_the_products_own_clauses_use_all_languages_and_known_words_alike(
    kind: str, language: str
) -> None:
    own, french = own_clauses(kind, language), own_clauses(kind, "fr")
    assert unknown(own, known(kind)) == []
    used = [name for name in known(kind) if f"{{{name}}}" in french]
    assert [name for name in known(kind) if f"{{{name}}}" in own] == used
    assert own.count("\n\n") == french.count("\n\n")


def test_a_signed_copy_is_checked_and_kept_beside_its_document(lease: Lease, site: Site) -> None:
    document = issued(lease)
    manager = scene.staff(Role.SITE_MANAGER, site)
    data = uploads.pdf()

    def keep(signature: ByHand, user: Any = manager) -> SignedCopy | None:
        return keep_signed_copy(document=document, signature=signature, acting_user=user)

    kept = keep(by_hand(data))
    assert kept is not None
    assert stored(kept) == data
    assert (kept.media_type, kept.size, kept.sha256, kept.signed_on, kept.signers) == (
        "application/pdf",
        len(data),
        hashlib.sha256(data).hexdigest(),
        today(),
        "Mme Alaoui, gérante\nM. Bennis, directeur",
    )
    assert "Contrat" not in (kept.file.name or "")
    assert keep(by_hand(data)) == kept
    scripted = uploads.pdf(lambda writer: writer.add_attachment("x.exe", b"x"))
    refused: tuple[tuple[ByHand, type[DomainError]], ...] = (
        (by_hand(scripted), UploadActive),
        (by_hand(data, signed_on=today() + dt.timedelta(days=1)), BadLeaseDate),
        (by_hand(data, signers=" \n"), SignersMissing),
    )
    for signature, error in refused:
        with pytest.raises(error):
            keep(signature)
    with pytest.raises(NotAllowed):
        keep(by_hand(data), scene.staff(Role.FINANCE_OFFICER, site))
    with (
        uploads.clamd() as (address, _seen),
        override_settings(CLAMD_ADDRESS=address),
        pytest.raises(CopyInfected),
    ):
        keep(by_hand(data + b"\n%" + uploads.EICAR))
    assert SignedCopy.objects.count() == 1


def test_the_contract_of_an_imported_lease_is_kept_as_it_came(lease: Lease, site: Site) -> None:
    manager = scene.staff(Role.SITE_MANAGER, site)
    signed = by_hand(uploads.pdf()).uploaded
    with pytest.raises(SignedHere):
        keep_contract_from_elsewhere(lease=lease, signed=signed, acting_user=manager)
    document = issued(lease)
    Lease.objects.filter(pk=lease.pk).update(imported=True)
    lease.refresh_from_db()
    kept = keep_contract_from_elsewhere(lease=lease, signed=signed, acting_user=manager)
    assert (kept.lease, kept.document, stored(kept)) == (lease, None, uploads.pdf())
    assert keep_contract_from_elsewhere(lease=lease, signed=signed, acting_user=manager) == kept
    with pytest.raises(NotAllowed):
        keep_contract_from_elsewhere(
            lease=lease, signed=signed, acting_user=scene.staff(Role.FINANCE_OFFICER, site)
        )
    # Whoever writes: a copy is of a document of its own lease.
    other = tenancies.signed(site, scene.office(site))
    fields = {"name": "x", "media_type": "x", "size": 1, "sha256": "x", "signed_on": today()}
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedCopy.objects.create(lease=other, document=document, signers="x", **fields)


@pytest.mark.django_db(transaction=True)
def test_asked_by_many_at_once_there_is_one_document_and_one_file() -> None:
    site = scene.site("CAS")
    lease = tenancies.signed(site, scene.office(site))
    made = at_once(6, lambda _number: issued(lease).pk)
    document = LeaseDocument.objects.get()
    assert set(made) == {document.pk}
    assert hashlib.sha256(stored(document)).hexdigest() == document.sha256


@pytest.mark.django_db(transaction=True)
def test_without_the_leases_lock_two_would_write_it(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    """The database refuses the second, whose file does not stay either."""
    settings.MEDIA_ROOT = tmp_path
    site = scene.site("CAS")
    lease = tenancies.signed(site, scene.office(site))
    both_ask = threading.Barrier(2, timeout=60)

    def when_both_have_asked(subject: Subject, text: str) -> bytes:
        both_ask.wait()
        return document_pdf(subject, text)

    def unlocked(row: Lease, *, states: Any) -> Lease:
        return Lease.objects.get(pk=row.pk)

    monkeypatch.setattr("leases.services.documents.locked", unlocked)
    monkeypatch.setattr("leases.services.documents.document_pdf", when_both_have_asked)
    with pytest.raises(IntegrityError, match="leases_leasedocument_once"):
        at_once(2, lambda _number: issued(lease).pk)
    document = LeaseDocument.objects.get()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == [Path(document.file.path)]
