"""Production as docker-compose.yml describes it, rehearsed on real servers with passwords."""

import contextlib
import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from tests.technopark.instance import empty_folder
from tests.technopark.rehearsal import Rehearsal, rehearsal

pytestmark = pytest.mark.torture


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


def get(port: int, path: str, *, host: str = "hub.example.org", proto: str = "http") -> Reply:
    """What the proxy in front of it would ask."""
    headers = {"Host": host, "X-Forwarded-Proto": proto}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as asked:
        asked.request("GET", path, headers=headers)
        reply = asked.getresponse()
        return Reply(reply.status, dict(reply.headers), reply.read())


@pytest.fixture(scope="module")
def production() -> Iterator[Rehearsal]:
    with empty_folder() as folder, rehearsal(folder) as made:
        built = made.build()
        assert built.returncode == 0, built.stdout
        migrated = made.run("migrate")
        assert migrated.returncode == 0, migrated.stdout
        yield made


def test_only_the_owner_migrates(production: Rehearsal) -> None:
    refused = production.run("web", "python", "manage.py", "migrate")
    assert refused.returncode == 1
    assert refused.stdout.endswith("Set OWNER_DATABASE_URL: only the owner may change tables.\n"), (
        refused.stdout
    )


def test_check_deploy_finds_nothing(production: Rehearsal) -> None:
    checked = production.run(
        "web", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    )
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (
        0,
        "System check identified no issues (0 silenced).",
    )


def test_the_demo_is_never_loaded(production: Rehearsal) -> None:
    refused = production.run("web", "python", "manage.py", "load_demo")
    assert refused.returncode == 1
    assert "The demo is loaded on the embedded database only." in refused.stdout


def test_web_answers_and_insists_on_tls(production: Rehearsal) -> None:
    with production.web():
        port = production.web_port
        ready = get(port, "/health/ready/")
        assert (ready.status, json.loads(ready.body)) == (200, {"status": "ok", "failing": []})
        plain = get(port, "/account/login/")
        assert (plain.status, plain.headers["Location"]) == (
            301,
            "https://hub.example.org/account/login/",
        )
        secure = get(port, "/account/login/", proto="https")
        assert secure.status == 200
        assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert get(port, "/health/", host="other.example").status == 400


def test_beat_health_says_when_no_job_was_ever_sent(production: Rehearsal) -> None:
    idle = production.run("beat", "python", "manage.py", "beat_health")
    assert (idle.returncode, idle.stdout) == (1, "CommandError: beat has never sent a job.\n")
