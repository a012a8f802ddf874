"""Reading a stranger's file with an eye on the clock."""

import time
from typing import Any, Final

from core.uploads.refusals import UploadBomb

CHUNK: Final = 64 * 1024
"""Bytes that are read in one go."""


class Watched:
    """A file that ends what reads for too long or too much at once: loops that files control."""

    def __init__(self, file: Any, *, until: float, at_once: float = float("inf")) -> None:
        self._file, self.until, self._at_once = file, until, at_once
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self.until or size > self._at_once:
            raise UploadBomb
        return bytes(self._file.read(size))


def holds(file: Watched, sought: bytes, *, start: int = 0) -> bool:
    file.seek(start)
    last = b""
    while chunk := file.read(CHUNK):
        if sought in last + chunk:
            return True
        last = chunk[-len(sought) :]
    return False
