"""Web, worker, Redis and PostgreSQL are killed in the middle of an admission: it ends the same.

Each act is asked again until it is answered, as a browser's user or a client would. Every letter
is accepted once by a real SMTP server, save those that are shown as uncertain because the kill
fell between the server's yes and our note of it. A real receiver of webhooks hears of each step.
"""

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from core.periods import today
from tests.factories.receiver import Receiver, receiver
from tests.technopark.killed_house import VICTIMS, House, Killer, killed_house
from tests.technopark.post_office import PostOffice, post_office

_WOKEN: Final = ("core.send_messages", "sites.deliver_webhooks", "applications.expire")
SECOND, THIRD, BY_PORTAL = 1, 2, 3
END: Final = [
    # The admitted one.
    "onboarding|2|t",
    "submit start_screening request_information answer_request send_to_review "
    "prepare_for_committee decide publish_admission offer accept_offer start_onboarding",
    "accepted/t",
    "draft",
    "hold/t",
    "received request decision decision accepted",  # the offer is on the same matter
    # The refused one, the withdrawn one, and the one that a portal sent.
    "declined|1|f",
    "submit start_screening prepare_for_committee decide publish_refusal",
    *("", "", "", "received decision"),
    *("withdrawn|1|f", "submit withdraw", "", "", "", "received"),
    *("submitted|1|f", "submit", "", "", "", "received"),
]
ANNOUNCED: Final = Counter(
    {
        **{"start_screening": 2, "prepare_for_committee": 2, "submit": 1},
        **dict.fromkeys(["request_information", "answer_request", "send_to_review"], 1),
        **dict.fromkeys(["publish_admission", "publish_refusal", "offer", "accept_offer"], 1),
        **dict.fromkeys(["withdraw", "start_onboarding"], 1),
    }
)
_OFFER: Final = (
    "SELECT max(o.id) FROM applications_offer o "
    "JOIN applications_application a ON a.id = o.application_id WHERE a.reference = '{}'"
)


@dataclass(frozen=True)
class Scene:
    code: str
    token: str
    space: int
    files: list[str]
    sessions: list[str]


@dataclass(frozen=True)
class Town:
    """The house, and those outside whom it writes to."""

    house: House
    office: PostOffice
    portal: Receiver

    def sql(self, query: str) -> str:
        return self.house.sql(query)

    def scenes(self, *codes: str) -> list[Scene]:
        made = self.house.program("tests.technopark.killed_house", *codes)
        return [Scene(**one) for one in made]


@pytest.fixture
def town() -> Iterator[Town]:
    with (
        post_office() as office,
        receiver() as portal,
        killed_house(office, woken=_WOKEN, HEARS=portal.address) as house,
    ):
        yield Town(house, office, portal)


def _acts(scene: Scene) -> list[tuple[int, str, dict[str, Any]]]:
    """(whose file, act, what it is told): an admission with a request, a refusal, a withdrawal,
    and a portal's application."""
    in_a_week = (today() + dt.timedelta(days=7)).isoformat()
    asked = {"fields_wanted": ["project"], "message": "Précisez.", "due_on": in_a_week}
    offered = {
        "space": scene.space,
        "tenant_kind": "startup",
        "start": today().isoformat(),
        "open_until": in_a_week,
    }
    draft = {
        "site": scene.code,
        "contact_email": f"portal-{scene.code.lower()}@example.org",
        "language": "fr",
        "answers": {
            **{"applicant_kind": "project_holder", "name": "Portail Démo", "project": "Un essai."},
            **{"team_size": 2, "wanted_m2": "18", "wanted_start": today().isoformat()},
            **{"contact_name": "Contact Demo", "contact_phone": "0522123456"},
        },
    }
    return [
        (0, "start-screening", {}),
        (BY_PORTAL, "", draft),
        (0, "request-information", asked),
        (SECOND, "start-screening", {}),
        (SECOND, "prepare-for-committee", {}),
        (0, "answer", {"project": "Un capteur, dit mieux."}),
        (BY_PORTAL, "submit", {"consent": True}),
        (0, "send-to-review", {}),
        (SECOND, "decide", {"outcome": "refuse", "reasons": ["not_mature"]}),
        (0, "prepare-for-committee", {}),
        (0, "decide", {"outcome": "admit"}),
        (SECOND, "publish", {}),
        (0, "publish", {}),
        (0, "offer", offered),
        (THIRD, "withdraw", {"reason": "Autre projet."}),
        (0, "accept", {}),
        (0, "start-onboarding", {}),
    ]


