"""Photos as they are kept: drawn anew, upright, no larger than needed, and telling nothing else."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image, ImageOps

from core.uploads.refusals import UploadDamaged, UploadOfHugePicture

MEDIA_TYPE: Final = "image/jpeg"
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_MOST_MEGAPIXELS: Final = 50
_QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG: its bytes, and its width and height in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def redrawn(file: BinaryIO, *sides: int) -> list[Picture]:
    """The picture in `file` as JPEGs, one for each of `sides`: the most pixels of a longer side.

    Turned as the camera was held, on white where it was transparent. Nothing but the pixels comes
    along: no place, hour, device or preview. How large it is is read before any pixel is; the same
    bytes give the same pictures. Raises UploadOfHugePicture, UploadDamaged.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as found:
            if found.width * found.height > _MOST_MEGAPIXELS * 1_000_000:
                raise UploadOfHugePicture(limit=_MOST_MEGAPIXELS)
            longest = max(sides)
            # A JPEG is read at a half or a quarter of its size where that is enough.
            found.draft("RGB", (longest, longest))
            plain = _opaque(ImageOps.exif_transpose(found))
    except UploadOfHugePicture:
        raise
    except Exception as error:  # what decoders raise on hostile bytes is in no list
        raise UploadDamaged from error
    finally:
        file.seek(0)
    return [_jpeg(plain, side) for side in sides]


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, side: int) -> Picture:
    # The pixels alone: what Pillow read beside them would be written again.
    fitted = Image.new("RGB", picture.size)
    fitted.paste(picture)
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    fitted.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), fitted.width, fitted.height)
