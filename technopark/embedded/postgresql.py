"""The embedded PostgreSQL: made once, started on a private socket without TCP."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Final

from technopark.embedded.account import Account
from technopark.embedded.errors import EmbeddedError
from technopark.embedded.locks import FileLock
from technopark.embedded.paths import Paths
from technopark.embedded.process import bound
from technopark.embedded.programs import postgres_program
from technopark.embedded.service import Service

MAJOR: Final = "18"
ROLES: Final = Path(__file__).with_name("roles.sql")
# The bootstrap superuser: makes the roles, then nobody signs in as it again.
SUPERUSER: Final = "postgres"
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    # Pages and API lists are short queries: compiling them costs more than it saves.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# For a folder that may be thrown away (EMBEDDED_FSYNC=off): a crash of the machine loses it, that
# of the server its last commits.
_THROW_AWAY: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def postgres_service(paths: Paths, account: Account) -> Service:
    """PostgreSQL on this instance's data, which is made first when there is none.

    Raises EmbeddedError when the data is of another version or is not a database.
    """
    account.own(paths.pg_socket_dir)
    if _must_be_made(paths.postgres):
        _make(paths, account)
    account.own(paths.postgres)
    return _server(paths, account, paths.postgres)


def _server(paths: Paths, account: Account, pgdata: Path) -> Service:
    settings = {**_SETTINGS, "unix_socket_directories": str(paths.pg_socket_dir)}
    if _throw_away():
        settings |= _THROW_AWAY
    return Service(
        name="PostgreSQL",
        command=[
            str(postgres_program("postgres")),
            *("-D", str(pgdata)),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ],
        account=account,
        stop_signal=signal.SIGINT,
        kill_signals=(signal.SIGQUIT, signal.SIGKILL),
        lock=paths.service_lock("postgresql"),
        log=paths.log / "postgresql.log",
        answers=lambda: _answers(paths),
        before_start=lambda: _clear_leftovers(paths, pgdata),
    )


def _throw_away() -> bool:
    return os.environ.get("EMBEDDED_FSYNC", "on") == "off"


def _answers(paths: Paths) -> bool:
    command = [
        str(postgres_program("pg_isready")),
        *("--quiet", "--timeout", "5", "--host", str(paths.pg_socket_dir)),
        *("--username", SUPERUSER, "--dbname", "postgres"),
    ]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own words


def _must_be_made(pgdata: Path) -> bool:
    if not pgdata.exists() or not any(pgdata.iterdir()):
        return True
    try:
        version = (pgdata / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{pgdata} is not a PostgreSQL folder (it has no PG_VERSION): move it away, "
            "or set DATA_DIR to another folder."
        ) from None
    if version != MAJOR:
        raise EmbeddedError(
            f"{pgdata} was made by PostgreSQL {version}, this Technopark runs {MAJOR}: take a "
            "`manage.py backup` with the Technopark that made it, move the folder away, "
            "then `manage.py restore`."
        )
    return False


def _make(paths: Paths, account: Account) -> None:
    """Make the data beside its place and move it there whole: half of it never counts."""
    draft = paths.postgres_new
    lock = FileLock(paths.service_lock("postgresql"))
    try:
        # An interrupted attempt's server may still be stopping on the draft.
        if not lock.acquire(wait=60):
            raise EmbeddedError(f"An earlier PostgreSQL is still busy in {draft}: end it.")
        if draft.exists():
            shutil.rmtree(draft)
        account.own(draft)
        _initdb(draft, account, log=paths.log / "postgresql.log")
    finally:
        lock.close()
    server = _server(paths, account, draft)
    try:
        server.start()
        _run_sql(paths, ROLES)
    finally:
        server.stop()
    if paths.postgres.exists():
        paths.postgres.rmdir()
    draft.rename(paths.postgres)


def _initdb(pgdata: Path, account: Account, *, log: Path) -> None:
    command = [
        str(postgres_program("initdb")),
        *("-D", str(pgdata), "--username", SUPERUSER, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C.UTF-8"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *(["--no-sync"] if _throw_away() else []),
    ]
    _run(
        bound(command, signum=signal.SIGKILL, privileges=account.privileges),
        what="PostgreSQL's initdb",
        log=log,
    )


def _run_sql(paths: Paths, script: Path) -> None:
    command = [
        str(postgres_program("psql")),
        *("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"),
        *("--host", str(paths.pg_socket_dir), "--username", SUPERUSER),
        *("--dbname", "postgres", "--file", str(script)),
    ]
    _run(command, what="Making the database roles", log=paths.log / "postgresql.log")


def _run(command: list[str], *, what: str, log: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own words only
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with log.open("a", encoding="utf-8") as file:
        file.write(done.stdout)
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "rror" in line or "FATAL" in line]
        reason = (lines or done.stdout.splitlines() or [f"exit code {done.returncode}"])[0]
        raise EmbeddedError(f"{what} failed: {reason.strip()} (log: {log})")


def _clear_leftovers(paths: Paths, pgdata: Path) -> None:
    """Remove what a killed server left and that would keep the next one from starting.

    PostgreSQL does this itself, except where its process is dead but not yet collected, or its
    number meanwhile belongs to another program.  A living server works in its folder: one that
    somebody started by hand on this data is left alone, and PostgreSQL refuses by itself.
    """
    for leftover in paths.pg_socket_dir.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)
    pid_file = pgdata / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    try:
        busy_in = Path(f"/proc/{pid}/cwd").readlink()
    except PermissionError:
        return  # another user's program: PostgreSQL knows it for a stranger
    except OSError:
        busy_in = None  # gone, or dead and not yet collected by its parent
    if busy_in != pgdata:
        pid_file.unlink()
