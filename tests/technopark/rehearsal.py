"""Production rehearsed without an engine: docker-compose.yml's own commands and settings, on
servers with passwords over TCP; only hosts, ports and folders are replaced."""

import contextlib
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from technopark.embedded.account import Account, choose
from technopark.embedded.paths import ROOT, Paths, run_folder
from technopark.embedded.postgresql import ROLES
from technopark.embedded.process import bound
from technopark.embedded.programs import postgres_program, redis_program

SECRETS: Final = {
    "POSTGRES_PASSWORD": "superuser's, never used again",
    "OWNER_PASSWORD": 'o\'wner "pass" $word',
    "RUNTIME_PASSWORD": "r@ntime:pass/word",
    "SECRET_KEY": "an-example-key-of-more-than-fifty-characters-0123456789",
    "EMAIL_URL": "consolemail://",
}
PUBLIC: Final = {
    "SITE_URL": "https://hub.example.org",
    "DEFAULT_FROM_EMAIL": "Technopark <hub@hub.example.org>",
}


def compose() -> dict[str, Any]:
    """docker-compose.yml as Compose's own parser reads it."""
    spec = importlib.util.find_spec("compose")
    assert spec is not None
    assert spec.submodule_search_locations
    done = subprocess.run(
        [
            f"{spec.submodule_search_locations[0]}/docker-compose",
            *("--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"),
        ],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": "/", **SECRETS, **PUBLIC},
    )
    # Printed so that it could be read again: each dollar is doubled.
    parsed: dict[str, Any] = json.loads(done.stdout.replace("$$", "$"))
    return parsed


def image_command() -> list[str]:
    """The image's own command: the last CMD of the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    command: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])
    return command


def build_step() -> str:
    """The shell command by which the image's build finishes the product's own files."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    after_copy = text.split("\nCOPY . .\n")[1].split("\nFROM ")[0]
    (command,) = re.findall(r"^RUN (.*)$", after_copy, re.MULTILINE)
    return str(command)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Rehearsal:
    """Servers with passwords, and the services' own environments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = compose()
        self.postgres_port, self.redis_port, self.web_port = (free_port() for _ in range(3))
        self.secrets = folder / "secrets"
        self.secrets.mkdir(mode=0o700)
        for name, secret in self.file["secrets"].items():
            (self.secrets / name).write_text(SECRETS[secret["environment"]], encoding="utf-8")
        (folder / "media").mkdir()

    def environment(self, service: str) -> dict[str, str]:
        """What the service sees, with this machine's places."""
        inside: Mapping[str, str] = self.file["services"][service]["environment"]
        allowed = {item["source"] for item in self.file["services"][service]["secrets"]}
        here = {key: self._here(value) for key, value in inside.items()}
        used = {Path(value).name for key, value in here.items() if key.endswith("_FILE")}
        assert used == allowed
        return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **here}

    def _here(self, value: str) -> str:
        for inside, here in (
            ("postgres:5432", f"127.0.0.1:{self.postgres_port}"),
            ("redis:6379", f"127.0.0.1:{self.redis_port}"),
            ("/run/secrets", str(self.secrets)),
            ("/data/media", str(self.folder / "media")),
        ):
            value = value.replace(inside, here)
        return value

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """A one-off command in the service's environment."""
        words = command or tuple(self.file["services"][service]["command"])
        return subprocess.run(
            [sys.executable, *words[1:]] if words[0] == "python" else list(words),
            check=False,
            cwd=ROOT,
            env=self.environment(service),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def build(self) -> subprocess.CompletedProcess[str]:
        """What the image's build does once the product is copied into it."""
        return subprocess.run(
            ["sh", "-ec", build_step()],
            check=False,
            cwd=ROOT,
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def make_roles(self, account: Account) -> None:
        """What the image's first start runs, in its order."""
        passwords = self.file["configs"]["passwords"]["content"]
        script = self.folder / "20-passwords.sh"
        script.write_text(passwords.replace("/run/secrets", str(self.secrets)), encoding="utf-8")
        programs = postgres_program("psql").parent
        env = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGHOST": str(self.folder),
            "PGPORT": str(self.postgres_port),
            "POSTGRES_USER": "postgres",
        }
        roles = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-f", str(ROLES)]
        for command in (roles, ["sh", str(script)]):
            subprocess.run(command, check=True, env=env, cwd="/", capture_output=True)

    @contextlib.contextmanager
    def web(self) -> Iterator[None]:
        """The image's own command, on a port of ours."""
        command = [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.web_port}") for word in image_command()
        ]
        with started(command, env=self.environment("web"), port=self.web_port):
            yield


@contextlib.contextmanager
def started(
    command: Sequence[str],
    *,
    port: int,
    env: Mapping[str, str] | None = None,
    privileges: tuple[str, ...] = (),
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    """A server for the time of a test, once it listens."""
    server = subprocess.Popen(
        bound(list(command), signum=stop, privileges=privileges),
        cwd="/" if privileges else ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for _ in range(600):
            assert server.poll() is None, server.communicate()[0]
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise AssertionError(f"nothing listens on {port}: {command}")
        yield
    finally:
        server.send_signal(stop)
        server.communicate(timeout=60)


@contextlib.contextmanager
def rehearsal(folder: Path) -> Iterator[Rehearsal]:
    """PostgreSQL and Redis on TCP, the roles with their passwords."""
    folder.mkdir(mode=0o711)
    made = Rehearsal(folder)
    paths = Paths(root=ROOT, data=folder, run=run_folder(folder))
    paths.run.mkdir(mode=0o711, parents=True, exist_ok=True)
    account = choose(paths, program=postgres_program("postgres"))
    data = folder / "postgres"
    account.own(data)
    initdb = [
        str(postgres_program("initdb")),
        *("-D", str(data), "-U", "postgres", "--auth-local=trust", "--no-sync"),
        *("--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
        *made.file["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split(),
    ]
    subprocess.run(
        bound(initdb, signum=signal.SIGKILL, privileges=account.privileges),
        check=True,
        cwd="/",
        capture_output=True,
    )
    sockets = folder
    os.chown(sockets, account.uid, account.gid)
    postgres = [
        str(postgres_program("postgres")),
        *("-D", str(data), "-p", str(made.postgres_port), "-k", str(sockets)),
        *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
    ]
    redis = [str(redis_program("redis-server")), "--port", str(made.redis_port), "--save", ""]
    with (
        started(
            postgres,
            port=made.postgres_port,
            privileges=account.privileges,
            stop=signal.SIGINT,
        ),
        started([*redis, "--dir", str(folder)], port=made.redis_port),
    ):
        made.make_roles(account)
        yield made
