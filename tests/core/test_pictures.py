"""Photos are drawn anew: upright, small enough, and without what a phone writes into them."""

import io

import pytest
from PIL import Image

from core.pictures import redrawn
from core.uploads.refusals import UploadDamaged, UploadOfHugePicture
from tests.factories import uploads


def test_nothing_but_the_pixels_comes_along() -> None:
    data = uploads.photo(400, 300)
    told = Image.open(io.BytesIO(data)).getexif()
    assert (told[0x0110], told[0x0112], bool(told.get_ifd(0x8825))) == ("Telephone 7", 6, True)
    large, small = redrawn(io.BytesIO(data), 200, 50)
    assert (large.width, large.height, small.width, small.height) == (150, 200, 37, 50)
    for picture in (large, small):
        assert not any(mark in picture.content for mark in (b"Exif", b"Telephone", b"by hand"))
        kept = Image.open(io.BytesIO(picture.content))
        assert (kept.format, kept.mode, dict(kept.getexif())) == ("JPEG", "RGB", {})
        # What was above on the left is above on the right: it was turned as it was held.
        right, left = kept.getpixel((kept.width - 5, 5)), kept.getpixel((5, 5))
        assert isinstance(right, tuple)
        assert isinstance(left, tuple)
        assert (right[2] > 150, left[2] < 100) == (True, True)
    assert redrawn(io.BytesIO(data), 200, 50) == [large, small]


def test_a_picture_is_never_made_larger_and_transparent_ones_stand_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 20), (0, 0, 0, 0)).save(out, "PNG")
    (picture,) = redrawn(out, 1600)
    assert (picture.width, picture.height) == (10, 20)
    assert Image.open(io.BytesIO(picture.content)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (uploads.png(8000, 7000), UploadOfHugePicture),
        (uploads.png(20, 20), UploadDamaged),
        (uploads.photo()[:600], UploadDamaged),
        (b"GIF89a", UploadDamaged),
    ],
)
def test_bombs_are_refused_before_they_are_drawn_and_broken_ones_too(
    data: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        redrawn(io.BytesIO(data), 1600)
