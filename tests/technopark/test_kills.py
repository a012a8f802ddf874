"""Web, worker and Redis are killed at random points of an admission: it ends the same all the same.

Each act is asked again until it is answered, as a browser's user or a client would. Every letter
is accepted once by a real SMTP server, save those that are shown as uncertain because the kill
fell between the server's yes and our note of it.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from core.periods import today
from technopark.embedded.paths import ROOT
from tests.technopark.instance import Instance, empty_folder, instance_in
from tests.technopark.killed_house import House, Killer, drained
from tests.technopark.post_office import PostOffice, post_office
from tests.technopark.rehearsal import free_port

OWNER = "technopark_owner"
SECOND_APPLICANT, THIRD_APPLICANT = 1, 2
_OFFER = (
    "SELECT max(o.id) FROM applications_offer o "
    "JOIN applications_application a ON a.id = o.application_id WHERE a.reference = '{}'"
)


@dataclass(frozen=True)
class Scene:
    token: str
    space: int
    files: list[str]
    sessions: list[str]


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[House, PostOffice]]:
    with post_office() as office, empty_folder() as folder, instance_in(folder) as instance:
        port = free_port()
        instance.env |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "SITE_URL": f"http://localhost:{port}",
            "DEMO": "no",
            "PYTHONPATH": str(ROOT),
        }
        user = instance.user().ready()
        _run(instance, "-m", "technopark.embedded.prepare")
        made = House(instance, port)
        try:
            yield made, office
        finally:
            made.stop()
            user.leave()


def _run(instance: Instance, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=instance.env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _acts(scene: Scene) -> list[tuple[int, str, dict[str, Any]]]:
    """(whose file, act, what it is told): an admission with a request, a refusal, a withdrawal."""
    in_a_week = (today() + dt.timedelta(days=7)).isoformat()
    asked = {"fields_wanted": ["project"], "message": "Précisez.", "due_on": in_a_week}
    offered = {
        "space": scene.space,
        "tenant_kind": "startup",
        "start": today().isoformat(),
        "open_until": in_a_week,
    }
    return [
        (0, "start-screening", {}),
        (0, "request-information", asked),
        (SECOND_APPLICANT, "start-screening", {}),
        (SECOND_APPLICANT, "prepare-for-committee", {}),
        (0, "answer", {"project": "Un capteur, dit mieux."}),
        (0, "send-to-review", {}),
        (SECOND_APPLICANT, "decide", {"outcome": "refuse", "reasons": ["not_mature"]}),
        (0, "prepare-for-committee", {}),
        (0, "decide", {"outcome": "admit"}),
        (SECOND_APPLICANT, "publish", {}),
        (0, "publish", {}),
        (0, "offer", offered),
        (THIRD_APPLICANT, "withdraw", {"reason": "Autre projet."}),
        (0, "accept", {}),
        (0, "start-onboarding", {}),
    ]


def _walk(house: House, scene: Scene, killer: Killer | None) -> None:
    for number, (whose, act, told) in enumerate(_acts(scene)):
        if killer is not None:
            killer.during(number)
        reference = scene.files[whose]
        if act in {"answer", "accept"}:
            body = told or {"offer": house.instance.psql(OWNER, _OFFER.format(reference))}
            path = f"/my/{reference}/{act}/"
            house.ask(path, body=body, session=scene.sessions[whose])
        else:
            path = f"/api/v1/applications/{reference}/{act}/"
            house.ask(path, body=told, token=scene.token, key=f"{reference}-{number}")


def _scenes(house: House, *codes: str) -> list[Scene]:
    made = _run(house.instance, "-m", "tests.technopark.killed_house", "scenes", *codes)
    return [Scene(**one) for one in json.loads(made)]


def _end(house: House, scene: Scene) -> list[str]:
    """How the files stand, with what hangs on them; the trail and the letters by their kind."""
    found = []
    for reference in scene.files:
        of_file = f"FROM applications_application a WHERE a.reference = '{reference}'"
        for query in (
            f"SELECT a.state, a.revision, a.company_id IS NOT NULL {of_file}",
            "SELECT string_agg(t.step, ' ' ORDER BY t.id) FROM applications_transition t "
            f"WHERE t.application_id = (SELECT a.id {of_file})",
            "SELECT string_agg(o.state || (o.booking_id IS NOT NULL), ' ') "
            f"FROM applications_offer o WHERE o.application_id = (SELECT a.id {of_file})",
            "SELECT string_agg(l.state, ' ') FROM leases_lease l "
            f"WHERE l.application_id = (SELECT a.id {of_file})",
            "SELECT string_agg(split_part(m.matter, ':', 3), ' ' ORDER BY m.id) "
            "FROM core_message m "
            f"WHERE m.matter LIKE 'application:' || (SELECT a.id {of_file}) || ':%'",
        ):
            found.append(house.instance.psql(OWNER, query))
    return found


def _letters(house: House) -> list[tuple[str, str]]:
    """(Message-ID, state) of all that were ever written."""
    rows = house.instance.psql(OWNER, "SELECT message_id || ' ' || state FROM core_message")
    return [(line.split()[0], line.split()[1]) for line in rows.splitlines()]


def _settle(house: House) -> None:
    """Everything is sent; what a kill left in the middle of SMTP grows old enough to be shown."""
    house.mend()
    left = "UPDATE core_message SET sending_since = sending_since - interval '1 hour' "
    if not drained(house.instance, within=15):
        house.instance.psql(OWNER, f"{left} WHERE state = 'sending'")
    # A pause after a refused attempt is a minute and more: the test does not wait for it.
    house.instance.psql(OWNER, "UPDATE core_message SET due_at = now() WHERE state = 'to_send'")
    house.mend()
    assert drained(house.instance, within=60), _letters(house)


def _check(house: House, office: PostOffice, seeds: Sequence[int], *, kills: int) -> None:
    control, *disturbed = _scenes(house, "A", *(f"B{seed}" for seed in seeds))
    _walk(house, control, None)
    expected = _end(house, control)
    for seed, scene in zip(seeds, disturbed, strict=True):
        before = len(house.killed)
        _walk(house, scene, Killer(house, seed, kills=kills, acts=len(_acts(scene))))
        _settle(house)
        assert len(house.killed) - before == kills
        assert _end(house, scene) == expected
    wrong, states = [], Counter[str]()
    for letter, state in _letters(house):
        states[state] += 1
        times = office.accepted[letter]
        fine = {"sent": times == 1, "superseded": times == 0, "uncertain": times <= 1}
        if not fine.get(state, False):
            wrong.append((letter, state, times))
    assert wrong == []
    assert states["uncertain"] <= house.killed.count("worker")


def test_an_admission_survives_a_kill_of_each(house: tuple[House, PostOffice]) -> None:
    _check(*house, seeds=[1], kills=3)


@pytest.mark.torture
def test_admissions_survive_many_kills(house: tuple[House, PostOffice]) -> None:
    bounded = os.environ.get("TORTURE") == "bounded"
    _check(*house, seeds=range(2, 5 if bounded else 42), kills=4)
