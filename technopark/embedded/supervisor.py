"""The whole product on one machine: web, worker and beat on prepared services.

    python -m technopark.embedded.supervisor [--parent PID]

PORT (8000) and BIND (127.0.0.1) set the address, DATA_DIR the data.  With DATABASE_URL and
REDIS_URL those servers are used, and no demo is loaded.  With --parent the end of that
process, `make` for one, is the end of all.
"""

import argparse
import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Final, Never

from django.core.exceptions import ImproperlyConfigured

from technopark import environment
from technopark.embedded import static_files
from technopark.embedded.children import Child, stop
from technopark.embedded.errors import EmbeddedError
from technopark.embedded.paths import paths
from technopark.embedded.process import bound, die_with_parent
from technopark.embedded.session import ensure_ready, is_needed, use

_PATIENCE: Final = 10.0  # seconds, then what is left is killed
_TICK: Final = 0.2  # seconds


class _AskedToStop(Exception):
    """Ctrl-C, SIGTERM, or the terminal was closed."""


class _Failed(Exception):
    """A step or a child ended badly."""


def _on_signal(signum: int, frame: FrameType | None) -> Never:
    raise _AskedToStop


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def address() -> tuple[str, int]:
    """Host and port to listen on; raises EmbeddedError on a bad PORT."""
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise EmbeddedError(f"PORT={value} must be a number from 1 to 65535.")
    return os.environ.get("BIND") or "127.0.0.1", int(value)


def wants_demo() -> bool:
    """Whether the demo belongs here: on embedded services, unless DEMO=no.

    Raises EmbeddedError on a bad DEMO.
    """
    try:
        wanted = environment.flag("DEMO", default=True)
    except ImproperlyConfigured as error:
        raise EmbeddedError(str(error)) from error
    given = any(
        os.environ.get(name) or os.environ.get(f"{name}_FILE")
        for name in ("DATABASE_URL", "REDIS_URL")
    )
    return wanted and not given


