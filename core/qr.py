"""QR codes (ISO/IEC 18004) of texts as bytes, at level M, drawn as SVG. Pure.

All but the bits is settled by the size: where they stand, the patterns around them and the mask, of
which one does for every reader. So it is worked out once a size; a code then takes a tenth of a
millisecond, where general libraries place module by module.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, groupby, pairwise, zip_longest
from operator import itemgetter
from typing import Any, Final, NamedTuple

_CHECKS: Final = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, *[26] * 4,
                  *[28] * 19)  # fmt: skip
"""Bytes that correct errors, in each block of sizes 1 to 40."""
_BLOCKS: Final = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20,
                  21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49)  # fmt: skip
_FORMAT: Final = 0x5412
"""Level M and mask 0, with what protects them."""
_QUIET: Final = 2
"""Modules of white around a code."""


def qr_svg(text: str) -> str:
    """The code as SVG, a module a unit, within a quiet margin. Raises ValueError for more than
    2,331 bytes."""
    rows = qr_rows(text)
    runs = "".join(
        f"M{_QUIET} {y}.5{''.join(_strokes(row[at : at + 8]) for at in range(0, len(row), 8))}"
        for y, row in enumerate(rows, _QUIET)
    )
    side = len(rows) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path stroke="#000" d="{runs}"/></svg>'
    )


def qr_rows(text: str) -> list[str]:
    """The code from above, a row a string: "1" is dark. Raises ValueError, as `qr_svg` does."""
    data = text.encode()
    size = next((size for size in range(1, 41) if len(data) <= _room(size)), None)
    if size is None:
        raise ValueError(f"{len(data)} bytes are too many for a QR code")
    plan = _plan(size)
    words = int.from_bytes(_with_checks(size, _words(size, data)), "big")
    bits = (words << plan.length % 8) ^ plan.mask
    cells = "".join(plan.pick(f"01{bits:0{plan.length}b}"))
    side = _side(size)
    return [cells[at : at + side] for at in range(0, side * side, side)]


@cache
def _strokes(cells: str) -> str:
    """Up to eight modules as steps of a path: a run of dark ones is a line."""
    runs = ((cell, len(list(run))) for cell, run in groupby(cells))
    return "".join(f"h{length}" if cell == "1" else f"m{length} 0" for cell, length in runs)


def _side(size: int) -> int:
    return 17 + 4 * size


def _counter(size: int) -> int:
    """How many bits say how many bytes there are."""
    return 8 if size < 10 else 16


@cache
def _room(size: int) -> int:
    """How many bytes of text fit: what is left of all by checks, kind and counter."""
    words = _plan(size).length // 8 - _CHECKS[size - 1] * _BLOCKS[size - 1]
    return words - (4 + _counter(size) + 4) // 8


def _words(size: int, data: bytes) -> bytes:
    """Kind (0100: bytes), counter, text and end (0000), then what fills up."""
    counter = _counter(size)
    told = ((0b0100 << counter | len(data)) << 8 * len(data) | int.from_bytes(data, "big")) << 4
    length = (4 + counter + 4) // 8 + len(data)
    left = _room(size) - len(data)
    return told.to_bytes(length, "big") + (b"\xec\x11" * (left // 2 + 1))[:left]


def _with_checks(size: int, words: bytes) -> bytes:
    """The blocks' words in turn, then what corrects them, in turn too: shorter blocks first."""
    checks, blocks = _CHECKS[size - 1], _BLOCKS[size - 1]
    short, longer = divmod(len(words), blocks)
    ends = [nr * short + max(0, nr - (blocks - longer)) for nr in range(blocks + 1)]
    parts = [words[start:end] for start, end in pairwise(ends)]
    mixed = chain.from_iterable(zip_longest(*parts))
    closing = chain.from_iterable(zip(*(_rest(part, checks) for part in parts), strict=True))
    return bytes(chain((word for word in mixed if word is not None), closing))


def _rest(block: bytes, checks: int) -> bytes:
    """Reed and Solomon's remainder, a byte a step: its bytes as one number."""
    steps, top, kept = _steps(checks), 8 * (checks - 1), (1 << 8 * (checks - 1)) - 1
    rest = 0
    for word in block:
        rest = ((rest & kept) << 8) ^ steps[word ^ (rest >> top)]
    return rest.to_bytes(checks, "big")


