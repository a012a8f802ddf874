"""What the applicant gave, on the staff's page: answers, what changed in them, documents."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.labels import ScanState
from applications.models import (
    Document,
)
from applications.services.requests import answer_request
from sites.models import Site
from tests.factories import asked, scene
from tests.factories.file_pages import opened_by, section, shown

pytestmark = pytest.mark.django_db

LONG = "مشروع 🌾 **gras** <b>html</b> \u202eabc\u202c l'été\n" * 420  # about 20,000 characters


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


@pytest.fixture
def client(officer: User) -> Client:
    return opened_by(officer)


def test_long_answers_come_whole_escaped_and_in_their_direction(site: Site, client: Client) -> None:
    file = scene.application(site, project=LONG.strip()[:20_000])
    page = shown(client, file)
    whole = file.project.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")
    assert f'<div class="file-text file-long" dir="auto">{whole}</div>' in page
    assert "<b>html" not in page


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


def test_documents_stand_under_what_was_asked_and_say_what_is_missing(
    site: Site, client: Client
) -> None:
    file = asked.application(site)
    assert file.call_version is not None
    wanted = file.call_version.documents.get(key="statutes")
    part = section(shown(client, file), "documents")
    assert wanted.label in part
    assert '<span class="file-warning">missing</span>' in part
    for key, name in ((wanted.key, "plan.pdf"), ("", "annexe.pdf")):
        Document.objects.create(
            application=file, key=key, name=name, media_type="application/pdf", size=1,
            sha256="0" * 64, file=f"documents/{name}", uploaded_at=timezone.now(),
            scan=ScanState.CLEAN,
        )  # fmt: skip
    part = section(shown(client, file), "documents")
    assert "missing" not in part
    assert part.index(wanted.label) < part.index("plan.pdf") < part.index("Other documents")
    assert part.index("Other documents") < part.index("annexe.pdf")
