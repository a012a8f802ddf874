"""QR codes are held against another encoder's: what a reader reads is the standard's affair."""

import random

import pytest
import segno

from core.qr import qr_rows, qr_svg

# What fits into each size, of the standard's table 7 (level M, bytes).
ROOM = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624,
        666, 711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809,
        1911, 1989, 2099, 2213, 2331)  # fmt: skip

HELLO = [
    "111111100101101111111",
    "100000101000101000001",
    "101110100010101011101",
    "101110100011101011101",
    "101110101010101011101",
    "100000100000101000001",
    "111111101010101111111",
    "000000000101100000000",
    "101010100001000010010",
    "010111000110001100011",
    "100001111000100011111",
    "011110011110001000010",
    "001001111110101010000",
    "000000001001010010111",
    "111111100111011110111",
    "100000100101110100001",
    "101110101101011010011",
    "101110100110001110110",
    "101110101000100010101",
    "100000100110001010010",
    "111111101100101100011",
]


def text_of(length: int) -> str:
    """Accents and Arabic too: so many bytes."""
    letters = random.Random(length).choices("Société — شركة\n 0123456789", k=length)
    text = "".join(letters).encode()[:length].decode(errors="ignore")
    return text + "x" * (length - len(text.encode()))


@pytest.mark.parametrize("size", [1, 2, 5, 6, 7, 9, 10, 13, 20, 32, 40])
def test_a_full_code_is_as_another_encoder_makes_it(size: int) -> None:
    text = text_of(ROOM[size - 1])
    other = segno.make(
        text, error="m", micro=False, mask=0, mode="byte", encoding="utf-8", boost_error=False
    )
    assert other.version == size
    assert qr_rows(text) == ["".join(map(str, row)) for row in other.matrix]


def test_what_is_left_is_filled_up_as_the_standard_says() -> None:
    """By 236 and 17 at once, where segno has a 0 before: read back by another reader, ZXing."""
    assert qr_rows("hello q") == HELLO


def test_each_size_begins_where_the_one_before_is_full() -> None:
    sides = [(len(qr_rows("x" * room)), len(qr_rows("x" * (room + 1)))) for room in ROOM[:-1]]
    assert sides == [(17 + 4 * size, 21 + 4 * size) for size in range(1, 40)]
    with pytest.raises(ValueError, match="2332 bytes"):
        qr_rows("x" * 2332)


def test_it_is_drawn_module_by_module_within_a_quiet_margin() -> None:
    """Followed step by step, the path passes over what is dark, and nothing else."""
    rows = qr_rows("MITC-F2026-000001")
    drawn = qr_svg("MITC-F2026-000001")
    side = len(rows) + 4
    assert f'viewBox="0 0 {side} {side}"' in drawn
    dark = set()
    path = drawn.split(' d="')[1].split('"')[0]
    for row in path.split("M")[1:]:
        start, *steps = row.replace("h", " h").replace("m", " m").replace(" 0", "").split()
        y, *steps = steps
        at = int(start)
        for step in steps:
            length = int(step[1:])
            dark |= {(float(y), x) for x in range(at, at + length)} if step[0] == "h" else set()
            at += length
    assert dark == {
        (y + 2.5, x + 2) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "1"
    }
