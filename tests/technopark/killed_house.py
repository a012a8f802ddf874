"""The whole house on this machine: web, worker and timetable, any of which may be killed.

    python -m tests.technopark.killed_house timetable
    python -m tests.technopark.killed_house scenes CODE …

`timetable` wakes the jobs as Celery beat does, only a hundred times as often. `scenes` makes, under
each code, a hub with one free office, a director's token and three applicants with their
sessions, and prints them as JSON.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from technopark.embedded.paths import ROOT
from tests.technopark.instance import Instance, wait_until

VICTIMS: Final = ("web", "worker", "redis")
_CELERY: Final = ("-m", "celery", "--quiet", "--app", "technopark")


@dataclass(slots=True)
class House:
    """The running product. What was killed is started again, as a supervisor would."""

    instance: Instance
    port: int
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    redis_killed: float = float("-inf")

    def commands(self) -> dict[str, tuple[str, ...]]:
        return {
            "web": (
                *("-m", "gunicorn", "technopark.wsgi", "--bind", f"127.0.0.1:{self.port}"),
                *("--workers", "1", "--worker-class", "gthread", "--threads", "4"),
                "--no-control-socket",
            ),
            "worker": (
                *(*_CELERY, "worker", "--concurrency", "1", "--loglevel", "ERROR"),
                *("--without-mingle", "--without-gossip"),
            ),
            "timetable": ("-m", "tests.technopark.killed_house", "timetable"),
        }

    def mend(self) -> None:
        """Start what does not run; PostgreSQL and Redis have a keeper of their own."""
        for name, command in self.commands().items():
            known = self.programs.get(name)
            if known is None or known.poll() is not None:
                self.programs[name] = subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=self.instance.env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )

    def kill(self, victim: str) -> None:
        """As `kill -9` does, with all that it started."""
        if victim == "redis" and time.monotonic() - self.redis_killed < 25:
            victim = "worker"  # Redis started more than three times a minute is given up
        self.killed.append(victim)
        if victim == "redis":
            self.redis_killed = time.monotonic()
            for pid in self.instance.pids("redis"):
                os.kill(pid, signal.SIGKILL)
        elif (program := self.programs.get(victim)) is not None and program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def stop(self) -> None:
        for program in self.programs.values():
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()

    def ask(
        self,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        token: str = "",
        session: str = "",
        key: str = "",
    ) -> Any:
        """One request, sent again until the house answers it; a refusal is a failure of the test.

        With a token the body is JSON and the answer parsed; with a session it is a form.
        """
        last = ""
        for _attempt in range(200):
            self.mend()
            try:
                return self._once(path, body, token, session, key)
            except urllib.error.HTTPError as error:
                last = f"{error.code} {error.read().decode(errors='replace')[:400]}"
                # Still at work on the first request, or one of its own services is away.
                if error.code not in {409, 429, 500, 503} or '"impossible_step"' in last:
                    break
            except (OSError, EOFError) as error:
                last = repr(error)
            time.sleep(0.1)
        raise AssertionError(f"{path}: {last}")

    def _once(
        self, path: str, body: Mapping[str, Any] | None, token: str, session: str, key: str
    ) -> Any:
        base = f"http://localhost:{self.port}"
        headers = {"Accept-Language": "en", "Referer": base}
        data = None
        if token:
            headers |= {"Authorization": f"Token {token}", "Content-Type": "application/json"}
            headers |= {"Idempotency-Key": key} if key else {}
            data = json.dumps(body).encode() if body is not None else None
        elif body is not None:
            csrf = "a" * 32
            headers["Cookie"] = f"sessionid={session}; csrftoken={csrf}"
            data = urllib.parse.urlencode({**body, "csrfmiddlewaretoken": csrf}).encode()
        request = urllib.request.Request(f"{base}{path}", data=data, headers=headers)
        # What is posted leads to a page, which is not asked for.
        opener = urllib.request.build_opener(_Staying) if session else urllib.request.build_opener()
        with opener.open(request, timeout=10) as answer:
            text = answer.read().decode()
        return json.loads(text) if token else text


class _Staying(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any) -> Any:
        return fp


class Killer:
    """Kills one of the victims now and then, while acts are under way."""

    def __init__(self, house: House, seed: int, *, kills: int, acts: int) -> None:
        self.house = house
        self.random = random.Random(seed)
        victims = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
        self.random.shuffle(victims)
        self.at = dict(zip(self.random.sample(range(acts), kills), victims, strict=True))

    def during(self, act: int) -> None:
        victim = self.at.get(act)
        if victim is not None:
            delay = self.random.uniform(0, 0.3)
            threading.Timer(delay, self.house.kill, args=(victim,)).start()


def drained(instance: Instance, *, within: float) -> bool:
    """Whether nothing waits to be sent any more."""
    waiting = "SELECT count(*) FROM core_message WHERE state IN ('to_send', 'sending')"
    return wait_until(lambda: instance.psql("technopark_owner", waiting) == "0", within=within)


def _timetable() -> None:
    import django
    from kombu.exceptions import OperationalError

    django.setup()
    from technopark.celery import app

    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    often = sorted(task for task in tasks if task in {"core.send_messages", "applications.expire"})
    while True:
        for task in often:
            try:
                app.send_task(task, retry=False, ignore_result=True)
            except (OperationalError, OSError):
                break
        time.sleep(0.6)


def _scenes() -> None:
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.choices import Role
    from accounts.models import User
    from tests.factories import clients, doors, scene

    def session(user: User) -> str:
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = doors.BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        return store.session_key or ""

    def scenes() -> Iterator[dict[str, Any]]:
        for code in sys.argv[2:]:
            site = scene.site(code)
            files = [scene.application(site) for _number in range(3)]
            yield {
                "token": clients.token_of(scene.staff(Role.DIRECTOR), read_only=False),
                "space": scene.office(site).pk,
                "files": [file.reference for file in files],
                "sessions": [session(file.applicant) for file in files if file.applicant],
            }

    print(json.dumps(list(scenes())))  # noqa: T201  the caller reads it


if __name__ == "__main__":
    {"timetable": _timetable, "scenes": _scenes}[sys.argv[1]]()
