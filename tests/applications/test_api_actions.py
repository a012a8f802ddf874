"""Acts on files over REST: the whole way, who may, what is refused and how it is said."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.rights import Action, allows
from applications.api.actions import ACTS, Act
from applications.models import Application, Declaration
from applications.workflow import TRANSITIONS, Actor, Step
from core.periods import today
from sites.models import Site
from tests.factories import asked, clients, scene, uploads

pytestmark = pytest.mark.django_db

# What only the applicant does, and the draft's maker.
NOT_STAFFS = {Step.SUBMIT, Step.DISCARD_DRAFT, Step.RESUME_DRAFT}
SOON = today() + dt.timedelta(days=10)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def act(client: Client, file: Application, name: str, body: Any = None) -> Any:
    """(status, answer)"""
    response = client.post(
        f"/api/v1/applications/{file.reference}/{name}/",
        data=body or {},
        content_type="application/json",
    )
    return response.status_code, response.json()


def bodies(space: int, original: str) -> dict[str, dict[str, Any]]:
    """A body for each act that wants one."""
    why = {"reason": "Pour de bonnes raisons."}
    return {
        **{one.name: why for one in ACTS if "reason" in one.body().fields},
        "mark-duplicate": {"original": original},
        "find-ineligible": {"reason_code": "other", "words": "Rien à voir."},
        "request-information": {"fields_wanted": ["team"], "message": "Qui ?", "due_on": SOON},
        "answer-request": {"answers": {"team": "Deux."}},
        "decide": {"outcome": "admit"},
        "offer": {"space": space, "tenant_kind": "startup", "start": today(), "open_until": SOON},
        "ask-transfer": {"site": "RAB", **why},
        "refuse-transfer": {"answer": "Complet."},
    }


def test_every_step_of_staff_is_an_act() -> None:
    taken = {step for one in ACTS for step in one.steps}
    wanted = {step for step, row in TRANSITIONS.items() if row.actor != Actor.SYSTEM}
    assert taken == wanted - NOT_STAFFS
    assert len({one.name for one in ACTS}) == len(ACTS)


def test_a_file_goes_the_whole_way(site: Site) -> None:
    file, space = scene.application(site), scene.office(site)
    client = clients.writer(Role.ADMISSIONS_OFFICER, site)
    given = bodies(space.pk, "")
    states = []
    for name in (
        *("start-screening", "find-ineligible", "reject-ineligible", "request-information"),
        *(
            "answer-request",
            "request-information",
            "close-request",
            "send-to-review",
            "prepare-for-committee",
            "return-to-review",
        ),
        *("prepare-for-committee", "decide", "revoke-decision", "decide", "publish", "offer"),
        *("withdraw-offer", "offer", "accept-offer", "start-onboarding", "withdraw", "reopen"),
    ):
        status, answer = act(client, file, name, given.get(name))
        assert status == 200, (name, answer)
        states.append(answer["state"])
    assert states == [
        *("screening", "screening", "screening", "info_requested"),
        *("screening", "info_requested", "screening", "review", "committee_ready", "review"),
        *("committee_ready", "decided", "committee_ready", "decided", "decided", "offered"),
        *("decided", "offered", "accepted", "onboarding", "withdrawn", "screening"),
    ]
    assert (answer["state_label"], answer["applicant_label"]) == ("screening", "In review")
    assert answer["trail"][-2:] == [
        {
            "step": "withdraw",
            "from": "onboarding",
            "to": "withdrawn",
            "at": answer["trail"][-2]["at"],
        },
        {"step": "reopen", "from": "withdrawn", "to": "screening", "at": answer["state_since"]},
    ]
    assert len(answer["offers"]) == 2


def test_what_was_asked_is_answered_with_its_documents(site: Site) -> None:
    file = asked.application(site)
    client = clients.writer(Role.ADMISSIONS_OFFICER, site)
    status, answer = act(client, file, "request-information", {
        "fields_wanted": ["team", "wanted_m2"], "questions_wanted": ["stage", "plan"],
        "documents_wanted": ["statutes"], "message": "Qui ?", "due_on": SOON,
    })  # fmt: skip
    assert status == 200, answer
    request = answer["request"]
    assert {name: request[name] for name in request.keys() - {"asked_at"}} == {
        "message": "Qui ?", "due_on": SOON.isoformat(), "fields": ["team", "wanted_m2"],
        "questions": ["stage"], "documents": ["statutes", "plan"], "missing": ["statutes"],
    }  # fmt: skip
    good = {"answers": {"team": "Deux.", "wanted_m2": "21.5"}, "questions": {"stage": "sales"}}
    for given, errors in (
        ({}, ["questions.stage", "team", "wanted_m2"]),
        ({**good, "questions": {"stage": "sales", "plan": "x"}}, ["questions.plan"]),
        ({**good, "answers": {**good["answers"], "name": "x"}}, ["name"]),
        ({**good, "answers": {"team": "", "wanted_m2": "much"}}, ["team", "wanted_m2"]),
        ({**good, "questions": {"stage": "fame"}}, ["questions.stage"]),
    ):
        status, answer = act(client, file, "answer-request", given)
        assert (status, sorted(answer["errors"])) == (400, errors)
    assert act(client, file, "answer-request", good)[1]["code"] == "documents_missing"
    put = f"/api/v1/applications/{file.reference}/documents"
    for key, status in (("nonsense", 400), ("statutes", 200)):
        answered = client.put(f"{put}/{key}/statuts.pdf", uploads.pdf(), "application/pdf")
        assert answered.status_code == status
    status, answer = act(client, file, "answer-request", good)
    assert (status, answer["state"], answer["request"]) == (200, "submitted", None)
    assert (answer["team"], answer["wanted_m2"], answer["questions"]) == (
        "Deux.", "21.50", {"stage": "sales"},
    )  # fmt: skip
    assert act(client, file, "answer-request", good)[0] == 200  # asked twice: nothing changes
    assert file.revisions.count() == 2
    auditor = clients.client(Role.AUDITOR, site)
    refused = auditor.put(f"{put}/pitch/a.pdf", uploads.pdf(), "application/pdf")
    assert refused.status_code == 403
    assert auditor.delete(f"{put}/statutes/statuts.pdf").status_code == 403
    assert client.delete(f"{put}/statutes/statuts.pdf").status_code == 204


def right_of(one: Act) -> Action:
    return TRANSITIONS[one.steps[0]].right if one.steps else Action.SCREEN


@pytest.mark.parametrize("role", [Role.ADMISSIONS_OFFICER, Role.SITE_MANAGER, Role.AUDITOR,
                                  Role.FINANCE_OFFICER, Role.REVIEWER])  # fmt: skip
def test_each_act_asks_for_its_right_at_the_site_of_the_file(role: Role, site: Site) -> None:
    elsewhere = scene.site("RAB")
    here, there, original = (scene.application(each) for each in (site, elsewhere, site))
    client = clients.writer(role, site)
    reads = allows(role, Action.VIEW, "application")
    given = bodies(scene.office(site).pk, original.reference)
    wrong: list[tuple[Any, ...]] = []
    for one in ACTS:
        if one.name in {"accept-offer", "decline-offer", "publish"} or "transfer" in one.name:
            continue  # refused for want of what they are about, before anybody asks who
        status, _answer = act(client, here, one.name, given.get(one.name))
        allowed = allows(role, right_of(one), "application")
        if (status == 403) == allowed or status == 404:
            wrong.append((one.name, status))
        status, _answer = act(client, there, one.name, given.get(one.name))
        if status != (404 if reads else 403):
            wrong.append((one.name, "elsewhere", status))
    assert wrong == []


def test_who_declared_a_conflict_does_not_find_the_file(site: Site) -> None:
    file, officer = scene.application(site), scene.staff(Role.ADMISSIONS_OFFICER, site)
    client = clients.writer_of(officer)
    Declaration.objects.create(
        application=file, user=officer, conflicted=True, declared_at=timezone.now()
    )
    assert act(client, file, "start-screening")[0] == 404
    assert client.get(f"/api/v1/applications/{file.reference}/").status_code == 404


def test_a_token_that_only_reads_changes_nothing(site: Site) -> None:
    file = scene.application(site)
    status, answer = act(clients.client(Role.ADMISSIONS_OFFICER, site), file, "start-screening")
    assert (status, answer["code"]) == (403, "not_allowed")
    file.refresh_from_db()
    assert file.state == "submitted"


def test_both_sites_agree_on_a_transfer(site: Site) -> None:
    target = scene.site("RAB")
    file = scene.application(site)
    sender = clients.writer(Role.ADMISSIONS_OFFICER, site)
    taker = clients.writer(Role.ADMISSIONS_OFFICER, target)
    assert act(sender, file, "agree-transfer")[1]["code"] == "transfer_closed"
    assert act(sender, file, "ask-transfer", {"site": "RAB", "reason": "Plus près."})[0] == 200
    assert act(sender, file, "agree-transfer")[1]["code"] == "not_allowed"
    status, answer = act(taker, file, "agree-transfer")
    assert (status, answer["site"]) == (200, "RAB")
    assert act(sender, file, "start-screening")[0] == 404


@pytest.mark.parametrize(
    ("name", "body", "refusal"),
    [
        ("decide", {"outcome": "admit"}, (409, "impossible_step", [])),
        ("decide", {"outcome": "refuse"}, (400, "bad_decision", ["reasons"])),
        ("decide", {"outcome": "nonsense"}, (400, "invalid", ["outcome"])),
        ("decide", {}, (400, "invalid", ["outcome"])),
        ("decide", {"outcome": "admit", "sure": True}, (400, "invalid", ["sure"])),
        ("start-screening", {"why": "x"}, (400, "invalid", ["why"])),
        ("reopen", {"reason": " "}, (400, "invalid", ["reason"])),
        ("mark-duplicate", {"original": "A1999-0001"}, (400, "bad_original", ["original"])),
        ("accept-offer", {}, (409, "impossible_step", [])),
        ("request-information", {"fields_wanted": ["contact_email"], "message": "x",
                                 "due_on": "2026-02-30"},
         (400, "invalid", ["due_on", "fields_wanted"])),
        ("request-information", {"fields_wanted": ["team"], "message": "x", "due_on": "2001-01-01"},
         (400, "bad_request_for_information", ["due_on"])),
        ("offer", {"space": 1, "tenant_kind": "startup", "start": "2027-01-01",
                   "open_until": "2027-01-01"}, (400, "unknown_space", ["space"])),
        ("offer", {"tenant_kind": "startup", "start": "2027-01-01",
                   "open_until": "2027-01-01"}, (400, "space_needed", ["space"])),
    ],
)  # fmt: skip
def test_a_refusal_says_which_field(
    site: Site, name: str, body: Any, refusal: tuple[int, str, list[str]]
) -> None:
    file = scene.application(site)
    status, answer = act(clients.writer(Role.DIRECTOR), file, name, body)
    assert (status, answer["code"], sorted(answer.get("errors", []))) == refusal
