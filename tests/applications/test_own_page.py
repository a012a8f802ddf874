"""The applicant's own page: where it stands, what is asked, what is said, all of it to take."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from applications.errors import BadRequest, DocumentsMissing
from applications.labels import Outcome
from applications.models import Application, Review, Task, TaskTemplate
from applications.services import requests
from applications.services.answers import accept_offer, withdraw
from applications.services.conversation import say
from applications.services.decisions import decide, publish
from applications.services.documents import add_document, remove_document
from applications.services.requests import answer_request
from applications.services.tasks import complete_task, reopen_task
from core import messages
from core.models import Message
from core.periods import today
from sites.models import Site
from tests.factories import asked, doors, scene
from tests.factories.uploads import pdf, png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def upload(file: Application, key: str, content: bytes, name: str = "a.pdf", **more: Any) -> Any:
    return add_document(
        application=file,
        key=key,
        file=io.BytesIO(content),
        name=name,
        size=len(content),
        **{"acting_user": file.applicant, **more},
    )


def page(client: Client, file: Application) -> str:
    return client.get(f"/my/{file.reference}/?lang=en").content.decode()


def test_what_is_asked_comes_first_and_documents_have_to_come(site: Site) -> None:
    file = asked.application(site)
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    form = f"/staff/applications/application/{file.pk}/request-information/"
    fields = officer.get(form).context["form"].fields
    assert {
        name: list(dict(fields[name].choices)) for name in ("questions_wanted", "documents_wanted")
    } == {"questions_wanted": ["stage", "plan"], "documents_wanted": ["statutes", "pitch"]}
    asks = {
        "fields_wanted": ["project"],
        "documents_wanted": ["statutes"],
        "message": "Il nous manque vos statuts.",
        "due_on": (today() + timedelta(days=7)).isoformat(),
    }
    assert officer.post(form, asks).status_code == 302
    (letter,) = Message.objects.filter(matter__endswith=":request")
    assert "– Le projet\n– Statuts\n" in letter.body
    client = doors.applicant_client(file)
    shown = page(client, file)
    assert shown.index("Il nous manque vos statuts.") < shown.index('id="documents"')
    assert 'href="#document-statutes"' in shown
    rows = client.get(f"/my/{file.reference}/").context["wanted"]
    assert [row.key for row in rows if row.is_open] == ["statutes", ""]
    answer = f"/my/{file.reference}/answer/?lang=en"
    refused = client.post(answer, {"project": "Mieux"})
    assert refused.status_code == 422
    assert "Upload what was asked for first: Statutes." in refused.content.decode()
    assert "Mieux" in refused.content.decode()
    upload(file, "statutes", pdf())
    assert client.post(answer, {"project": "Mieux"}).status_code == 302
    file.refresh_from_db()
    assert (file.state, file.project, file.revision) == ("submitted", "Mieux", 2)


def test_questions_of_the_call_are_asked_again_with_what_was_answered(site: Site) -> None:
    file = asked.application(site)
    requests.request_information(
        application=file,
        questions=["stage"],
        message="Où en êtes-vous maintenant ?",
        due_on=today() + timedelta(days=5),
        acting_user=None,
    )
    client = doors.applicant_client(file)
    address = f"/my/{file.reference}/?lang=en"
    form = client.get(address).context["form"]
    assert (list(form.fields), form["q_stage"].initial) == (["q_stage"], "idea")
    answer = f"/my/{file.reference}/answer/?lang=en"
    for wrong in ("", "nonsense"):
        refused = client.post(answer, {"q_stage": wrong})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"q_stage"})
    assert client.post(answer, {"q_stage": "sales", "q_other": "x"}).status_code == 302
    file.refresh_from_db()
    assert (file.state, file.answers) == ("submitted", {"stage": "sales"})
    assert (file.revisions.latest("number").answers or {})["answers"] == {"stage": "sales"}


def test_the_page_says_what_the_applicants_answer_has_done(site: Site) -> None:
    accepted, declined, withdrawn = (scene.application(site) for _number in range(3))
    spaces = [scene.office(site) for _number in range(2)]
    offers = [scene.offer(*each) for each in zip((accepted, declined), spaces, strict=True)]

    def answers(file: Application, verb: str, **given: object) -> str:
        client = doors.applicant_client(file)
        address = f"/my/{file.reference}/{verb}/?lang=en"
        return client.post(address, given, follow=True).content.decode()

    for other in ("", "abc", str(offers[1].pk)):
        refused = doors.applicant_client(accepted).post(
            f"/my/{accepted.reference}/accept/", {"offer": other}
        )
        assert refused.status_code == 404
    shown = answers(accepted, "accept", offer=offers[0].pk)
    assert "You have accepted our offer. We are preparing your lease" in shown
    assert "What you accepted" in shown
    assert spaces[0].code in shown
    assert "Accept the offer" not in shown
    shown = answers(declined, "decline", offer=offers[1].pk)
    assert "You have declined our offer." in shown
    assert spaces[1].code not in shown
    shown = answers(withdrawn, "withdraw", reason="Ailleurs.")
    assert "You have withdrawn your application." in shown


def test_what_was_asked_has_to_be_answered(site: Site) -> None:
    file = asked.application(site)
    scene.asked(file, ["team", "website"])
    client = doors.applicant_client(file)
    refused = client.post(f"/my/{file.reference}/answer/?lang=en", {"team": " ", "website": ""})
    assert set(refused.context["form"].errors) == {"team"}  # not everybody has a website
    long = {"team": "Amina", "website": f"https://demo.example/{'a' * 200}"}
    refused = client.post(f"/my/{file.reference}/answer/?lang=en", long)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"website"})


def test_the_list_has_drafts_to_go_on_with_and_to_give_up(site: Site) -> None:
    sent = asked.application(site)
    draft = scene.draft(site, email=sent.contact_email)
    client = doors.applicant_client(sent)
    rows = client.get("/my/?lang=en")
    assert [row["file"] for row in rows.context["rows"]] == [draft, sent]
    assert f'href="/apply/{draft.reference}/"' in rows.content.decode()
    assert client.get(f"/my/{draft.reference}/")["Location"] == f"/apply/{draft.reference}/"
    client.post(f"/apply/{draft.reference}/give-up/")
    assert [row["file"] for row in client.get("/my/").context["rows"]] == [sent]


def test_an_old_document_is_no_answer_and_reviews_stay_as_they_are(site: Site) -> None:
    file = asked.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    upload(file, "statutes", pdf(), acting_user=officer)
    reviewer = scene.staff(Role.REVIEWER, site)
    Review.objects.create(
        application=file, reviewer=reviewer, state="submitted", revision=1,
        assigned_at=timezone.now(), submitted_at=timezone.now(), due_on=today(),
    )  # fmt: skip
    requests.request_information(
        application=file,
        documents=["statutes"],
        message="Illisible.",
        due_on=today() + timedelta(days=5),
        acting_user=None,
    )
    file.refresh_from_db()
    with pytest.raises(DocumentsMissing):
        answer_request(application=file, changes={}, acting_user=file.applicant)
    remove_document(document=file.documents.get(), acting_user=file.applicant)
    upload(file, "statutes", pdf(pages=2), "b.pdf")
    answer_request(application=file, changes={}, acting_user=file.applicant)
    review = Review.objects.get()
    assert (review.state, review.revision, file.revisions.latest("number").number) == (
        "submitted",
        1,
        2,
    )


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({}, "fields_wanted"),
        ({"questions": ["statutes"]}, "questions_wanted"),
        ({"documents": ["stage"]}, "documents_wanted"),
        ({"documents": ["nothing"], "fields": ["project"]}, "documents_wanted"),
    ],
)
def test_only_what_the_call_asks_can_be_asked_again(
    site: Site, named: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        requests.request_information(
            application=asked.application(site),
            message="x",
            due_on=today() + timedelta(days=5),
            acting_user=None,
            **named,
        )
    assert refused.value.field == field


def test_writing_to_the_site_and_reading_the_answer(site: Site) -> None:
    file = asked.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    client = doors.applicant_client(file)
    address = f"/my/{file.reference}/say/?lang=en"
    assert client.post(address, {"body": " "}).status_code == 422
    long = client.post(address, {"body": "a" * 20_001})
    assert (long.status_code, "a" * 20_001 in long.content.decode()) == (422, True)
    sent = client.post(address, {"body": "Une <b>question</b>"})
    assert sent["Location"] == f"/my/{file.reference}/#conversation"
    say(application=file, body="Une réponse", visibility="applicant", acting_user=officer)
    say(application=file, body="Entre nous", visibility="staff", acting_user=officer)
    shown = page(client, file)
    assert "Une &lt;b&gt;question&lt;/b&gt;" in shown
    assert "Une réponse" in shown
    assert "Entre nous" not in shown
    assert officer.email not in shown


def test_who_was_signed_out_comes_back_to_the_page(site: Site) -> None:
    file = scene.application(site)
    page = f"/my/{file.reference}/"
    for act in ("say/", "answer/", "withdraw/", "tasks/1/", "people/", "people/1/remove/"):
        answer = Client().post(f"{page}{act}", {"body": "Bonjour"})
        assert answer["Location"] == f"/account/login/code/?next={page}"
    assert doors.applicant_client(file).get(page).status_code == 200


def test_nobody_elses_page_can_be_written_on(site: Site) -> None:
    file = asked.application(site)
    stranger = doors.applicant_client(asked.application(site))
    for path, body in [("say/", {"body": "x"}), ("people/", {"email": "x@example.org"})]:
        assert stranger.post(f"/my/{file.reference}/{path}", body).status_code == 404
    assert stranger.get(f"/my/{file.reference}/export/").status_code == 404
    assert Client().get(f"/my/{file.reference}/export/").status_code == 302


def test_tasks_that_are_up_to_the_applicant(site: Site) -> None:
    file = asked.application(site)
    for title, theirs in (("Apporter le RIB", True), ("Vérifier le bail", False)):
        template = TaskTemplate.objects.create(
            list="onboarding", title_fr=title, for_applicant=theirs
        )
        Task.objects.create(
            application=file, list="onboarding", template=template, created_at=timezone.now()
        )
    client = doors.applicant_client(file)
    shown = page(client, file)
    assert "Apporter le RIB" in shown
    assert "Vérifier le bail" not in shown
    mine, ours = file.tasks.order_by("id")
    address = f"/my/{file.reference}/tasks/{mine.pk}/"
    assert client.post(f"/my/{file.reference}/tasks/{ours.pk}/").status_code == 404
    assert doors.applicant_client(asked.application(site)).post(address).status_code == 404
    for _click in range(2):
        assert client.post(address)["Location"] == f"/my/{file.reference}/#tasks"
    mine.refresh_from_db()
    assert (mine.done_at is not None, mine.done_by) == (True, file.applicant)
    assert "Not done after all" in page(client, file)
    client.post(address, {"undo": "1"})
    mine.refresh_from_db()
    assert (mine.done_at, mine.done_by) == (None, None)
    # What staff checked, the applicant does not take back; nor is an ended file's list mine.
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    complete_task(task=mine, acting_user=officer)
    assert "Not done after all" not in page(client, file)
    refused = client.post(address, {"undo": "1"}, follow=True)
    assert refused.context["messages"]
    mine.refresh_from_db()
    assert mine.done_by == officer
    reopen_task(task=mine, acting_user=officer)
    withdraw(application=file, reason="x", acting_user=file.applicant)
    assert "Apporter le RIB" not in page(client, file)
    client.post(address)
    mine.refresh_from_db()
    assert mine.done_at is None


def test_the_page_asks_the_same_few_questions_however_much_there_is(
    site: Site, django_assert_num_queries: Any
) -> None:
    file = asked.application(site)
    client = doors.applicant_client(file)
    page(client, file)
    for count in (0, 5):
        for number in range(count):
            upload(file, "", png(number + 1), f"{number}.png")
            say(application=file, body=str(number), visibility="applicant", acting_user=None)
        with django_assert_num_queries(15):
            page(client, file)


def exported(client: Client, file: Application) -> tuple[dict[str, Any], dict[str, bytes]]:
    answer = client.get(f"/my/{file.reference}/export/?lang=en")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(parts.pop("data.json")), parts


def test_all_that_is_the_applicants_to_take_away(site: Site) -> None:
    file = asked.application(site, project="Été 🚀 مشروع")
    first, second = pdf(), pdf(pages=2)
    remove_document(document=upload(file, "", first), acting_user=file.applicant)
    upload(file, "", second)
    scene.asked(file, ["project"])
    answer_request(application=file, changes={"project": "Mieux"}, acting_user=file.applicant)
    say(application=file, body="Bonjour", visibility="applicant", acting_user=file.applicant)
    file.refresh_from_db()
    messages.send_due()
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=file.applicant)
    data, documents = exported(doors.applicant_client(file), file)
    assert documents == {"documents/a.pdf": first, "documents/a (2).pdf": second}
    assert (data["reference"], data["answers"]["project"], data["answers"]["answers"]) == (
        file.reference,
        "Mieux",
        {"stage": "idea"},
    )
    assert [version["answers"]["project"] for version in data["versions"]] == [
        "Été 🚀 مشروع",
        "Mieux",
    ]
    assert [step["state"] for step in data["steps"]][-2:] == ["Offer", "Offer accepted"]
    assert [one["items"] for one in data["requests"]] == [["the project"]]
    assert [one["text"] for one in data["conversation"]] == ["Bonjour"]
    assert [one["name"] for one in data["documents"]] == ["a.pdf", "a.pdf"]
    assert [one["state"] for one in data["offers"]] == ["accepted"]
    assert len(data["letters"]) == 2  # what has left: received, asked


def test_nothing_of_the_closed_doors_is_exported_or_shown(site: Site) -> None:
    file = asked.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    for visibility in ("staff", "reviewers"):
        say(application=file, body="SECRET", visibility=visibility, acting_user=officer)
    Review.objects.create(
        application=file, reviewer=scene.staff(Role.REVIEWER, site), state="submitted",
        revision=1, comment="SECRET", recommendation=Outcome.REFUSE,
        assigned_at=timezone.now(), submitted_at=timezone.now(), due_on=today(),
    )  # fmt: skip
    Task.objects.create(application=file, words="SECRET", created_at=timezone.now())
    scene.for_committee(file)
    decide(
        application=file,
        outcome=Outcome.REFUSE,
        reasons=["not_innovative"],
        note="SECRET",
        acting_user=officer,
    )
    client = doors.applicant_client(file)
    data, _documents = exported(client, file)
    everything = json.dumps(data) + page(client, file)
    for word in ("SECRET", officer.email, "not innovative enough", "refuse"):
        assert word not in everything
    assert data["decision"] is None
    publish(application=file, acting_user=officer)
    data, _documents = exported(client, file)
    assert (data["decision"]["outcome"], data["decision"]["reasons"]) == (
        "refuse",
        ["not innovative enough"],
    )
    assert "SECRET" not in json.dumps(data)
