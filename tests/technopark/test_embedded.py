"""The embedded services: who starts them, who stops them, and what a violent end leaves."""

import contextlib
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from technopark.embedded.errors import EmbeddedError
from technopark.embedded.folders import prepare
from technopark.embedded.paths import LONGEST_SOCKET, paths
from technopark.embedded.process import bound
from tests.technopark.instance import Instance, empty_folder, instance_in, wait_until


@pytest.fixture
def fresh() -> Iterator[Instance]:
    """An instance that was never started."""
    with empty_folder() as folder, instance_in(folder) as instance:
        yield instance


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One data folder for the tests that do not care what is in it: making it takes a second."""
    with empty_folder() as folder:
        yield folder


@pytest.fixture
def instance(folder: Path) -> Iterator[Instance]:
    """An instance that nobody uses."""
    with instance_in(folder) as instance:
        yield instance


def test_first_user_starts_and_last_user_stops(instance: Instance) -> None:
    first = instance.user().ready()
    server = instance.pid("postgres")
    second = instance.user().ready()
    assert first.leave() == (0, "")
    assert not wait_until(lambda: instance.pid("postgres") != server, within=0.6)
    assert second.leave() == (0, "")
    assert instance.remaining(within=10) == {}


def test_users_that_come_together_share_one_keeper(fresh: Instance) -> None:
    users = [fresh.user() for _ in range(4)]
    for user in users:
        user.ready()
    keepers = [words for words in fresh.processes().values() if "embedded.keeper" in words]
    assert len(keepers) == 1
    assert [user.leave() for user in users] == [(0, "")] * 4


@pytest.mark.torture
def test_killed_user_leaves_nothing(instance: Instance) -> None:
    instance.user().ready().kill()
    assert instance.remaining(within=10) == {}


@pytest.mark.torture
def test_killed_keeper_leaves_nothing_and_the_next_start_has_the_data(instance: Instance) -> None:
    first = instance.user().ready()
    instance.psql("technopark_owner", "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(instance.pid("keeper"), signal.SIGKILL)
    # At once: the earlier servers may still be stopping.
    second = instance.user().ready()
    assert instance.psql("technopark_runtime", "SELECT answer FROM kept") == "42"
    assert [first.leave(), second.leave()] == [(0, ""), (0, "")]
    assert instance.remaining(within=10) == {}


@pytest.mark.torture
@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_killed_service_comes_back(instance: Instance, name: str) -> None:
    user = instance.user().ready()
    killed = instance.pid(name)
    keeper = instance.pid("keeper")
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: bool(instance.pids(name) - {killed}), within=10)
    newcomer = instance.user().ready()
    assert instance.psql("technopark_runtime", "SELECT 1") == "1"
    assert instance.pid(name) != killed
    assert instance.pid("keeper") == keeper
    assert [user.leave(), newcomer.leave()] == [(0, ""), (0, "")]


@pytest.mark.torture
def test_everything_killed_at_once_starts_again(instance: Instance) -> None:
    user = instance.user().ready()
    # Looked up first: the services die with their keeper, a moment after it.
    for pid in [instance.pid(name) for name in ("keeper", "postgres", "redis")]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    user.kill()
    assert instance.remaining(within=10) == {}
    assert instance.user().ready().leave() == (0, "")


def test_stale_number_of_a_living_stranger_does_not_block(instance: Instance) -> None:
    instance.user().ready().leave()
    assert instance.remaining(within=10) == {}
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = instance.paths.postgres / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{instance.paths.postgres}\n1\n5432\n\n\n\n\n")
        owner = instance.paths.postgres.stat()
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        assert instance.user().ready().leave() == (0, "")
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.torture
def test_interrupted_first_start_is_begun_again(fresh: Instance) -> None:
    prepare(fresh.paths)
    fresh.paths.postgres_new.mkdir()
    (fresh.paths.postgres_new / "PG_VERSION").write_text("18\n")
    user = fresh.user().ready()
    assert fresh.psql("technopark_owner", "SELECT current_database()") == "technopark"
    assert not fresh.paths.postgres_new.exists()
    assert user.leave() == (0, "")


def test_another_version_is_refused_and_left_alone(fresh: Instance) -> None:
    prepare(fresh.paths)
    fresh.paths.postgres.mkdir()
    (fresh.paths.postgres / "PG_VERSION").write_text("17\n")
    code, errors = fresh.user().leave()
    assert (code, errors) == (
        1,
        f"{fresh.paths.postgres} was made by PostgreSQL 17, this Technopark runs 18: take a "
        "`manage.py backup` with the Technopark that made it, move the folder away, "
        "then `manage.py restore`.",
    )
    assert [p.name for p in fresh.paths.postgres.iterdir()] == ["PG_VERSION"]


def test_folder_of_something_else_is_refused_and_left_alone(fresh: Instance) -> None:
    prepare(fresh.paths)
    fresh.paths.postgres.mkdir()
    (fresh.paths.postgres / "notes.txt").write_text("mine")
    assert fresh.user().leave() == (
        1,
        f"{fresh.paths.postgres} is not a PostgreSQL folder (it has no PG_VERSION): "
        "move it away, or set DATA_DIR to another folder.",
    )
    assert [p.name for p in fresh.paths.postgres.iterdir()] == ["notes.txt"]


def test_manage_py_tells_a_failed_start_in_one_line(fresh: Instance) -> None:
    prepare(fresh.paths)
    fresh.paths.postgres.mkdir()
    (fresh.paths.postgres / "notes.txt").write_text("mine")
    command = fresh.program("manage.py", "showmigrations")
    output, errors = command.communicate(timeout=60)
    assert (command.returncode, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith(f"manage.py: {fresh.paths.postgres} is not a PostgreSQL folder")


def test_manage_py_tells_in_one_line_that_there_are_no_tables_yet(instance: Instance) -> None:
    user = instance.user().ready()
    program = instance.program("manage.py", "indicators", "hosted")
    output, errors = program.communicate(timeout=60)
    said = "The database lacks tables of this version: run `manage.py migrate` first."
    assert (program.returncode, output, errors) == (1, "", f"manage.py: {said}\n")
    assert user.leave() == (0, "")


def test_folder_that_cannot_be_made_is_told_in_one_line(fresh: Instance) -> None:
    fresh.paths.data.parent.joinpath("file").write_text("")
    fresh.env["DATA_DIR"] = str(fresh.paths.data.parent / "file" / "data")
    code, errors = fresh.user().leave()
    assert (code, errors.count("\n")) == (1, 0)
    assert errors.endswith("or set DATA_DIR to a folder that you can write to.")


def test_runtime_role_works_and_changes_no_structure(instance: Instance) -> None:
    user = instance.user().ready()
    owner, runtime = "technopark_owner", "technopark_runtime"
    assert instance.psql(owner, "CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm") == ""
    assert instance.psql(owner, "CREATE TABLE t (id bigserial, name text)") == ""
    assert instance.psql(runtime, "INSERT INTO t (name) VALUES ('a') RETURNING id") == "1"
    assert instance.psql(runtime, "UPDATE t SET name = 'b' RETURNING name") == "b"
    assert instance.psql(runtime, "TRUNCATE t") == "ERROR:  permission denied for table t"
    assert instance.psql(runtime, "DROP TABLE t") == "ERROR:  must be owner of table t"
    assert (
        instance.psql(runtime, "CREATE TABLE u ()").splitlines()[0]
        == "ERROR:  permission denied for schema public"
    )
    # Arabic letters count as letters, for searches by likeness.
    assert instance.psql(owner, "SELECT array_length(show_trgm('شركة'), 1)") == "5"
    # A new database, such as the tests', comes with the same default rights.
    assert instance.psql(owner, "CREATE DATABASE another") == ""
    assert instance.psql(owner, "CREATE TABLE t (id int)", database="another") == ""
    assert instance.psql(runtime, "SELECT count(*) FROM t", database="another") == "0"
    assert user.leave() == (0, "")


def test_nobody_else_can_reach_the_services(instance: Instance) -> None:
    user = instance.user().ready()
    folders = [instance.paths.data, instance.paths.run, instance.paths.pg_socket_dir]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3
    assert instance.psql("technopark_owner", "SHOW listen_addresses") == ""
    assert instance.paths.secret_key.stat().st_size >= 50
    assert stat.S_IMODE(instance.paths.secret_key.stat().st_mode) == 0o600
    assert user.leave() == (0, "")


@pytest.mark.parametrize("name", ["x" * 120, "a folder"])
def test_sockets_of_long_or_odd_paths_move(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", f"/srv/{name}")
    where = paths()
    assert where.data == Path(f"/srv/{name}")
    assert where.run.parent == Path("/tmp")
    assert len(os.fsencode(where.pg_socket)) <= LONGEST_SOCKET
    monkeypatch.setenv("DATA_DIR", f"/srv/{name}/../{name}")
    assert paths() == where


def test_services_run_under_a_long_path(fresh: Instance) -> None:
    fresh.paths = Instance(fresh.paths.data / ("x" * 120)).paths
    fresh.env["DATA_DIR"] = str(fresh.paths.data)
    user = fresh.user().ready()
    assert fresh.psql("technopark_runtime", "SELECT 1") == "1"
    assert user.leave() == (0, "")
    assert fresh.remaining(within=10) == {}
    fresh.paths.pg_socket_dir.rmdir()
    fresh.paths.redis_socket_dir.rmdir()
    fresh.paths.run.rmdir()


def test_socket_folder_open_to_others_is_refused(fresh: Instance) -> None:
    prepare(fresh.paths)
    fresh.paths.run.chmod(0o755)
    code, errors = fresh.user().leave()
    assert (code, errors.partition(":")[0]) == (
        1,
        f"{fresh.paths.run} must be a private folder (mode 700) of your own",
    )


def test_missing_setpriv_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EmbeddedError, match=r"^The program setpriv is missing: install"):
        bound(["true"], signum=signal.SIGTERM)
