"""PDF: readable without a password, with pages, and without anything that acts."""

import io
import logging
import re
from typing import Any, BinaryIO, Final, cast

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from core.uploads.refusals import UploadActive, UploadBomb, UploadDamaged, UploadEncrypted
from core.uploads.watching import Watched, holds

_MOST_OBJECTS: Final = 500_000
_LARGEST_OBJECT_STREAM: Final = 5_000_000  # bytes; pypdf parses the objects of one in one go
_PDF_END: Final = re.compile(rb"startxref\s+\d+\s*[\r\n]%%EOF")
_PASSIVE: Final = {"/AP", "/Contents", "/DR", "/Metadata", "/Resources", "/StructTreeRoot"}
"""Nothing below them can act, and most of a file is there."""
_ACTIVE: Final = {"/EF", "/EmbeddedFile", "/JS", "/JavaScript", "/Launch", "/XFA"}

# It warns of each line that it mends: in a stranger's file that is no event of ours.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def check_pdf(file: Watched) -> None:
    """Refuse what needs a password to be read, what acts, and what has no page."""
    file.seek(max(file.seek(0, io.SEEK_END) - 2048, 0))
    if not _PDF_END.search(file.read()):  # pypdf would look for it through the whole file
        raise UploadDamaged
    with apply_configuration(zlib_maximum_output_length=_LARGEST_OBJECT_STREAM):
        try:
            reader = PdfReader(cast("BinaryIO", file), root_object_recovery_limit=100)
            # Many an official PDF has a password against changes alone: readers need none.
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise UploadEncrypted
        except Exception as error:
            if holds(file, b"/Encrypt"):  # in a way that pypdf does not know
                raise UploadEncrypted from error
            raise
        if not _pages(reader, file):
            raise UploadDamaged


def _pages(reader: PdfReader, file: Watched) -> int:
    """How many there are, found on a walk by all that could act."""
    unseen = {(place, 0) for place in reader.xref_objStm}
    unseen |= {(place, generation) for generation, table in reader.xref.items() for place in table}
    if len(unseen) > _MOST_OBJECTS:
        raise UploadBomb
    pages, waiting = 0, list[Any]([reader.root_object])
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            # One that no table lists counts as null; pypdf would search the whole file for it.
            if (item.idnum, item.generation) not in unseen:
                continue
            unseen.remove((item.idnum, item.generation))
            file.read(0)  # looks at the clock
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            pages += item.get("/Type") == "/Page"
            waiting += [told for pair in item.items() if pair[0] not in _PASSIVE for told in pair]
        elif isinstance(item, ArrayObject):
            waiting += list.__iter__(item)
        elif isinstance(item, NameObject) and item in _ACTIVE:
            raise UploadActive
    return pages
