"""Who reads which file: by what they know and by what they already have to read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SLACK: Final = 1
"""A reviewer who knows the sector may have this many more files to read than the freest one."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be assigned: how many files wait for them, and the sectors they know."""

    id: int
    load: int
    knows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanting:
    """A file that wants `wanted` more readers, out of those who are `able`: who hold the role at
    its site, have no conflict of interest in it and do not read it yet."""

    id: int
    sectors: frozenset[str]
    able: frozenset[int]
    wanted: int


def share_out(files: Iterable[Wanting], readers: Iterable[Reader]) -> Mapping[int, tuple[int, ...]]:
    """The readers proposed for each file, fewer than wanted where not enough are able.

    Files with the least choice are served first. Nobody gets a file while somebody else who is
    able to read it has more than `SLACK` fewer to read. The order of what is given changes
    nothing.
    """
    known = {reader.id: reader for reader in readers}
    loads = {reader.id: reader.load for reader in known.values()}
    proposed: dict[int, tuple[int, ...]] = {}
    for file in sorted(files, key=lambda file: (len(file.able & known.keys()), file.id)):
        left = set(file.able & known.keys())
        chosen: list[int] = []
        while left and len(chosen) < file.wanted:
            freest = min(loads[reader] for reader in left)
            reader = min(
                (reader for reader in left if loads[reader] <= freest + SLACK),
                key=lambda reader: (
                    -len(known[reader].knows & file.sectors),
                    loads[reader],
                    reader,
                ),
            )
            left.remove(reader)
            chosen.append(reader)
            loads[reader] += 1
        proposed[file.id] = tuple(chosen)
    return proposed
