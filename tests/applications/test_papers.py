"""Pack, minutes and whole file as PDF: complete, for one reader, the same bytes twice."""

import hashlib
import io
import re

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from accounts.choices import Role
from applications.labels import ScanState
from applications.models import Application, Document, Session
from applications.papers.file import file_pdf
from applications.papers.minutes import minutes_pdf
from applications.papers.pack import pack_pdf
from applications.services import committee
from applications.services.conflicts import declare
from applications.services.minutes import sign_minutes
from applications.services.screening import prepare_for_committee
from core.errors import NotAllowed
from sites.models import Site
from tests.factories import opinions, scene

pytestmark = pytest.mark.django_db

OOXML = "application/vnd.openxmlformats-officedocument."
MIXED = (
    "Café #let x = 1 *pas gras* _ni_ `code` $ 1+1 $ \\ <b>html</b> & <script>alert(1)</script> "
    '#import "/pdf/base.typ" @ref // fin\n'
    "مشروع للري الذكي \u200f\u2067نص\u2069 🙂👩\u200d💻\n"
)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def text_of(pdf: bytes) -> str:
    """Without the breaks of lines and pages."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def document(file: Application, name: str, media_type: str) -> None:
    Document.objects.create(
        application=file, name=name, media_type=media_type, size=1, sha256="0" * 64,
        file=f"documents/{name}", uploaded_at=timezone.now(), scan=ScanState.CLEAN,
    )  # fmt: skip


def reviewed(site: Site, name: str) -> Application:
    file = opinions.in_review(site, opinions.rubric_once(site), name=name)
    opinions.reviewed(file, opinions.reviewer(site), team=5, market=10)
    opinions.reviewed(file, opinions.reviewer(site), team=2, market=2, recommendation="refuse")
    return prepare_for_committee(application=file, acting_user=None)


def test_answers_of_20000_characters_are_whole_and_never_markup(site: Site) -> None:
    numbered = "".join(f"mot{nr:04d} " for nr in range(1250))
    text = (MIXED * 200)[: 20_000 - len(numbered)] + numbered
    assert len(text) == 20_000
    file = opinions.in_review(site, name="Argan #set text(9pt) *Démo*", project=text, team=text)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    pdf = file_pdf(file, user=officer)
    found = text_of(pdf)
    for sample in (
        "Argan #set text(9pt) *Démo*",
        "Café #let x = 1 *pas gras* _ni_ `code` $ 1+1 $ \\ <b>html</b> &",
        "<script>alert(1)</script>",
        '#import "/pdf/base.typ" @ref // fin',
        "slightly smiling face",
        str(file.contact_email),
    ):
        # A line may break anywhere in what has no spaces.
        assert squeezed(sample) in squeezed(found)
    assert all(found.count(f"mot{nr:04d}") == 2 for nr in range(0, 1250, 7))
    assert file_pdf(file, user=officer) == pdf
    reader = opinions.reviewer(site)
    with pytest.raises(NotAllowed):
        file_pdf(file, user=reader)
    opinions.reviewed(file, reader)
    assert str(file.contact_email) not in text_of(file_pdf(file, user=reader))


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_pack_says_what_the_committee_needs_in_the_readers_language(
    site: Site, language: str
) -> None:
    file = reviewed(site, "Argan Démo")
    document(file, "word.docx", f"{OOXML}wordprocessingml.document")
    session = opinions.sitting(site, [file])
    reader = session.chair
    reader.language = language
    reader.save()
    pdf = pack_pdf(session, reader=reader)
    assert pack_pdf(session, reader=reader) == pdf
    root = PdfReader(io.BytesIO(pdf)).root_object
    assert str(root["/Lang"]).startswith(language)
    found = text_of(pdf).replace(",", ".")
    for sample in ("Argan Démo", "67.50", "100.00", "32.50", "Une équipe solide.",
                   "Trois fondateurs.", "Un capteur pour l'irrigation.", "DOCX"):  # fmt: skip
        assert sample in found
    assert "openxmlformats" not in squeezed(found)
    with pytest.raises(NotAllowed):
        pack_pdf(session, reader=opinions.reviewer(site))


def test_a_reader_in_conflict_gets_neither_the_files_pages_nor_its_votes(site: Site) -> None:
    hidden, shown = reviewed(site, "Hidden Projet"), reviewed(site, "Shown Projet")
    session = opinions.sitting(site, [hidden, shown])
    reader = session.members.filter(substitute=False).latest("id").user
    reader.language = "en"
    reader.save()
    assert "Hidden Projet" in text_of(pack_pdf(session, reader=reader))
    declare(application=hidden, conflicted=True, acting_user=reader)
    opinions.closed(session)
    for pdf in (pack_pdf(session, reader=reader), minutes_pdf(session, reader=reader)):
        found = text_of(pdf)
        assert "Hidden Projet" not in found
        assert "Shown Projet" in found
        assert "Without 1 application, in which you have a conflict of interest." in found
    # Numbered as in the minutes that the others have.
    assert f"2. {shown.reference}" in found
    assert "Hidden Projet" in text_of(minutes_pdf(session))
    assert "Draft: not signed yet." in found


def test_signed_minutes_are_kept_as_they_were_signed(site: Site) -> None:
    file = reviewed(site, "Argan Démo")
    session = opinions.sitting(site, [file])
    chair = session.chair
    chair.language, chair.name = "en", "Présidente Démo"
    chair.save()
    item = session.agenda.get()
    opinions.votes(item, "admit", "refuse", "refuse")
    committee.note_discussion(item=item, words="Débat *animé*.", acting_user=None)
    committee.note_remarks(session=session, words="Fin à midi.", acting_user=None)
    committee.settle_item(
        item=item, outcome="refuse", reasons=["not_mature"], note="Marché flou.", acting_user=None
    )
    committee.close_session(session=session, acting_user=None)
    session.refresh_from_db()
    with time_machine.travel("2026-03-04 10:00+00:00", tick=False):
        signed = sign_minutes(session=session, acting_user=Session.objects.get().chair)
    with signed.minutes.open() as kept:
        pdf = kept.read()
    assert hashlib.sha256(pdf).hexdigest() == signed.minutes_sha256
    found = text_of(pdf)
    for sample in ("Argan Démo", "Débat *animé*.", "Fin à midi.", "Marché flou.",
                   "project not mature enough", "admit: 1, refuse: 2", "3 / 3",
                   "Signed by Présidente Démo", "Présidente Démo chair present"):  # fmt: skip
        assert sample in found
