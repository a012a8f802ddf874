"""The guardian of one data folder: starts PostgreSQL and Redis, stops them after the last user.

    python -m technopark.embedded.keeper STATUS_FD

Every user holds a shared lock on `users_lock`.  The keeper keeps trying for the exclusive
one: getting it means that nobody is left.  It still holds it while it stops the services, so
that a newcomer waits and then starts a keeper of its own.  The services are its children and
get a death signal when it is killed; the kernel drops all locks of a killed process.
"""

import contextlib
import os
import signal
import sys
import time
from collections import deque
from types import FrameType
from typing import Final

from technopark.embedded import account
from technopark.embedded.errors import EmbeddedError
from technopark.embedded.locks import FileLock
from technopark.embedded.paths import Paths, paths
from technopark.embedded.postgresql import postgres_service
from technopark.embedded.programs import postgres_program
from technopark.embedded.redis_server import redis_service
from technopark.embedded.service import Service

READY: Final = "ready"
_PAUSE: Final = 0.2  # seconds
# A service that dies is started again, unless it dies more often than this in a minute.
_RESTARTS_A_MINUTE: Final = 3


class _AskedToStop(Exception):
    """SIGTERM or SIGINT arrived."""


class Keeper:
    """Keeps both services up for as long as there is a user."""

    def __init__(self, where: Paths, alive: FileLock) -> None:
        self.paths = where
        self.alive = alive
        self.users = FileLock(where.users_lock)
        self.ready = FileLock(where.ready_lock)
        self.services: list[Service] = []
        self.restarts: deque[float] = deque(maxlen=_RESTARTS_A_MINUTE)

    def start(self) -> None:
        """Start both; raises EmbeddedError."""
        chosen = account.choose(self.paths, program=postgres_program("postgres"))
        for make in (redis_service, postgres_service):
            service = make(self.paths, chosen)
            self.services.append(service)
            service.start()
        self.ready.acquire(wait=1)

    def keep(self) -> None:
        """Return when no user is left; raises EmbeddedError when a service keeps dying."""
        while not self.users.acquire():
            for service in self.services:
                if not service.is_running():
                    self._start_again(service)
            time.sleep(_PAUSE)

    def _start_again(self, service: Service) -> None:
        now = time.monotonic()
        if len(self.restarts) == _RESTARTS_A_MINUTE and now - self.restarts[0] < 60:
            raise EmbeddedError(f"{service.name} keeps dying: {service.last_words()}")
        self.restarts.append(now)
        sys.stderr.write(f"{service.name} ended by itself; starting it again.\n")
        self.ready.release()
        service.start()
        self.ready.acquire(wait=1)

    def stop(self) -> None:
        """Stop both; a newcomer may take over when this returns."""
        self.ready.release()
        for service in reversed(self.services):
            service.stop()
        # In this order: whoever gets the users' lock must find no keeper alive.
        self.alive.close()
        self.users.close()


def _on_signal(signum: int, frame: FrameType | None) -> None:
    raise _AskedToStop


def _report(status_fd: int, line: str) -> None:
    """Tell the user that started the keeper, if it is still there."""
    with contextlib.suppress(BrokenPipeError):
        os.write(status_fd, f"{line}\n".encode())
    os.close(status_fd)


def main(status_fd: int) -> int:
    """Run the keeper; what `status_fd` gets is READY or the reason of the failure."""
    where = paths()
    alive = FileLock(where.keeper_lock)
    if not alive.acquire(wait=1):
        _report(status_fd, "Another keeper is at work in this folder; try again.")
        return 1
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, _on_signal)
    keeper = Keeper(where, alive)
    try:
        try:
            keeper.start()
        except (EmbeddedError, OSError) as error:
            sys.stderr.write(f"{error}\n")
            keeper.stop()
            _report(status_fd, str(error))
            return 1
        _report(status_fd, READY)
        keeper.keep()
    except _AskedToStop:
        sys.stderr.write("Asked to stop.\n")
        keeper.stop()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        keeper.stop()
        return 1
    else:
        keeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
