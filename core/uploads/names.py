"""What a file is called from now on: the sender's name for it, made harmless."""

import re
from typing import Final
from unicodedata import category, normalize

from core.uploads.refusals import UploadNameTooLong

LONGEST_NAME: Final = 200  # characters
_EXTENSION: Final = re.compile(r"\.([a-z][a-z0-9]{0,4})\Z")  # “Plan v1.2” has none
_JOINERS: Final = "\u200c\u200d"  # invisible, but they shape the letters of Arabic scripts


def cleaned_name(name: str) -> str:
    """A path before it, control and invisible characters and those that turn the direction of
    reading go, the letters of every language stay. Nothing left is “document”.

    Raises UploadNameTooLong.
    """
    last = re.split(r"[/\\]", normalize("NFC", name))[-1]
    spaced = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", last)
    kept = [char for char in spaced if char in _JOINERS or category(char) not in {"Cf", "Cs"}]
    clean = " ".join("".join(kept).split()).strip(". ") or "document"
    if len(clean) > LONGEST_NAME:
        raise UploadNameTooLong(limit=LONGEST_NAME)
    return clean


def extension_of(name: str) -> str:
    """In small letters, without its dot; "" for none."""
    found = _EXTENSION.search(name.lower())
    return found[1] if found else ""


def with_extension(name: str, extension: str) -> str:
    """A name that had none."""
    return f"{name[: LONGEST_NAME - 5]}.{extension}"
