"""`make run`: what it refuses, how its children are labelled and stopped, what it leaves."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import manage
from technopark.demo.sign_ins import DEMO_PASSWORD, DEMO_TOTP_SECRET, sign_ins
from technopark.embedded import static_files
from technopark.embedded.children import Child, stop
from technopark.embedded.errors import EmbeddedError
from technopark.embedded.paths import ROOT
from technopark.embedded.supervisor import Supervisor, address, check_port, wants_demo
from tests.technopark.instance import Instance, empty_folder, instance_in, lives, wait_until


@pytest.fixture
def instance() -> Iterator[Instance]:
    with empty_folder() as folder, instance_in(folder) as made:
        yield made


@pytest.fixture(scope="module")
def migrated() -> Iterator[Path]:
    """One folder for the runs of the whole product: its first start migrates for ten seconds."""
    with empty_folder() as folder:
        yield folder


@pytest.fixture
def product(migrated: Path) -> Iterator[Instance]:
    with instance_in(migrated) as made:
        yield made


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.parametrize("listening", ["127.0.0.1", "0.0.0.0", "::1"])
def test_taken_port_is_refused_before_anything_starts(instance: Instance, listening: str) -> None:
    family = socket.AF_INET6 if ":" in listening else socket.AF_INET
    with socket.create_server((listening, 0), family=family) as taken:
        port = taken.getsockname()[1]
        instance.env["PORT"] = str(port)
        supervisor = instance.program("-m", "technopark.embedded.supervisor")
        output, errors = supervisor.communicate(timeout=30)
    assert (supervisor.returncode, output, errors) == (
        1,
        "",
        f"Port {port} is taken by another program; use PORT={port + 1} make run\n",
    )
    assert not instance.paths.data.exists()


def test_free_port_passes() -> None:
    port = _free_port()
    check_port("127.0.0.1", port)
    check_port("0.0.0.0", port)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_bad_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(EmbeddedError) as refused:
        address()
    assert str(refused.value) == f"PORT={port} must be a number from 1 to 65535."


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, True),
        ({"DEMO": "no"}, False),
        ({"DATABASE_URL": "postgres://db/x"}, False),
        ({"DATABASE_URL_FILE": "/run/secrets/url"}, False),
        ({"REDIS_URL": "redis://cache"}, False),
    ],
)
def test_demo_never_loads_into_a_given_server(
    given: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert wants_demo() is wanted


def test_bad_demo_flag_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "perhaps")
    with pytest.raises(EmbeddedError, match=r"^DEMO='perhaps' must be yes or no\.$"):
        wants_demo()


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], False),
        (["help"], False),
        (["migrate", "--help"], False),
        (["--version"], False),
        (["collectstatic", "--no-input"], False),
        (["makemessages", "-a"], False),
        (["migrate"], True),
        (["runserver"], True),
        (["shell"], True),
    ],
)
def test_only_commands_that_read_data_start_the_services(
    arguments: list[str], needed: bool
) -> None:
    assert manage.needs_services(arguments) is needed


def test_the_banner_says_how_to_get_in_and_where_letters_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = Supervisor("127.0.0.1", 8123, lock_fd=None)
    supervisor._announce()
    demo = capsys.readouterr().out
    for said in (
        "Technopark runs at http://localhost:8123/",
        "http://localhost:8123/staff/",
        DEMO_PASSWORD,
        DEMO_TOTP_SECRET,
        "http://localhost:8123/demo/",
        str(supervisor.paths.mail),
        *(email for email, _role, _site in sign_ins()),
    ):
        assert said in demo
    monkeypatch.setenv("DEMO", "no")
    supervisor._announce()
    assert capsys.readouterr().out == (
        "\n  Technopark runs at http://localhost:8123/\n  Ctrl-C stops it.\n\n"
    )


def test_output_is_labelled_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    script = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"
    child = Child("web", [sys.executable, "-u", "-c", script], env=os.environ, pass_fds=())
    child.process.wait(10)
    child.drain()
    assert (child.process.returncode, child.has_ended()) == (3, True)
    assert capsys.readouterr().out == "web    | one\nweb    | two\n"


def test_child_that_does_not_listen_is_killed_with_its_family(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = "trap '' TERM; sleep 60 & echo $!; while :; do wait; done"
    child = Child("worker", ["/bin/sh", "-c", script], env=os.environ, pass_fds=())
    said = ""
    while not said:
        said = capsys.readouterr().out
    grandchild = int(said.removeprefix("worker | "))
    stop([child], patience=0.3)
    assert child.process.returncode == -signal.SIGKILL
    assert wait_until(lambda: not lives(grandchild), within=5)


def test_static_files_are_collected_again_after_a_change(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("django==1\n")
    style = tmp_path / "static" / "house.css"
    style.parent.mkdir()
    style.write_text("a{}")
    first = static_files.state(tmp_path)
    assert static_files.state(tmp_path) == first
    style.write_text("a{color:red}")
    second = static_files.state(tmp_path)
    (tmp_path / "requirements.txt").write_text("django==2\n")
    assert len({first, second, static_files.state(tmp_path)}) == 3


@pytest.mark.torture
@pytest.mark.parametrize("end", ["ctrl-c", "kill supervisor", "kill all", "kill worker"])
def test_the_whole_product_leaves_no_process(product: Instance, end: str) -> None:
    product.env |= {"PORT": str(_free_port()), "DEMO": "no"}
    log = product.paths.data.parent / "log"
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "technopark.embedded.supervisor"],
            cwd=ROOT,
            env=product.env,
            stdout=output,
            stderr=output,
            text=True,
        )
        product.programs.append(supervisor)
        assert wait_until(lambda: "Ctrl-C stops it" in log.read_text(), within=120), log.read_text()
        running = product.processes()
        if end == "ctrl-c":
            supervisor.send_signal(signal.SIGINT)
        elif end == "kill worker":
            celery = (pid for pid, words in running.items() if "celery" in words)
            worker = min(pid for pid in celery if " worker " in running[pid])
            os.kill(worker, signal.SIGKILL)
        else:
            supervisor.kill()
        if end == "kill all":
            os.kill(product.pid("keeper"), signal.SIGKILL)
        code = supervisor.wait(60)
    assert code == {"ctrl-c": 0, "kill worker": 1}.get(end, -signal.SIGKILL)
    assert product.remaining(within=30) == {}