def _walk(town: Town, scene: Scene, killer: Killer) -> None:
    for number, (whose, act, told) in enumerate(_acts(scene)):
        killer.during(number)
        key = f"{scene.code}-{number}"
        if act in {"answer", "accept"}:
            reference = scene.files[whose]
            body = told or {"offer": town.sql(_OFFER.format(reference))}
            town.house.ask(f"/my/{reference}/{act}/", body=body, session=scene.sessions[whose])
        elif act:
            path = f"/api/v1/applications/{scene.files[whose]}/{act}/"
            town.house.ask(path, body=told, token=scene.token, key=key)
        else:
            made = town.house.ask("/api/v1/applications/", body=told, token=scene.token, key=key)
            scene.files.append(made["reference"])
    killer.finish()


def _end(town: Town, scene: Scene) -> list[str]:
    """How the files stand, with what hangs on them; the trail and the letters by their kind."""
    found = []
    for reference in scene.files:
        one = f"(SELECT id FROM applications_application WHERE reference = '{reference}')"
        for query in (
            "SELECT state, revision, company_id IS NOT NULL FROM applications_application "
            f"WHERE id = {one}",
            "SELECT string_agg(step, ' ' ORDER BY id) FROM applications_transition "
            f"WHERE application_id = {one}",
            "SELECT string_agg(concat_ws('/', state, booking_id IS NOT NULL), ' ') "
            f"FROM applications_offer WHERE application_id = {one}",
            f"SELECT string_agg(state, ' ') FROM leases_lease WHERE application_id = {one}",
            "SELECT string_agg(concat_ws('/', b.kind, b.expires_at IS NULL), ' ') "
            "FROM sites_booking b "
            f"JOIN applications_offer o ON o.booking_id = b.id WHERE o.application_id = {one}",
            "SELECT string_agg(split_part(matter, ':', 3), ' ' ORDER BY id) FROM core_message "
            f"WHERE matter LIKE 'application:' || {one} || ':%'",
        ):
            found.append(town.sql(query))
    return found


def _check(town: Town, scenes: list[Scene]) -> Counter[str]:
    """That nothing is lost or doubled. Returns how many letters are in which state."""
    states = town.house.letters(town.office)
    events = [json.loads(request.body) for request in town.portal.received]
    heard = {event["id"]: event for event in events}  # the same may come twice
    for scene in scenes:
        steps = [event["step"] for event in heard.values() if event["site"] == scene.code]
        assert Counter(steps) - Counter({"submit": 3}) == ANNOUNCED, scene.code
    made = "SELECT concat_ws(' ', {})".format(
        ", ".join(
            f"(SELECT count(*) FROM {table})"
            for table in ("tenants_company", "leases_lease", "sites_booking")
        )
    )
    assert town.sql(made) == " ".join([str(len(scenes))] * 3)
    return states


@pytest.mark.torture
def test_an_admission_survives_a_kill_of_each(town: Town) -> None:
    """The worker is killed while the post office has its letter in hand."""
    (scene,) = town.scenes("A")
    town.office.next_time = lambda: town.house.kill("worker")
    acts = len(_acts(scene))
    _walk(town, scene, Killer(town.house, 1, victims=["web", "redis"], acts=acts))
    town.house.settle(within=60)
    assert sorted(town.house.killed) == ["redis", "web", "worker"]
    assert _end(town, scene) == END
    assert _check(town, [scene])["uncertain"] == 1


@pytest.mark.torture
def test_admissions_survive_many_kills(town: Town) -> None:
    bounded = os.environ.get("TORTURE") == "bounded"
    scenes = town.scenes(*(f"S{seed}" for seed in range(2, 5 if bounded else 42)))
    for seed, scene in enumerate(scenes):
        acts = len(_acts(scene))
        _walk(town, scene, Killer(town.house, seed, victims=[*VICTIMS], acts=acts))
        town.house.settle(within=60)
        assert _end(town, scene) == END, seed
    assert len(town.house.killed) == len(VICTIMS) * len(scenes)
    _check(town, scenes)
