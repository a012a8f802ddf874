"""PNG, JPEG and WebP: whole, and no larger than a screen or a printer needs."""

import io
import struct
from typing import Final

from core.uploads.refusals import UploadDamaged, UploadOfHugePicture
from core.uploads.watching import Watched, holds

_MOST_MEGAPIXELS: Final = 50
_MOST_SEGMENTS: Final = 1000  # of a JPEG before its picture begins
# Where width and height begin (bits after byte 21), their mask, and what is added to them.
_WEBP_SIZES: Final = {
    b"VP8 ": (40, 56, 0x3FFF, 0),
    b"VP8L": (0, 14, 0x3FFF, 1),
    b"VP8X": (24, 48, 0xFFFFFF, 1),
}


def check_picture(file: Watched, media_type: str, head: bytes) -> None:
    """Headers say how large a picture is, so that none is drawn."""
    if media_type == "image/png":
        width, height = struct.unpack_from(">II", head, 16)
        whole = holds(file, b"IEND\xaeB`\x82")
    elif media_type == "image/webp":
        across, down, mask, more = _WEBP_SIZES[head[12:16]]
        bits = int.from_bytes(head[21:30], "little")
        width, height = (bits >> across & mask) + more, (bits >> down & mask) + more
        whole = file.seek(0, io.SEEK_END) >= 8 + int.from_bytes(head[4:8], "little")
    else:
        width, height = _jpeg_size(file)
        # FF is escaped in the data of a picture: from here on, FF D9 can only be its end.
        whole = holds(file, b"\xff\xd9", start=file.tell())
    if not (whole and width and height):
        raise UploadDamaged
    if width * height > _MOST_MEGAPIXELS * 1_000_000:
        raise UploadOfHugePicture(limit=_MOST_MEGAPIXELS)


def _jpeg_size(file: Watched) -> tuple[int, int]:
    """Width and height; leaves `file` where the data of the picture begin."""
    width = height = 0
    file.seek(2)
    for _segment in range(_MOST_SEGMENTS):
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        body = file.read(max(length - 2, 0))
        if mark == 0xFF and kind == 0xDA:
            return width, height
        if mark == 0xFF and 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">xHH", body)
    raise UploadDamaged
