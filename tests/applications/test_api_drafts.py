"""Partners' portals: a draft begun, filled in, given its documents and sent by a client."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.models import Application, CallVersion, Document
from applications.services import documents
from core.periods import today
from sites.models import IdempotentReply, Site
from tests.factories import calls, clients, doors, scene, uploads

pytestmark = pytest.mark.django_db

MIXED = "Équipe فريق العمل 💡 <b>gras</b> **Markdown** \u200fمن اليمين\u200f & \u2066LTR\u2069\n"
LONG = (MIXED * 1000)[:19_999] + "!"
EMAIL = "porteur@example.org"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def call(site: Site) -> CallVersion:
    version = calls.draft(site, code="green")
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "market"),
                   required=True)  # fmt: skip
    calls.question(version, "sold", "number", shown_if="stage", shown_if_values=["market"],
                   required=True)  # fmt: skip
    calls.wanted(version, "plan")
    return calls.in_use(version)


@pytest.fixture
def client(site: Site) -> Client:
    return clients.writer(Role.ADMISSIONS_OFFICER, site)


def answers(**given: Any) -> dict[str, Any]:
    return {
        "applicant_kind": "project_holder",
        "name": "Atlas Capteurs",
        "project": LONG,
        "team_size": 3,
        "wanted_m2": "18.5",
        "wanted_start": today().isoformat(),
        "contact_name": "Contact Demo",
        "contact_phone": "05 22 12 34 56",
        **given,
    }


def ask(client: Client, verb: str, path: str = "", body: Any = None, **more: Any) -> Any:
    """(status, answer)"""
    response = getattr(client, verb)(
        f"/api/v1/applications/{path}", data=body, content_type="application/json", **more
    )
    return response.status_code, response.json() if response.content else None


def begun(client: Client, **given: Any) -> Any:
    body = {"site": "CAS", "contact_email": EMAIL, "language": "ar", **given}
    return ask(client, "post", "", body)


def put(client: Client, reference: str, name: str, content: bytes, **more: Any) -> Any:
    kind = more.pop("content_type", "application/pdf")
    response = client.put(
        f"/api/v1/applications/{reference}/documents/plan/{name}",
        data=content,
        content_type=kind,
        **more,
    )
    return response.status_code, response.json()


def test_a_draft_is_filled_in_and_sent(client: Client, call: CallVersion) -> None:
    status, draft = begun(client, call="green", answers={"name": "Atlas Capteurs"})
    reference = draft["reference"]
    assert (status, draft["state"], draft["applicant_label"]) == (201, "draft", "Draft")
    assert draft["draft"]["call"] == "green"
    assert draft["draft"]["answers"] == {"name": "Atlas Capteurs"}
    wrong = draft["draft"]["wrong"]
    assert {"project", "contact_phone", "questions.stage", "documents.plan"} <= set(wrong)
    assert "questions.sold" not in wrong
    status, refused = ask(client, "post", f"{reference}/submit/", {"consent": True})
    assert (status, refused["code"], refused["errors"]) == (400, "incomplete_draft", wrong)

    status, draft = ask(
        client, "patch", f"{reference}/",
        {"answers": answers(), "questions": {"stage": "market", "sold": "many"}},
    )  # fmt: skip
    assert (status, draft["draft"]["answers"]["project"]) == (200, LONG)
    assert set(draft["draft"]["wrong"]) == {"questions.sold", "documents.plan"}
    ask(client, "patch", f"{reference}/", {"questions": {"sold": 12}})
    status, document = put(client, reference, "Plan d’affaires.pdf", uploads.pdf())
    assert (status, document["key"], document["name"]) == (200, "plan", "Plan d’affaires.pdf")

    status, refused = ask(client, "post", f"{reference}/submit/", {"consent": False})
    assert (status, list(refused["errors"])) == (400, ["consent"])
    status, sent = ask(client, "post", f"{reference}/submit/", {"consent": True})
    assert (status, sent["state"], sent["draft"]) == (200, "submitted", None)
    assert sent["project"] == LONG
    assert [row["name"] for row in sent["documents"]] == ["Plan d’affaires.pdf"]
    assert [step["step"] for step in sent["trail"]] == ["submit"]
    file = Application.objects.get(reference=reference)
    assert (file.channel, file.language, file.answers) == (
        "api", "ar", {"stage": "market", "sold": 12},
    )  # fmt: skip
    assert file.applicant == User.objects.get(email=EMAIL)
    assert ask(client, "get", f"{reference}/")[1] == sent
    for verb, path in (("patch", ""), ("delete", ""), ("post", "submit/")):
        status, refused = ask(client, verb, f"{reference}/{path}", {"consent": True})
        assert (status, refused["code"]) == (409, "impossible_step"), verb


def test_one_draft_is_sent_to_several_sites(site: Site) -> None:
    elsewhere = scene.site("RAB")
    version = calls.draft(site, elsewhere, code="both")
    calls.wanted(version, "plan")
    calls.in_use(version)
    here_alone = clients.writer(Role.ADMISSIONS_OFFICER, site)
    at_both = clients.writer(Role.ADMISSIONS_OFFICER)
    told = {"call": "both", "answers": answers(also_at=["RAB"])}
    refused = begun(here_alone, **told)[1]["reference"]
    put(here_alone, refused, "plan.pdf", uploads.pdf())
    status, answer = ask(here_alone, "post", f"{refused}/submit/", {"consent": True})
    assert (status, answer["code"]) == (403, "not_allowed")
    assert Application.objects.get().state == "draft"

    status, draft = begun(at_both, **told)
    assert (status, draft["draft"]["answers"]["also_at"]) == (201, ["RAB"])
    put(at_both, draft["reference"], "plan.pdf", uploads.pdf())
    sent = ask(at_both, "post", f"{draft['reference']}/submit/", {"consent": True})[1]
    (linked,) = sent["linked"]
    assert linked["site"] == "RAB"
    sister = ask(at_both, "get", f"{linked['reference']}/")[1]
    assert sister["linked"] == [{"reference": sent["reference"], "site": "CAS"}]
    assert (sister["state"], sister["name"], [row["name"] for row in sister["documents"]]) == (
        "submitted", sent["name"], ["plan.pdf"],
    )  # fmt: skip
    assert ask(here_alone, "get", f"{sent['reference']}/")[1]["linked"] == []


def test_until_it_is_sent_nobody_else_sees_it(client: Client, site: Site) -> None:
    reference = begun(client)[1]["reference"]
    colleague = clients.writer(Role.DIRECTOR)
    draft = Application.objects.get(reference=reference)
    assert ask(client, "get", f"{reference}/")[0] == 200
    for verb, path, body in (
        ("get", f"{reference}/", None),
        ("patch", f"{reference}/", {"answers": {}}),
        ("post", f"{reference}/submit/", {"consent": True}),
        ("post", f"{reference}/start-screening/", {}),
        ("delete", f"{reference}/", None),
    ):
        assert ask(colleague, verb, path, body)[0] == 404, (verb, path)
    assert put(colleague, reference, "plan.pdf", uploads.pdf())[0] == 404
    assert ask(client, "get")[1]["results"] == []
    page = doors.applicant_client(draft).get(f"/my/{reference}/")
    assert page.status_code == 404
    assert ask(client, "delete", f"{reference}/") == (204, None)
    assert ask(client, "get", f"{reference}/")[0] == 404
    assert draft.begun_by is not None


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SITE_MANAGER, 403), (Role.AUDITOR, 403), (Role.FINANCE_OFFICER, 403),
     (Role.REVIEWER, 403), (Role.DIRECTOR, 201)],
)  # fmt: skip
def test_who_may_not_add_begins_nothing(site: Site, role: Role, status: int) -> None:
    assert begun(clients.writer(role, site))[0] == status
    assert begun(clients.writer(role, scene.site("RAB")))[0] == 403
    assert begun(clients.client(role, site))[0] == 403


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"site": "ZZZ"}, ["site"]),
        ({"call": "blue"}, ["call"]),
        ({"contact_email": "nobody", "language": "de"}, ["contact_email", "language"]),
        ({"answers": {"nom": "x"}}, ["nom"]),
        ({"answers": {"also_at": ["RAB"]}}, ["also_at"]),  # no other site takes applications
        ({"questions": {"name": "x"}}, ["questions.name"]),
        ({"answers": {"name": True, "team": {"a": 1}}}, ["answers"]),
        ({"answers": []}, ["answers"]),
    ],
)
def test_a_draft_is_refused_at_its_fields(
    client: Client, site: Site, given: dict[str, Any], errors: list[str]
) -> None:
    status, refused = begun(client, **given)
    assert (status, refused["code"], sorted(refused["errors"])) == (400, "invalid", errors)
    assert Application.objects.count() == 0


def test_a_list_where_one_thing_is_asked_is_wrong_and_kept(
    client: Client, call: CallVersion
) -> None:
    """Found by schemathesis: it broke the form that checks the draft."""
    typed = answers(wanted_start=[""], name=["Atlas", "Capteurs"], team_size=["2", "3"])
    status, draft = begun(
        client, call="green", answers=typed, questions={"stage": ["idea", "market"]}
    )
    assert (status, draft["draft"]["answers"]["team_size"]) == (201, ["2", "3"])
    wrong = set(draft["draft"]["wrong"])
    assert {"wanted_start", "team_size", "questions.stage"} <= wrong
    assert "name" not in wrong


def test_a_document_is_put_in_its_place(
    client: Client, call: CallVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = begun(client, call="green")[1]["reference"]
    first, second = uploads.pdf(), uploads.pdf(pages=2)
    key = {"headers": {"idempotency-key": "d-1"}}
    made = put(client, reference, "plan.pdf", first, **key)
    assert put(client, reference, "plan.pdf", first, **key) == made
    assert put(client, reference, "plan.pdf", second, **key)[1]["code"] == "idempotency_key_used"
    assert put(client, reference, "plan.pdf", first)[1] == made[1]
    status, refused = put(client, reference, "plan.pdf", second)
    assert (status, refused["code"]) == (428, "idempotency_key_wanted")
    replacing = {"headers": {"idempotency-key": "d-2"}}
    status, other = put(client, reference, "plan.pdf", second, **replacing)
    assert (status, other["sha256"] != made[1]["sha256"]) == (200, True)
    assert [row.sha256 for row in Document.objects.kept()] == [other["sha256"]]
    for content, kind, refusal in (
        (b"MZ\x90\x00" * 9, "application/pdf", (400, "upload_kind_differs")),
        (b"", "application/pdf", (400, "upload_empty")),
        (first, "text/html", (415, "unsupported_media_type")),
    ):
        status, refused = put(client, reference, "plan.pdf", content, content_type=kind)
        assert (status, refused["code"]) == refusal
    apart = "e\u0301te\u0301.pdf"  # as a Mac writes “été”
    ask(client, "delete", f"{reference}/documents/plan/plan.pdf")
    assert put(client, reference, apart, first)[1]["name"] == "été.pdf"
    assert ask(client, "delete", f"{reference}/documents/plan/{apart}")[0] == 204
    put(client, reference, "plan.pdf", second)
    # There is no room for the new one: the old one stays.
    monkeypatch.setattr(documents, "MOST_MEGABYTES", 0)
    replacing = {"headers": {"idempotency-key": "d-3"}}
    status, refused = put(client, reference, "plan.pdf", first, **replacing)
    assert (status, refused["code"]) == (409, "files_too_large")
    assert [row.sha256 for row in Document.objects.kept()] == [other["sha256"]]
    assert put(client, reference, f"{'n' * 300}.pdf", first)[1]["code"] == "upload_name_too_long"
    assert ask(client, "delete", f"{reference}/documents/plan/plan.pdf")[0] == 204
    assert ask(client, "delete", f"{reference}/documents/plan/plan.pdf")[0] == 404
    assert Document.objects.kept().count() == 0


def test_text_that_no_table_keeps_breaks_nothing(client: Client, site: Site) -> None:
    reference = begun(client)[1]["reference"]
    for body in (
        '{"answers": {"team": "a\\u0000b"}}',
        '{"a\\u0000b": 1}',
        '{"answers": {"team": "\\ud83d"}}',
        "[" * 100_000,
        "[" * 1_000 + '"\\u0000"' + "]" * 1_000,
        "\0",
    ):
        for key in ({}, {"idempotency-key": "n-1"}):
            answer = client.patch(
                f"/api/v1/applications/{reference}/",
                data=body,
                content_type="application/json",
                headers=key,
            )
            assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
        IdempotentReply.objects.all().delete()
    backslash = ask(client, "patch", f"{reference}/", {"answers": {"team": "a\\u0000"}})
    assert backslash[1]["draft"]["answers"]["team"] == "a\\u0000"
    huge = {"answers": {"team": "x" * 3_000_000}}
    assert ask(client, "patch", f"{reference}/", huge)[1]["code"] == "too_large"
    keyed = {"headers": {"idempotency-key": "h-1"}}
    assert ask(client, "patch", f"{reference}/", huge, **keyed)[1]["code"] == "too_large"


def test_open_calls_tell_what_they_ask(client: Client, site: Site, call: CallVersion) -> None:
    calls.draft(site, code="unfinished")
    response = client.get("/api/v1/calls/")
    (row,) = response.json()["results"]
    assert (row["code"], row["version"], row["sites"], row["languages"], row["end"]) == (
        "green", 1, ["CAS"], ["fr", "ar", "en"], None,
    )  # fmt: skip
    assert [(q["key"], q["kind"], q["required"], q["shown_if"]) for q in row["questions"]] == [
        ("stage", "choice", True, ""),
        ("sold", "number", True, "stage"),
    ]
    assert row["questions"][0]["choices"][1] == {
        "value": "market",
        "label": {"fr": "market (fr)", "ar": "market (ar)", "en": "market (en)"},
    }
    assert [(d["key"], d["required"], d["most"]) for d in row["documents"]] == [("plan", True, 1)]
    assert clients.client(Role.FINANCE_OFFICER).get("/api/v1/calls/").status_code == 403


@pytest.mark.parametrize("count", [1, 10])
def test_calls_cost_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        version = calls.draft(site, code=f"call-{number}")
        calls.question(version, "stage", "text")
        calls.wanted(version, "plan")
        calls.in_use(version)
    client = clients.client(Role.DIRECTOR)
    with django_assert_num_queries(5):
        rows = client.get("/api/v1/calls/").json()["results"]
    assert len(rows) == count