@cache
def _steps(checks: int) -> tuple[int, ...]:
    """By factor, the factor times the polynomial whose roots are the first powers of 2."""
    terms, root = [1], 1
    for _nr in range(checks):
        shifted = [*terms, 0]
        terms = [a ^ _times(root, b) for a, b in zip(shifted, [0, *terms], strict=True)]
        root = _times(root, 2)
    return tuple(
        int.from_bytes(bytes(_times(factor, term) for term in terms[1:]), "big")
        for factor in range(256)
    )


def _times(a: int, b: int) -> int:
    """In the field of 256 elements by x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = (a << 1) ^ (0x11D * (a >> 7)), b >> 1
    return product


class _Plan(NamedTuple):
    """`pick` takes each module out of « 01 » (a light one, a dark one) followed by all bits."""

    pick: "itemgetter[Any]"
    length: int
    mask: int


@cache
def _plan(size: int) -> _Plan:
    side = _side(size)
    fixed = _fixed(size)
    places = [place for place in _way(side) if place not in fixed]
    taken = {place: bit for bit, place in enumerate(places, 2)} | fixed
    mask = int("".join(str((y + x + 1) % 2) for y, x in places), 2)
    pick = itemgetter(*(int(taken[y, x]) for y in range(side) for x in range(side)))
    return _Plan(pick, len(places), mask)


def _way(side: int) -> Iterator[tuple[int, int]]:
    """(row, column) in the order of the bits: pairs of columns from the right, up and down in turn,
    past the column of the timing pattern."""
    for nr, right in enumerate([*range(side - 1, 6, -2), *range(5, 0, -2)]):
        for y in range(side) if nr % 2 else range(side - 1, -1, -1):
            yield from ((y, right), (y, right - 1))


def _fixed(size: int) -> dict[tuple[int, int], bool]:
    """What a code of a size has whatever it says, by (row, column): is it dark?"""
    side = _side(size)
    fixed: dict[tuple[int, int], bool] = {}
    for at in range(side):  # timing
        fixed[6, at] = fixed[at, 6] = at % 2 == 0
    for row, column in ((3, 3), (3, side - 4), (side - 4, 3)):  # finders
        for (y, x), ring in _rings(row, column, 4):
            if 0 <= y < side and 0 <= x < side:
                fixed[y, x] = ring not in {2, 4}
    at_most = side - 7
    for row in _aligned(size):
        for column in _aligned(size):
            if (row, column) not in {(6, 6), (6, at_most), (at_most, 6)}:
                fixed |= {place: ring != 1 for place, ring in _rings(row, column, 2)}
    return fixed | _said(side) | _numbered(size)


def _rings(row: int, column: int, radius: int) -> Iterable[tuple[tuple[int, int], int]]:
    span = range(-radius, radius + 1)
    return (((row + y, column + x), max(abs(y), abs(x))) for y in span for x in span)


def _aligned(size: int) -> list[int]:
    """The rows, and columns, in which alignment patterns stand."""
    if size == 1:
        return []
    count = size // 7 + 2
    step = 26 if size == 32 else (size * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    return [6, *(_side(size) - 7 - nr * step for nr in range(count - 1))]


def _said(side: int) -> dict[tuple[int, int], bool]:
    """Level and mask, twice, and the module that is always dark."""
    first = [*((y, 8) for y in (*range(6), 7, 8)), (8, 7), *((8, x) for x in range(5, -1, -1))]
    second = [*((8, side - 1 - nr) for nr in range(8)), *((side - 7 + nr, 8) for nr in range(7))]
    bits = [_FORMAT >> nr & 1 == 1 for nr in range(15)]
    return dict(zip(first + second, bits * 2, strict=True)) | {(side - 8, 8): True}


def _numbered(size: int) -> dict[tuple[int, int], bool]:
    """From size 7 on, the size itself, twice."""
    if size < 7:
        return {}
    rest = size
    for _nr in range(12):
        rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
    bits, told = size << 12 | rest, {}
    for nr in range(18):
        across, down = _side(size) - 11 + nr % 3, nr // 3
        told[across, down] = told[down, across] = bits >> nr & 1 == 1
    return told
