"""The whole house on this machine: web, worker and timetable, any of which may be killed.

    python -m tests.technopark.killed_house CODE …

prepares the database and makes, under each code, a hub with one free office, a director's token,
a webhook and three applicants with their sessions, and prints them as JSON.
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
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Final

from celery import Celery
from kombu.exceptions import OperationalError

from technopark.embedded.paths import ROOT
from tests.technopark.instance import Instance, empty_folder, instance_in, wait_until
from tests.technopark.post_office import PostOffice
from tests.technopark.rehearsal import free_port

VICTIMS: Final = ("web", "worker", "redis", "postgres")
OWNER: Final = "technopark_owner"
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CELERY: Final = ("-m", "celery", "--quiet", "--app", "technopark")


@dataclass(slots=True)
class House:
    """The running product. What was killed is started again, as a supervisor would."""

    instance: Instance
    port: int
    woken: tuple[str, ...]
    """The jobs that the timetable wakes."""
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    service_kills: deque[float] = field(default_factory=lambda: deque([float("-inf")] * 3, 3))
    broken_off: datetime = _NEVER
    """Whatever a worker had in hand before this, it will not end."""
    closed: threading.Event = field(default_factory=threading.Event)

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

    def keep_time(self) -> None:
        """Wake the jobs as Celery beat does, only a hundred times as often."""
        beat = Celery(broker=f"redis+socket://{self.instance.paths.redis_socket}")
        beat.conf.broker_transport_options = {"socket_connect_timeout": 1, "max_retries": 0}
        while not self.closed.wait(0.6):
            with suppress(OperationalError, OSError):
                for task in self.woken:
                    beat.send_task(task, retry=False, ignore_result=True)

    def sql(self, query: str) -> str:
        return self.instance.answer(OWNER, query)

    def program(self, *words: str) -> Any:
        """What a program of the tests prints as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            check=False,
            cwd=ROOT,
            env=self.instance.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def kill(self, victim: str) -> None:
        """As `kill -9` does, with all that it started."""
        if victim in {"redis", "postgres"}:
            if time.monotonic() - self.service_kills[0] < 70:
                victim = "worker"  # services started more than three times a minute are given up
            else:
                self.service_kills.append(time.monotonic())
        self.killed.append(victim)
        if victim in {"redis", "postgres"}:
            for pid in self.instance.pids(victim):
                os.kill(pid, signal.SIGKILL)
        elif (program := self.programs.get(victim)) is not None and program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        if victim in {"worker", "postgres"}:
            self.broken_off = datetime.now(UTC)

    def settle(self, *, within: float) -> None:
        """Everything leaves. What a worker left under way grows old at once, and a pause after a
        refused attempt is a minute and more: the test does not wait for either."""

        def nothing_waits() -> bool:
            self.mend()
            died = self.broken_off.isoformat()  # kills may go on while things leave
            self.sql(
                "UPDATE core_message SET sending_since = sending_since - interval '1 hour' "
                f"WHERE state = 'sending' AND sending_since < '{died}';"
                "UPDATE core_message SET due_at = now() WHERE state = 'to_send' AND due_at > now();"
                "UPDATE sites_webhookdelivery SET due_at = now() WHERE state = 'to_send' AND "
                f"due_at > now() AND due_at < '{died}'::timestamptz + interval '5 minutes'"
            )
            return (
                self.sql(
                    "SELECT (SELECT count(*) FROM core_message "
                    "WHERE state IN ('to_send', 'sending')) "
                    "+ (SELECT count(*) FROM sites_webhookdelivery WHERE state = 'to_send')"
                )
                == "0"
            )

        assert wait_until(nothing_waits, within=within), self.sql("SELECT state FROM core_message")

    def letters(self, office: PostOffice) -> Counter[str]:
        """How many are in which state; each was accepted once, or is shown as uncertain."""
        wrong, states = [], Counter[str]()
        for line in self.sql("SELECT message_id || ' ' || state FROM core_message").splitlines():
            letter, state = line.split()
            states[state] += 1
            times = office.accepted[letter]
            fine = {"sent": times == 1, "superseded": times == 0, "uncertain": times <= 1}
            if not fine.get(state, False):
                wrong.append((letter, state, times))
        assert wrong == []
        killed = Counter(self.killed)
        assert states["uncertain"] <= killed["worker"] + killed["postgres"]
        return states

    def stop(self) -> None:
        self.closed.set()
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
        for _attempt in range(300):
            self.mend()
            try:
                return self._once(path, body, token, session, key)
            except urllib.error.HTTPError as error:
                last = f"{error.code} {error.read().decode(errors='replace')[:400]}"
                # Still at work on the first request, or PostgreSQL is away: a page then says 500.
                away = {503, 500 if session and "postgres" in self.killed else 503}
                if '"still_running"' not in last and error.code not in away:
                    break
            except (OSError, EOFError, HTTPException) as error:
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


@contextmanager
def killed_house(office: PostOffice, *, woken: tuple[str, ...], **env: str) -> Iterator[House]:
    """The house runs, on an empty database; what it sends, `office` gets."""
    with empty_folder() as folder, instance_in(folder) as instance:
        house = House(instance, free_port(), woken)
        instance.env |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "SITE_URL": f"http://localhost:{house.port}",
            "DEMO": "no",
            # As in production: what was answered is written, even if PostgreSQL dies.
            "EMBEDDED_FSYNC": "on",
            "PYTHONPATH": str(ROOT),
            **env,
        }
        user = instance.user().ready()
        beat = threading.Thread(target=house.keep_time)
        beat.start()
        house.mend()  # they start while the tables are made
        try:
            yield house
        finally:
            house.stop()
            beat.join()
            user.leave()


class _Staying(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any) -> Any:
        return fp


class Killer:
    """Kills these victims now and then, while acts are under way."""

    def __init__(self, house: House, seed: int, *, victims: list[str], acts: int) -> None:
        self.house = house
        self.random = random.Random(seed)
        self.random.shuffle(victims)
        self.at = dict(zip(self.random.sample(range(acts), len(victims)), victims, strict=True))
        self.under_way: list[threading.Timer] = []

    def during(self, act: int) -> None:
        victim = self.at.get(act)
        if victim is not None:
            delay = self.random.uniform(0, 0.3)
            self.under_way.append(threading.Timer(delay, self.house.kill, args=(victim,)))
            self.under_way[-1].start()

    def finish(self) -> None:
        for timer in self.under_way:
            timer.join()


def _scenes(codes: list[str]) -> None:
    from django.core.management import call_command

    from accounts.choices import Role
    from sites.models import WebhookEndpoint
    from sites.services import webhooks
    from tests.factories import clients, scene

    call_command("migrate", interactive=False, verbosity=0)
    heard = WebhookEndpoint(name="Portal", url=os.environ["HEARS"], every_site=True)
    heard.allow_private = True
    webhooks.keep_endpoint(endpoint=heard, acting_user=None)

    def scenes() -> Iterator[dict[str, Any]]:
        for code in codes:
            site = scene.site(code)
            files = [scene.application(site) for _number in range(3)]
            yield {
                "code": code,
                "token": clients.token_of(scene.staff(Role.DIRECTOR), read_only=False),
                "space": scene.office(site).pk,
                "files": [file.reference for file in files],
                "sessions": [_session(file.applicant) for file in files if file.applicant],
            }

    print(json.dumps(list(scenes())))  # noqa: T201  the caller reads it


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests.factories import doors

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = doors.BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key or ""


if __name__ == "__main__":
    import django

    django.setup()
    _scenes(sys.argv[1:])
