"""An embedded instance of a test's own, its users, and a look at what still runs."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from technopark.embedded.paths import ROOT, Paths, run_folder

_USER: Final = """
import sys
from technopark.embedded import EmbeddedError, use
try:
    with use():
        print("ready", flush=True)
        sys.stdin.read()
except EmbeddedError as error:
    sys.exit(str(error))
"""


class Instance:
    """A throw-away data folder; short, as socket paths must be."""

    def __init__(self, data: Path) -> None:
        self.paths = Paths(root=ROOT, data=data, run=run_folder(data))
        self.env = {
            **os.environ,
            "DATA_DIR": str(data),
            "EMBEDDED_FSYNC": "off",
            "DJANGO_SETTINGS_MODULE": "technopark.settings",
        }
        self.programs: list[subprocess.Popen[str]] = []

    def program(self, *command: str) -> subprocess.Popen[str]:
        """Start a Python program in this instance."""
        started = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.programs.append(started)
        return started

    def user(self) -> "User":
        """Start a program that uses the services until it is told to leave."""
        return User(self.program("-c", _USER))

    def psql(self, role: str, sql: str, *, database: str = "technopark") -> str:
        """What psql prints, errors included; one column, unaligned."""
        return self._psql(role, sql, database).stdout.strip()

    def answer(self, role: str, sql: str) -> str:
        """What psql prints, asked again until PostgreSQL is there to say it."""
        for _attempt in range(300):
            done = self._psql(role, sql, "technopark")
            if done.returncode == 0:
                return done.stdout.strip()
            time.sleep(0.1)  # another process comes back: it calls nobody
        raise AssertionError(done.stdout)

    def _psql(self, role: str, sql: str, database: str) -> subprocess.CompletedProcess[str]:
        from technopark.embedded.programs import postgres_program

        return subprocess.run(
            [
                str(postgres_program("psql")),
                *("-X", "-q", "-A", "-t", "-h", str(self.paths.pg_socket_dir)),
                *("-U", role, "-d", database, "-c", sql),
            ],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pid(self, name: str) -> int:
        """The process id of `keeper`, `postgres` (the main one) or `redis`."""
        (pid,) = self.pids(name)
        return pid

    def pids(self, name: str) -> set[int]:
        """The living processes of that name; those of `postgres` without its own children."""
        mark = {
            "keeper": "technopark.embedded.keeper",
            "postgres": f"-D {self.paths.postgres}",
            "redis": "redis-server",
        }[name]
        return {pid for pid, words in self.processes().items() if mark in words}

    def processes(self) -> dict[int, str]:
        """The instance's living processes except the programs started here: id → words."""
        ours = {program.pid for program in self.programs}
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            pid = int(folder.name)
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                belongs = (
                    str(self.paths.data) in words
                    or f"DATA_DIR={self.paths.data}\0".encode() in (folder / "environ").read_bytes()
                    or (folder / "cwd").readlink().is_relative_to(self.paths.data)
                )
            except OSError:  # it ended meanwhile, or is a zombie
                continue
            if belongs and words and pid not in ours:
                found[pid] = words
        return found

    def remaining(self, *, within: float) -> dict[int, str]:
        """The processes left after at most `within` seconds of waiting for none."""
        wait_until(lambda: not self.processes(), within=within)
        return self.processes()


class User:
    """A program that uses an instance."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program = program

    def ready(self) -> Self:
        """Wait until the services answer."""
        assert self.program.stdout is not None
        line = self.program.stdout.readline().strip()
        assert line == "ready", self.leave()
        return self

    def leave(self) -> tuple[int, str]:
        """Let it end; exit code and what it said on stderr."""
        _, errors = self.program.communicate(timeout=60)
        return self.program.returncode, errors.strip()

    def kill(self) -> None:
        """As `kill -9` does."""
        self.program.kill()
        self.program.communicate(timeout=60)


def lives(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet collected by init does not."""
    try:
        Path(f"/proc/{pid}/cwd").readlink()
    except FileNotFoundError:
        return False
    return True


def wait_until(reached: Callable[[], bool], *, within: float) -> bool:
    """Whether a state was reached in time (seconds)."""
    deadline = time.monotonic() + within
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def empty_folder() -> Iterator[Path]:
    """A data folder that does not exist yet; short, as socket paths must be."""
    with tempfile.TemporaryDirectory(prefix="tp", dir="/tmp") as name:
        yield Path(name) / "data"


@contextmanager
def instance_in(data: Path) -> Iterator[Instance]:
    """The instance of a folder; whatever the test left running ends with its users."""
    instance = Instance(data)
    try:
        yield instance
    finally:
        for program in instance.programs:
            program.kill()
            program.communicate(timeout=60)
        left = instance.remaining(within=30)
        assert left == {}
