"""The kinds of files that are accepted, and the extensions that a file of each may have."""

from typing import Final

OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."
EXTENSIONS: Final = {
    "application/pdf": ("pdf",),
    f"{OOXML}wordprocessingml.document": ("docx",),
    f"{OOXML}spreadsheetml.sheet": ("xlsx",),
    f"{OOXML}presentationml.presentation": ("pptx",),
    f"{_ODF}text": ("odt",),
    f"{_ODF}spreadsheet": ("ods",),
    f"{_ODF}presentation": ("odp",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/webp": ("webp",),
}
"""What is accepted, in the order in which people are told; the usual extension comes first."""


def accepted_extensions() -> list[str]:
    """Every extension that a file may have, with its dot: what a browser offers to choose."""
    return [f".{extension}" for known in EXTENSIONS.values() for extension in known]


def accepted_media_types() -> list[str]:
    """What a program may say that it sends."""
    return list(EXTENSIONS)


def kind_in_words(media_type: str) -> str:
    """As people are told what they may upload: “PDF”; of a type that is not accepted, itself."""
    known = EXTENSIONS.get(media_type)
    return known[0].upper() if known else media_type


def accepted_kinds() -> str:
    """What people are told that they may upload: “PDF, DOCX, …”."""
    return ", ".join(kind_in_words(media_type) for media_type in EXTENSIONS)
