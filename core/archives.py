"""ZIP archives that are sent while they are made: no copy in memory or on the disk."""

import io
import zipfile
from collections.abc import Iterable, Iterator


class _Pipe(io.RawIOBase):
    """What was written since it was last emptied."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        chunk = bytes(data)  # type: ignore[call-overload]
        self._chunks.append(chunk)
        return len(chunk)

    def empty(self) -> bytes:
        waiting, self._chunks = b"".join(self._chunks), []
        return waiting


def streamed(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The archive of (name, content in pieces), piece by piece.

    A name that comes twice gets a number: no program unpacks one over the other.
    """
    pipe, seen = _Pipe(), set[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for wanted, content in entries:
            name = _another(wanted, seen)
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in content:
                    part.write(chunk)
                    yield pipe.empty()
    yield pipe.empty()


def _another(wanted: str, seen: set[str]) -> str:
    stem, dot, extension = wanted.rpartition(".")
    name, number = wanted, 1
    while name.casefold() in seen:
        number += 1
        name = f"{stem} ({number}){dot}{extension}" if dot else f"{wanted} ({number})"
    seen.add(name.casefold())
    return name
