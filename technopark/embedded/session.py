"""Using the embedded services: whoever comes first starts them, the last one's end stops them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from technopark.embedded.errors import EmbeddedError
from technopark.embedded.folders import prepare
from technopark.embedded.locks import FileLock, is_held
from technopark.embedded.paths import Paths, paths

_PAUSE: Final = 0.02  # seconds
# An earlier keeper stops within 60 + 10 + 10 seconds for each of the two services.
_TO_STOP: Final = 180
_KEEPER: Final = (sys.executable, "-m", "technopark.embedded.keeper")
_held: FileLock | None = None


def is_needed() -> bool:
    """Whether the environment names no servers of its own for both."""
    return not all(
        os.environ.get(name) or os.environ.get(f"{name}_FILE")
        for name in ("DATABASE_URL", "REDIS_URL")
    )


def hold() -> None:
    """Use the services until this process and the children that it forks have ended.

    Returns when both answer.  Idempotent.  Raises EmbeddedError.
    """
    global _held  # noqa: PLW0603 - one per process
    if _held is None:
        _held = _join()


@contextmanager
def use(*, wait_for_end: float = 0) -> Iterator[int]:
    """Use the services inside a `with`.

    Gives the descriptor that a child must inherit (`pass_fds`) to be a user as well.
    At the end it waits so many seconds for the keeper, which ends unless somebody else
    uses the services.  Raises EmbeddedError.
    """
    lock = _join()
    try:
        yield lock.fd
    finally:
        lock.close()
        deadline = time.monotonic() + wait_for_end
        while time.monotonic() < deadline and is_held(paths().keeper_lock):
            time.sleep(_PAUSE)


def _join() -> FileLock:
    where = paths()
    prepare(where)
    users = FileLock(where.users_lock)
    try:
        # Kept from us only by a keeper that is stopping after its last user.
        if not users.acquire(shared=True, wait=_TO_STOP):
            raise EmbeddedError(
                f"The embedded services do not stop; see {where.log / 'keeper.log'}."
            )
        ensure_ready()
    except BaseException:
        users.close()
        raise
    os.set_inheritable(users.fd, True)
    return users


def ensure_ready() -> None:
    """For a user of the services: return once both answer, with a new keeper if need be.

    Raises EmbeddedError when they do not start.
    """
    where = paths()
    if is_held(where.ready_lock):
        return
    start = FileLock(where.start_lock)
    try:
        start.acquire(wait=_TO_STOP)
        while not is_held(where.ready_lock):
            if is_held(where.keeper_lock):  # it starts a service, or stops on a signal
                time.sleep(_PAUSE)
            else:
                _start_keeper(where)
    finally:
        start.close()


def _start_keeper(where: Paths) -> None:
    read_fd, write_fd = os.pipe()
    try:
        with (where.log / "keeper.log").open("ab") as log:
            # Through a shell that leaves it to init: nobody's child, it outlives the program
            # that needed it first, and no program has to wait for it.
            subprocess.run(  # noqa: S603 - our own words only
                ["/bin/sh", "-c", '"$@" &', "sh", *_KEEPER, str(write_fd)],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=where.root,
                env={**os.environ, "DATA_DIR": str(where.data), "PYTHONPATH": str(where.root)},
                pass_fds=(write_fd,),
                start_new_session=True,
            )
    finally:
        os.close(write_fd)
    with os.fdopen(read_fd, encoding="utf-8") as status:
        line = status.readline().strip()
    if line != "ready":
        raise EmbeddedError(
            line or f"The embedded services did not start; see {where.log / 'keeper.log'}."
        )
