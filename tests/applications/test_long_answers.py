"""Answers of 20,000 characters in mixed scripts: by form and REST, on page and paper, found."""

import html
import io
import json
import re
import zipfile
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.choices import Role
from applications.forms import opened_now
from applications.models import Application, CallVersion
from applications.papers.file import file_pdf
from applications.services.reviews import open_review
from applications.services.screening import send_to_review, start_screening
from core.periods import ONE_DAY
from sites.models import Site
from tests.factories import calls, clients, doors, opinions, scene

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"
FILLER = (
    f"Été à Fès, l’“eau” **gras** _fin_ {SCRIPT} & <b>مشروع</b> \u200fيمين\u200e 🚀👩\u200d💻\n"
)
MARKS = "".join(f"mot{number:04d} " for number in range(1000))
END = " déjà Métallurgiste للزِّرَاعَةِ"


def long(mark: str) -> str:
    """Its numbered words tell that nothing of it is missing; its last ones, that it is searched to
    its end."""
    end = f"{END} {mark}"
    return (FILLER * 400)[: 20_000 - len(MARKS) - len(end)] + MARKS + end


PROJECT, TEAM, STORY = long("projet"), long("équipe"), long("récit")


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def version(site: Site) -> CallVersion:
    made = calls.draft(site, code="call-cas")
    calls.question(made, "story", "long_text", required=True)
    calls.criterion(made, "team")
    return calls.in_use(made)


def by_form(site: Site) -> tuple[Application, str]:
    """As a browser sends it, and the last page before it is sent."""
    client = Client()
    with time_machine.travel(timezone.now() - ONE_DAY, tick=False):
        opened = opened_now()
    begin = {"site": "CAS", "email": "a@demo.example", "keep": "on", "opened": opened, "fax": ""}
    address = client.post("/apply/", begin)["Location"]
    typed = scene.typed(project=PROJECT, team=TEAM, q_story=STORY)
    sent = {name: value.replace("\n", "\r\n") for name, value in typed.items()}
    for chapter in ("applicant", "project", "space"):
        client.post(f"{address}{chapter}/", sent)
    before = client.get(f"{address}send/").content.decode()
    assert client.post(f"{address}send/", {"consent": "on"}).status_code == 302
    return Application.objects.get(), before


def by_api(site: Site) -> tuple[Application, str]:
    client = clients.writer(Role.ADMISSIONS_OFFICER, site)

    def ask(path: str, body: Any) -> Any:
        answer = client.post(
            f"/api/v1/applications/{path}", json.dumps(body), content_type="application/json"
        )
        assert answer.status_code < 300, answer.content
        return answer.json()

    given = scene.typed(project=PROJECT, team=TEAM)
    draft = ask(
        "",
        {"site": "CAS", "contact_email": "a@demo.example", "language": "fr", "call": "call-cas",
         "answers": given, "questions": {"story": STORY}},
    )  # fmt: skip
    sent = ask(f"{draft['reference']}/submit/", {"consent": True})
    assert (sent["project"], sent["team"]) == (PROJECT, TEAM)
    return Application.objects.get(), ""


@pytest.mark.parametrize("door", [by_form, by_api])
def test_long_answers_are_whole_and_text_everywhere(
    site: Site, version: CallVersion, door: Any
) -> None:
    file, before = door(site)
    assert {len(text) for text in (PROJECT, TEAM, STORY)} == {20_000}
    assert (file.project, file.team, file.answers) == (PROJECT, TEAM, {"story": STORY})

    reader = opinions.reviewer(site)
    start_screening(application=file, acting_user=None)
    file = send_to_review(application=file, acting_user=None)
    review = open_review(review=opinions.assigned(file, reader), acting_user=reader)
    own, officer = doors.applicant_client(file), doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    page = f"/staff/applications/application/{file.pk}"
    shown = [
        own.get(f"/my/{file.reference}/").content.decode(),
        officer.get(f"{page}/change/").content.decode(),
        doors.signed_in(reader).get(f"/staff/reviews/{review.pk}/").content.decode(),
        *([before] if before else []),
    ]
    for text in (PROJECT, TEAM, STORY):
        lines = [one.replace("<br>", "\n") for one in shown]
        assert [html.escape(text) in one for one in lines] == [True] * len(shown)
    lists = ("applications/board/", "applications/application/", "search/?s=deja")
    for one in (*shown, *(officer.get(f"/staff/{each}").content.decode() for each in lists)):
        assert SCRIPT not in one

    taken = b"".join(own.get(f"/my/{file.reference}/export/"))
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        data = json.loads(archive.read("data.json"))
    answers = data["versions"][0]["answers"]
    assert (answers["project"], answers["team"]) == (PROJECT, TEAM)
    assert data["answers"]["answers"] == {"story": STORY}

    for asked in (
        *("deja metallurgiste", "MÉTALLURGISTES", "mot0999", "recit"),
        *("الزراعة", "زراعه", "للزراعة", "مشروع"),
    ):
        listed = officer.get("/staff/applications/application/", {"q": asked})
        assert list(listed.context["cl"].result_list) == [file], asked


def test_long_answers_are_whole_on_paper(site: Site, version: CallVersion) -> None:
    file, _before = by_api(site)
    pdf = PdfReader(io.BytesIO(file_pdf(file, user=scene.staff(Role.DIRECTOR))))
    paper = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))
    assert {paper.count(word) for word in MARKS.split()} == {3}
    assert SCRIPT in paper
