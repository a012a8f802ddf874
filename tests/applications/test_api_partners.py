"""A partner's portal: its own applications, as their applicants see them, and nothing else."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.choices import Role
from accounts.models import User
from applications.models import Application, Document, Reading, Transition
from applications.services import conversation, decisions, requests, screening, transfers
from applications.services.documents import add_document
from applications.services.drafting import type_in
from core.errors import NotAllowed
from core.periods import today
from sites.choices import ClientKind
from sites.models import ClientToken, Site
from sites.services.people import NoPartner, issue_token, revoke_token, set_active
from tests.factories import asked, calls, clients, doors, scene, uploads

pytestmark = pytest.mark.django_db

OURS = "portail@incubateur.example"
OTHERS = "portail@autre.example"
TOLD = {
    *("reference", "site", "state", "state_label", "submitted_at", "name", "applicant_kind"),
    *("legal_form", "ice", "team_size", "wanted_m2", "wanted_start", "sectors", "questions"),
    *("project", "team", "website", "contact_name", "contact_email", "contact_phone"),
    *("language", "decision", "offer", "trail", "messages", "documents", "linked", "request"),
    "draft",
}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site() -> Site:
    where = scene.site("CAS")
    asked.version(where)
    return where


def ask(client: Client, verb: str, path: str = "", body: Any = None, **more: Any) -> Any:
    """(status, answer)"""
    address = f"/api/v1/partner/applications/{path}"
    response = getattr(client, verb)(address, data=body, content_type="application/json", **more)
    return response.status_code, response.json() if response.content else None


def put(client: Client, reference: str, place: str, content: bytes = b"") -> Any:
    response = client.put(
        f"/api/v1/partner/applications/{reference}/documents/{place}",
        data=content or uploads.pdf(),
        content_type="application/pdf",
    )
    return response.status_code, response.json()


def begun(client: Client, site: Site, **answers: Any) -> str:
    status, draft = ask(client, "post", "", {
        "site": site.code, "call": f"call-{site.code.lower()}", "language": "fr",
        "contact_email": "porteur@example.org", "questions": {"stage": "idea"},
        "answers": {**scene.typed(), "name": "Atlas Capteurs", **answers},
    })  # fmt: skip
    assert (status, draft["state"]) == (201, "draft")
    return str(draft["reference"])


def sent(client: Client, site: Site, **answers: Any) -> str:
    reference = begun(client, site, **answers)
    assert put(client, reference, "statutes/statuts.pdf")[0] == 200
    status, told = ask(client, "post", f"{reference}/submit/", {"consent": True})
    assert (status, told["state"], told["state_label"]) == (200, "received", "Received")
    return reference


def test_a_partner_sees_what_its_applicant_sees(site: Site) -> None:
    client, officer = clients.partner(OURS, site), scene.staff(Role.ADMISSIONS_OFFICER, site)
    (call,) = client.get("/api/v1/partner/calls/").json()["results"]
    assert (call["code"], [row["key"] for row in call["documents"]]) == (
        "call-cas", ["statutes", "pitch"],
    )  # fmt: skip
    reference = sent(client, site)
    file = Application.objects.get(reference=reference)
    portal = User.objects.get(email=OURS)
    assert (file.begun_by, portal.name, portal.is_staff) == (portal, f"Portal of {OURS}", False)
    assert list(Transition.objects.values_list("step", "acting_user")) == [("submit", portal.pk)]

    screening.start_screening(application=file, acting_user=officer)
    for visibility in ("applicant", "reviewers", "staff"):
        conversation.say(
            application=file, body=f"For {visibility}", visibility=visibility, acting_user=officer
        )
    requests.request_information(
        application=file, fields=["team"], documents=["pitch"], message="Qui êtes-vous ?",
        due_on=today() + timedelta(days=9), acting_user=officer,
    )  # fmt: skip
    told = ask(client, "get", f"{reference}/")[1]
    assert set(told) == TOLD
    assert (told["state"], told["request"]["fields"], told["request"]["missing"]) == (
        "info_requested", ["team"], ["pitch"],
    )  # fmt: skip
    assert [(one["by_applicant"], one["text"]) for one in told["messages"]] == [
        (False, "For applicant")
    ]
    answer = {"answers": {"team": "Deux ingénieures."}, "questions": {}}
    assert put(client, reference, "statutes/autre.pdf")[1]["code"] == "not_open_for_upload"
    assert ask(client, "post", f"{reference}/answer-request/", answer)[1]["code"] == (
        "documents_missing"
    )
    assert put(client, reference, "pitch/pitch.pdf")[0] == 200
    assert put(client, reference, "-/lettre.pdf", uploads.pdf(pages=2))[1]["key"] == ""
    status, told = ask(client, "post", f"{reference}/answer-request/", answer)
    assert (status, told["state"], told["team"]) == (200, "in_review", "Deux ingénieures.")

    file.refresh_from_db()
    screening.prepare_for_committee(application=file, acting_user=officer)
    decisions.decide(
        application=file, outcome="refuse", reasons=["not_mature"], note="Among us.",
        acting_user=officer,
    )  # fmt: skip
    told = ask(client, "get", f"{reference}/")[1]
    assert (told["state"], told["decision"]) == ("in_preparation", None)
    decisions.publish(application=file, acting_user=officer)
    told = ask(client, "get", f"{reference}/")[1]
    assert (told["state"], told["decision"]["outcome"], told["decision"]["reasons"]) == (
        "not_retained", "refuse", ["project not mature enough"],
    )  # fmt: skip
    assert [one["label"] for one in told["trail"]] == [
        "Received", "In review", "We need something from you", "In review",
        "Decision in preparation", "Not retained",
    ]  # fmt: skip
    (row,) = ask(client, "get")[1]["results"]
    assert row == {name: told[name] for name in row}
    status, refused = ask(client, "patch", f"{reference}/", {"answers": {"team": "x"}})
    assert (status, refused["code"], refused["data"]) == (
        409, "impossible_step", {"state": "Not retained"},
    )  # fmt: skip
    assert not any(word in str(told) for word in ("For staff", "For reviewers", "Among us"))


def test_two_partners_do_not_see_each_others(site: Site) -> None:
    ours, others = clients.partner(OURS), clients.partner(OTHERS)
    reference, draft = sent(ours, site), begun(ours, site)
    document = Document.objects.get()
    for one in (reference, draft):
        for verb, path, body in (
            ("get", "", None), ("patch", "", {"answers": {"team": "x"}}), ("delete", "", None),
            ("post", "submit/", {"consent": True}), ("post", "answer-request/", {}),
            ("get", "documents/", None), ("get", f"documents/{document.pk}/", None),
            ("delete", "documents/statutes/statuts.pdf", None),
        ):  # fmt: skip
            assert ask(others, verb, f"{one}/{path}", body)[0] == 404, (one, verb, path)
        assert put(others, one, "statutes/statuts.pdf")[0] == 404
    assert ask(others, "get")[1]["results"] == []
    assert [row["reference"] for row in ask(ours, "get")[1]["results"]] == [reference, draft]
    # A token that follows, for the same address, reaches the same; so much for the views.
    renewed = clients.partner(OURS, site)
    assert ask(renewed, "get", f"{reference}/")[0] == 200
    file = Application.objects.get(reference=draft)
    stranger = User.objects.get(email=OTHERS)
    content = BytesIO(uploads.pdf())
    with pytest.raises(NotAllowed):
        type_in(application=file, fields={"team": "x"}, acting_user=stranger)
    with pytest.raises(NotAllowed):
        add_document(application=file, key="pitch", file=content, name="a.pdf",
                     size=len(content.getvalue()), acting_user=stranger)  # fmt: skip


def test_a_partner_stays_at_its_sites_and_follows_a_file_that_moves(site: Site) -> None:
    elsewhere = scene.site("RAB")
    version = calls.draft(site, elsewhere, code="both")
    calls.in_use(version)
    here, everywhere = clients.partner(OURS, site), clients.partner(OURS)
    refused = {"site": "RAB", "contact_email": "a@example.org", "language": "fr"}
    assert ask(here, "post", "", refused)[1]["code"] == "not_allowed"
    for client, status in ((here, 403), (everywhere, 200)):
        draft = ask(client, "post", "", {
            "site": "CAS", "call": "both", "language": "fr", "contact_email": "p@example.org",
            "answers": scene.typed(also_at=["RAB"]),
        })[1]["reference"]  # fmt: skip
        done, told = ask(client, "post", f"{draft}/submit/", {"consent": True})
        assert (done, [row["site"] for row in told.get("linked", [])]) == (
            status, ["RAB"] if status == 200 else [],
        )  # fmt: skip
    sister = told["linked"][0]["reference"]
    assert (ask(here, "get", f"{sister}/")[0], ask(everywhere, "get", f"{sister}/")[0]) == (
        404,
        200,
    )
    reference = sent(here, site)
    transfer = transfers.ask_transfer(
        application=Application.objects.get(reference=reference), target=elsewhere, reason="Place",
        acting_user=None,
    )  # fmt: skip
    transfers.agree_transfer(transfer=transfer, acting_user=None)
    assert ask(here, "get", f"{reference}/")[1]["site"] == "RAB"


def test_a_token_that_ends_opens_nothing_at_once(site: Site) -> None:
    reading = clients.partner(OURS, site, read_only=True)
    writing, closing = clients.partner(OURS, site), clients.partner(OTHERS, site)
    reference = sent(writing, site)
    assert ask(reading, "get", f"{reference}/")[0] == 200
    body = {"site": "CAS", "contact_email": "a@example.org", "language": "fr"}
    assert ask(reading, "post", "", body)[0] == 403
    assert put(reading, reference, "-/note.pdf", uploads.pdf(pages=2))[0] == 403
    first, second, third = ClientToken.objects.order_by("id")
    revoke_token(token=first, acting_user=None)
    AuthToken.objects.filter(pk=second.token_id).update(expiry=timezone.now())
    set_active(user=third.token.user, active=False, reason="x", acting_user=None)
    for client in (reading, writing, closing):
        assert (ask(client, "get")[0], ask(client, "post", "", body)[0]) == (401, 401)


def test_a_partner_is_nobody_on_staff(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    told: dict[str, Any] = {"client": "Incubateur", "days": 1, "sites": [], "read_only": False,
            "kind": ClientKind.PARTNER, "acting_user": None}  # fmt: skip
    with pytest.raises(NoPartner):
        issue_token(email=officer.email.upper(), **told)
    administrator = doors.staff_client(Role.ADMINISTRATOR)
    form = {"email": officer.email, "client": "Incubateur", "days": 9, "kind": "partner"}
    page = administrator.post("/staff/sites/clienttoken/add/?lang=en", form).content.decode()
    assert "is a member of staff: give an address of the partner" in page
    page = administrator.post(
        "/staff/sites/clienttoken/add/?lang=en", {**form, "email": OURS}
    ).content.decode()
    assert "it is shown this once" in page
    (row,) = ClientToken.objects.all()
    assert (row.kind, row.name, str(row.token.user)) == ("partner", "Incubateur", "Incubateur")
    listed = administrator.get("/staff/sites/clienttoken/?lang=en").content.decode()
    assert "a partner&#x27;s portal" in listed


def test_documents_are_read_where_the_file_is(site: Site) -> None:
    partner = clients.partner(OURS, site)
    reference = sent(partner, site)
    content = uploads.pdf()
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    conflicted = scene.staff(Role.DIRECTOR)
    file = Application.objects.get(reference=reference)
    file.declarations.create(user=conflicted, conflicted=True, declared_at=timezone.now())
    elsewhere = scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    listed = f"/api/v1/applications/{reference}/documents/"
    readers = {user: clients.reader_of(user) for user in (officer, conflicted, elsewhere)}
    statuses = [client.get(listed).status_code for client in readers.values()]
    assert statuses == [200, 404, 404]
    (row,) = readers[officer].get(listed).json()
    assert (row["key"], row["name"], row["size"]) == ("statutes", "statuts.pdf", len(content))
    address = f"{listed}{row['id']}/"
    for client, start in ((readers[officer], ""), (partner, "partner/")):
        for _time in range(2):
            answer: Any = client.get(
                address.replace("v1/", f"v1/{start}"), headers={"accept": "application/pdf"}
            )
            assert b"".join(answer.streaming_content) == content
        assert {name: answer[name] for name in ("Content-Type", "Content-Disposition",
                                                "X-Content-Type-Options")} == {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'attachment; filename="statuts.pdf"',
            "X-Content-Type-Options": "nosniff",
        }  # fmt: skip
    refused = [readers[user].get(address).status_code for user in (conflicted, elsewhere)]
    assert refused == [404, 404]
    portal = User.objects.get(email=OURS)
    assert list(Reading.objects.order_by("id").values_list("user", flat=True)) == [
        officer.pk, portal.pk,
    ]  # fmt: skip
    Document.objects.update(scan="pending")
    waiting = readers[officer].get(address, headers={"accept": "application/pdf"})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not_openable")
    assert waiting["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_costs_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.partner(OURS, site)
    for _time in range(count):
        begun(client, site)
    with django_assert_num_queries(2):
        rows = ask(client, "get")[1]["results"]
    assert len(rows) == count
