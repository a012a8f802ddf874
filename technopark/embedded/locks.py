"""File locks (flock): the kernel drops them when the last holder ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path

from technopark.embedded.errors import EmbeddedError

_PAUSE = 0.02  # seconds


class FileLock:
    """One open lock file.  Descriptors inherited by children share its lock."""

    def __init__(self, path: Path) -> None:
        try:
            self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EmbeddedError.from_os(error, path) from error

    def acquire(self, *, shared: bool = False, wait: float = 0) -> bool:
        """Take the lock within `wait` seconds; False when others kept it."""
        operation = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.fd, operation)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_PAUSE)
            else:
                return True

    def release(self) -> None:
        """Give the lock back and keep the file open."""
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock back unless a child still has the descriptor."""
        os.close(self.fd)


def is_held(path: Path) -> bool:
    """Whether some process has the exclusive lock right now."""
    lock = FileLock(path)
    try:
        return not lock.acquire(shared=True)
    finally:
        lock.close()