def check_port(host: str, port: int) -> None:
    """Raise EmbeddedError when something listens there, or on ::1, which browsers try first."""
    for family, name in ((socket.AF_INET, host), (socket.AF_INET6, "::1")):
        if family == socket.AF_INET6 and host != "127.0.0.1":
            continue
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((name, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    other = port + 1 if port < 65535 else 8000
                    raise EmbeddedError(
                        f"Port {port} is taken by another program; use PORT={other} make run"
                    ) from error
                if family == socket.AF_INET:
                    raise EmbeddedError(
                        f"Cannot listen on {host}:{port} ({error.strerror}); "
                        "use another PORT or BIND."
                    ) from error


class Supervisor:
    """Prepares the database, runs the three programs, and stops when one of them ends."""

    def __init__(self, host: str, port: int, *, lock_fd: int | None) -> None:
        self.host = host
        self.port = port
        self.paths = paths()
        self.pass_fds = [] if lock_fd is None else [lock_fd]
        self.env = {
            **os.environ,
            "PORT": str(port),
            "DATA_DIR": str(self.paths.data),
            "DJANGO_SETTINGS_MODULE": os.environ.get(
                "DJANGO_SETTINGS_MODULE", "technopark.settings"
            ),
            "PYTHONPATH": str(self.paths.root),
            "PYTHONUNBUFFERED": "1",
            # The demo may run as root; Celery's lecture on it would hide what matters.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        self.children: list[Child] = []

    def prepare(self) -> None:
        """Static files, migrations, and the demo for an empty embedded database."""
        state = static_files.state(self.paths.root)
        stamp = static_files.stamp(self.paths.root)
        if not stamp.exists() or stamp.read_text(encoding="ascii") != state:
            _say("Collecting the static files …")
            # Nothing is cleared first: another instance may be serving from the same folder.
            manage = str(self.paths.root / "manage.py")
            self._run("collectstatic", manage, "collectstatic", "--no-input", "--verbosity", "0")
            stamp.write_text(state, encoding="ascii")
        _say("Preparing the database …")
        demo = ["--demo"] if wants_demo() else []
        self._run("Preparing the database", "-m", "technopark.embedded.prepare", *demo)

    def _run(self, what: str, *arguments: str) -> None:
        step = subprocess.Popen(  # noqa: S603 - our own words only
            bound([sys.executable, *arguments], signum=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            env=self.env,
            pass_fds=self.pass_fds,
            start_new_session=True,
        )
        try:
            code = step.wait()
        except BaseException:
            step.terminate()
            try:
                step.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                step.kill()
                step.wait()
            raise
        if code != 0:
            _say(f"{what} failed with exit code {code}; stopping.")
            raise _Failed

    def start(self) -> None:
        """Start web, worker and beat."""
        celery = ("celery", "--quiet", "--app", "technopark")
        programs: dict[str, Sequence[str]] = {
            "web": (
                "gunicorn",
                "technopark.wsgi",
                *("--bind", f"{self.host}:{self.port}"),
                *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
                # The workers are forked from a loaded program: one start instead of three.
                *("--preload", "--no-control-socket"),
            ),
            "worker": (
                # Its every task would scroll the address and the sign-ins away.
                *(*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"),
                *("--without-mingle", "--without-gossip"),  # it has no fellow workers to meet
            ),
            "beat": (
                *(*celery, "beat", "--loglevel", "WARNING", "--pidfile="),
                *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
            ),
        }
        for name, (module, *arguments) in programs.items():
            command = [sys.executable, "-m", module, *arguments]
            # Beat has no children and nothing to finish. A SIGTERM that came while its services
            # went too was once lost on it, and nobody is left then to send another.
            orphaned = signal.SIGKILL if name == "beat" else signal.SIGTERM
            self.children.append(
                Child(name, command, env=self.env, pass_fds=self.pass_fds, orphaned=orphaned)
            )

    def watch(self) -> None:
        """Announce the product once it answers; raises _Failed when a child ends.

        Raises EmbeddedError when the services are gone and do not come back.
        """
        announced = False
        while True:
            for child in self.children:
                if child.has_ended():
                    child.drain()
                    code = child.process.returncode
                    _say(f"{child.name} ended with exit code {code}; stopping the others.")
                    raise _Failed
            if is_needed():
                ensure_ready()  # the keeper may have been killed
            if not announced and self._answers():
                announced = True
                self._announce()
            time.sleep(_TICK)

    def _answers(self) -> bool:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 - compared
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/health/", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self) -> None:
        site = os.environ.get("SITE_URL") or f"http://localhost:{self.port}"
        lines = [f"Technopark runs at {site}/"]
        if wants_demo():
            lines += _demo_lines(site, self.paths.mail)
        lines.append("Ctrl-C stops it.")
        _say("\n" + "\n".join(f"  {line}" for line in lines) + "\n")


def _demo_lines(site: str, mail: Path) -> list[str]:
    """How to get into the demo, and where its letters are."""
    from technopark.demo.sign_ins import (  # noqa: PLC0415  a refused start waits for no Django
        DEMO_PARTNER_TOKEN,
        DEMO_PASSWORD,
        DEMO_TOTP_SECRET,
        sign_ins,
    )

    return [
        f"Staff sign in at {site}/staff/ with the password “{DEMO_PASSWORD}”:",
        *(f"    {email}" for email, _role, _code in sign_ins()),
        f"The code of their second factor is shown at {site}/demo/",
        f"(or by an authenticator app with the secret {DEMO_TOTP_SECRET}).",
        f"Applicants sign in by a code sent to them. E-mails are at {site}/demo/ too,",
        f"as files in {mail}",
        f"A partner's portal has the token {DEMO_PARTNER_TOKEN} (docs/api.md).",
    ]


@contextlib.contextmanager
def _services() -> Iterator[int | None]:
    """The embedded services where they are needed; gives the descriptor for the children."""
    if not is_needed():
        yield None
        return
    # Ctrl-C gives the prompt back when everything is gone.
    with use(wait_for_end=3) as lock_fd:
        yield lock_fd


def _run() -> None:
    host, port = address()
    wants_demo()  # a bad value shows now, not after the preparations
    check_port(host, port)
    with _services() as lock_fd:
        supervisor = Supervisor(host, port, lock_fd=lock_fd)
        try:
            supervisor.prepare()
            supervisor.start()
            supervisor.watch()
        finally:
            # A second Ctrl-C must not leave a child half stopped.
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(signum, signal.SIG_IGN)
            stop(supervisor.children, patience=_PATIENCE)


def main(arguments: Sequence[str]) -> int:
    """Run until asked to stop (0) or until something ends badly (1)."""
    parser = argparse.ArgumentParser(prog="python -m technopark.embedded.supervisor")
    parser.add_argument("--parent", type=int, help="stop when this process ends")
    options = parser.parse_args(arguments)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _on_signal)
    try:
        if options.parent is not None:
            die_with_parent(signal.SIGTERM, parent=options.parent)
        _run()
    except _AskedToStop:
        _say("Stopped.")
        return 0
    except _Failed:
        return 1
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
