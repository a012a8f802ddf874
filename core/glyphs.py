"""Which characters a font has, so that what it lacks is said in words instead of an empty box.

Reads the `cmap` table of TrueType files (OpenType specification, formats 4 and 12). Pure.
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_KEPT: Final = frozenset("\n\t \u00a0\u202f\u00ad\u200b\ufeff") | {
    chr(code)
    for codes in ((0x200C, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070))
    for code in range(*codes)
}
"""What draws nothing: spaces, joiners, marks of direction."""


def characters_of(font: Path) -> frozenset[int]:
    """The code points for which the font has a glyph."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for nr in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * nr)
        if tag == b"cmap":
            return frozenset(_mapped(data, start))
    raise ValueError(f"{font} has no cmap table")


def speak(text: str, known: frozenset[int]) -> str:
    """The text with each character that is not `known` replaced by its name in brackets.

    Marks of direction and joiners draw nothing and stay; so do line ends, of which there is one
    kind afterwards. Nothing is lost: a control character without a name is shown by its number.
    """
    if known.issuperset(map(ord, text)):  # as nearly all is
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_spoken(character, known) for character in text)


def _spoken(character: str, known: frozenset[int]) -> str:
    if character in _KEPT or ord(character) in known:
        return character
    if 0xFE00 <= ord(character) <= 0xFE0F:  # variation selectors: of what is spoken already
        return ""
    name = unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"
    return f"[{name}]"


def _mapped(data: bytes, cmap: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for nr in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * nr)
        at = cmap + offset
        (kind,) = struct.unpack_from(">H", data, at)
        if kind == 4:
            yield from _format_4(data, at)
        elif kind == 12:
            yield from _format_12(data, at)


def _format_4(data: bytes, at: int) -> Iterable[int]:
    (twice,) = struct.unpack_from(">H", data, at + 6)
    ends = struct.unpack_from(f">{twice // 2}H", data, at + 14)
    starts = struct.unpack_from(f">{twice // 2}H", data, at + 16 + twice)
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            yield from range(first, last + 1)


def _format_12(data: bytes, at: int) -> Iterable[int]:
    (groups,) = struct.unpack_from(">L", data, at + 12)
    for nr in range(groups):
        first, last, _glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * nr)
        yield from range(first, last + 1)
