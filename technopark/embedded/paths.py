"""Where the embedded services keep their data, sockets and locks.

Pure computation: nothing is created, read or started here, so settings may import it.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
DATABASE: Final = "technopark"
OWNER: Final = "technopark_owner"
RUNTIME: Final = "technopark_runtime"
# sun_path holds 108 bytes with the closing zero.
LONGEST_SOCKET: Final = 107
# Socket paths end up inside URLs; anything else would want quoting that each client undoes
# in its own way.
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Paths:
    """Every file and folder of one embedded instance, all absolute."""

    root: Path
    """The project's folder."""
    data: Path
    """DATA_DIR: all that has to be kept."""
    run: Path
    """Sockets, private; a folder under /tmp when `data` is too long or has odd characters."""

    @property
    def postgres(self) -> Path:
        """PGDATA."""
        return self.data / "postgres"

    @property
    def postgres_new(self) -> Path:
        """PGDATA while it is being made; renamed to `postgres` when complete."""
        return self.data / "postgres.new"

    @property
    def redis(self) -> Path:
        """Redis' working folder."""
        return self.data / "redis"

    @property
    def pg_socket_dir(self) -> Path:
        """The folder that PostgreSQL clients take as their host."""
        return self.run / "pg"

    @property
    def pg_socket(self) -> Path:
        """PostgreSQL's socket."""
        return self.pg_socket_dir / ".s.PGSQL.5432"

    @property
    def redis_socket_dir(self) -> Path:
        """The folder of Redis' socket."""
        return self.run / "redis"

    @property
    def redis_socket(self) -> Path:
        """Redis' socket."""
        return self.redis_socket_dir / "redis.sock"

    @property
    def log(self) -> Path:
        """What PostgreSQL, Redis and their keeper have to say."""
        return self.data / "log"

    @property
    def mail(self) -> Path:
        """Sent e-mails, one file each."""
        return self.data / "mail"

    @property
    def media(self) -> Path:
        """Uploaded files."""
        return self.data / "media"

    @property
    def secret_key(self) -> Path:
        """The key made once for this folder."""
        return self.data / "secret_key"

    @property
    def locks(self) -> Path:
        """Folder of the lock files; they are never deleted."""
        return self.data / "locks"

    @property
    def users_lock(self) -> Path:
        """Shared by every program that uses the services; the keeper waits for it alone."""
        return self.locks / "users"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for its life."""
        return self.locks / "keeper"

    @property
    def ready_lock(self) -> Path:
        """Held by the keeper while both services answer."""
        return self.locks / "ready"

    @property
    def start_lock(self) -> Path:
        """Held by the one program that is starting a keeper."""
        return self.locks / "start"

    def service_lock(self, name: str) -> Path:
        """Held by the service itself and each of its processes, until the last is gone."""
        return self.locks / name


def paths() -> Paths:
    """The layout for DATA_DIR (default: `.data` beside manage.py)."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / ".data").expanduser().resolve()
    return Paths(root=ROOT, data=data, run=run_folder(data))


def run_folder(data: Path) -> Path:
    """Where the sockets of the instance in `data` go."""
    socket = os.fsencode(Paths(root=ROOT, data=data, run=data / "run").pg_socket)
    if len(socket) <= LONGEST_SOCKET and _PLAIN.fullmatch(os.fsdecode(socket)):
        return data / "run"
    # Not TMPDIR: every program that uses the folder must come to the same answer.
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(f"/tmp/technopark-{digest}")  # noqa: S108 - made private and checked before use


def runtime_database_url() -> str:
    """The database as the role that works: no DDL, no TRUNCATE."""
    return _database_url(RUNTIME)


def owner_database_url() -> str:
    """The database as the role that migrates, backs up and restores."""
    return _database_url(OWNER)


def _database_url(role: str) -> str:
    return f"postgres://{role}@/{paths().pg_socket_dir}/{DATABASE}"


def redis_url(db: int) -> str:
    """Redis for redis-py and Django's cache."""
    return f"unix://{paths().redis_socket}?db={db}"
