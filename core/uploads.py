"""What a file that a person uploads may be: decided by its bytes, before it is kept.

Accepted are documents and pictures that show something and do nothing. Macros, scripts and files
inside a PDF are refused even where a scanner (core.scanning) runs: printing such a file to a PDF
keeps all that a reader needs. What a file says of its own kind or size is not believed.
"""

import hashlib
import io
import logging
import re
import struct
import time
import zipfile
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast
from unicodedata import category, normalize

import filetype  # type: ignore[import-untyped]  # it ships no types
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from core.errors import InvalidInput

LONGEST_NAME: Final = 200  # characters
_SECONDS: Final = 10.0  # for one file; an honest one takes a fraction of one
_CHUNK: Final = 64 * 1024
_LARGEST_UNPACKED: Final = 300 * 1024 * 1024  # bytes; as of workbooks that are imported
_LARGEST_DIRECTORY: Final = 1024 * 1024  # bytes; zipfile reads the list of parts in one go
_MOST_PARTS: Final = 5000
_DEEPEST: Final = 2  # a chart on a slide is a workbook: a zip in a zip
_MOST_MEGAPIXELS: Final = 50
_MOST_SEGMENTS: Final = 1000  # of a JPEG before its picture begins
_MOST_OBJECTS: Final = 500_000  # of a PDF
_LARGEST_OBJECT_STREAM: Final = 5_000_000  # bytes; pypdf parses the objects of one in one go

# It warns of each line that it mends: in a stranger's file that is no event of ours.
logging.getLogger("pypdf").setLevel(logging.ERROR)


class UploadRefused(InvalidInput):
    """Base of every reason not to take a file."""

    field = "file"


class UploadEmpty(UploadRefused):
    code = "upload_empty"
    text = _("The file is empty.")


class UploadTooLarge(UploadRefused):
    code = "upload_too_large"
    text = _("The file is larger than %(megabytes)s MB: make it smaller or divide it.")


class UploadNameTooLong(UploadRefused):
    code = "upload_name_too_long"
    text = _("The name of the file has more than %(limit)s characters: shorten it.")


class UploadKindRefused(UploadRefused):
    code = "upload_kind_refused"
    text = _("Files of this kind are not accepted. Accepted are: %(accepted)s.")


class UploadOfOldOffice(UploadKindRefused):
    text = _("Old Office files (.doc, .xls, .ppt) are not accepted: save it as .docx or PDF.")


class UploadKindDiffers(UploadRefused):
    code = "upload_kind_differs"
    text = _("The name ends in “.%(extension)s”, the content is something else: export it anew.")


class UploadEncrypted(UploadRefused):
    code = "upload_encrypted"
    text = _("The file is protected by a password: save it without one.")


class UploadDamaged(UploadRefused):
    code = "upload_damaged"
    text = _("The file is damaged or incomplete: open it, save it anew and send that.")


class UploadActive(UploadRefused):
    code = "upload_active"
    text = _("The file holds macros, scripts or attached files: print it to a PDF and send that.")


class UploadBomb(UploadRefused):
    code = "upload_bomb"
    text = _("The file unpacks to far more than a document needs: simplify or divide it.")


class UploadOfHugePicture(UploadBomb):
    text = _("The picture has more than %(limit)s megapixels: save it smaller.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept; `size` in bytes, `sha256` in hexadecimal."""

    name: str
    media_type: str
    extension: str
    """The usual one, without a dot; `name` may end in another one of the same kind."""
    size: int
    sha256: str


_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."
_EXTENSIONS: Final = {
    "application/pdf": ("pdf",),
    f"{_OOXML}wordprocessingml.document": ("docx",),
    f"{_OOXML}spreadsheetml.sheet": ("xlsx",),
    f"{_OOXML}presentationml.presentation": ("pptx",),
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
    return [f".{extension}" for known in _EXTENSIONS.values() for extension in known]


def accepted_media_types() -> list[str]:
    """What a program may say that it sends."""
    return list(_EXTENSIONS)


def kind_in_words(media_type: str) -> str:
    """As people are told what they may upload: “PDF”; of a type that is not accepted, itself."""
    known = _EXTENSIONS.get(media_type)
    return known[0].upper() if known else media_type


def accepted_kinds() -> str:
    """What people are told that they may upload: “PDF, DOCX, …”."""
    return ", ".join(kind_in_words(media_type) for media_type in _EXTENSIONS)


def check_upload(file: BinaryIO, *, name: str, size: int, limit: int | None = None) -> Checked:
    """Look at all of `file`, which can seek and is left at its start.

    `name` and `size` (bytes) are the sender's; a size that differs from what arrived means that
    something is missing. `limit`: bytes, settings.UPLOAD_LIMIT unless given; people read it in
    whole megabytes.

    The name is cleaned, not refused: a path before it, control and invisible characters and
    those that turn the direction of reading go, the letters of every language stay. Nothing left
    is “document”; a name without an extension gets that of its kind.

    Raises a subclass of UploadRefused, whatever the bytes.
    """
    largest: int = settings.UPLOAD_LIMIT if limit is None else limit
    name = _cleaned(name)
    if size > largest:
        raise UploadTooLarge(megabytes=largest // 1024**2)
    count, digest = _read_through(file, largest)
    if count == 0:
        raise UploadEmpty
    if count != size:
        raise UploadDamaged
    media_type = _inspected(file)
    extension = (_EXTENSION.findall(name.lower()) or [""])[0]
    fitting = _EXTENSIONS.get(media_type, ())
    if extension not in fitting:
        if extension and (fitting or any(extension in known for known in _EXTENSIONS.values())):
            raise UploadKindDiffers(extension=extension)
        if not fitting:
            raise UploadKindRefused(accepted=accepted_kinds())
        name = f"{name[: LONGEST_NAME - 5]}.{fitting[0]}"
    return Checked(name, media_type, fitting[0], count, digest)


_EXTENSION: Final = re.compile(r"\.([a-z][a-z0-9]{0,4})\Z")  # “Plan v1.2” has none
_JOINERS: Final = "\u200c\u200d"  # invisible, but they shape the letters of Arabic scripts


def _cleaned(name: str) -> str:
    last = re.split(r"[/\\]", normalize("NFC", name))[-1]
    spaced = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", last)
    kept = [char for char in spaced if char in _JOINERS or category(char) not in {"Cf", "Cs"}]
    clean = " ".join("".join(kept).split()).strip(". ") or "document"
    if len(clean) > LONGEST_NAME:
        raise UploadNameTooLong(limit=LONGEST_NAME)
    return clean


_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_OF_PASSWORDS: Final = "EncryptedPackage".encode("utf-16-le")


class _Watched:
    """A file that ends what reads for too long or too much at once: loops that files control."""

    def __init__(self, file: Any, *, until: float, at_once: float = float("inf")) -> None:
        self._file, self.until, self._at_once = file, until, at_once
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self.until or size > self._at_once:
            raise UploadBomb
        return bytes(self._file.read(size))


def _read_through(file: BinaryIO, limit: int) -> tuple[int, str]:
    """How many bytes there are, and their digest."""
    count, digest = 0, hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        count += len(chunk)
        if count > limit:
            raise UploadTooLarge(megabytes=limit // 1024**2)
        digest.update(chunk)
    return count, digest.hexdigest()


def _inspected(file: BinaryIO) -> str:
    """The media type of a file that is whole and harmless; "" of a kind that is not accepted."""
    try:
        watched = _Watched(file, until=time.monotonic() + _SECONDS)
        watched.seek(0)
        head = watched.read(_CHUNK)
        if head.startswith(_OLE):
            raise UploadEncrypted if _holds(watched, _OLE_OF_PASSWORDS) else UploadOfOldOffice
        if head.startswith(_ZIP):
            return _packed(watched)
        signature = filetype.guess(head)
        media_type = signature.mime.replace("/apng", "/png") if signature else ""
        if media_type == "application/pdf":
            _check_pdf(watched)
        elif media_type in _EXTENSIONS:
            _check_picture(watched, media_type, head)
        return media_type
    except UploadRefused:
        raise
    except LimitReachedError as error:
        raise UploadBomb from error
    except Exception as error:  # what parsers raise on hostile bytes is in no list
        raise UploadDamaged from error
    finally:
        file.seek(0)


def _holds(file: _Watched, sought: bytes, *, start: int = 0) -> bool:
    file.seek(start)
    last = b""
    while chunk := file.read(_CHUNK):
        if sought in last + chunk:
            return True
        last = chunk[-len(sought) :]
    return False


# Where width and height begin (bits after byte 21), their mask, and what is added to them.
_WEBP_SIZES: Final = {
    b"VP8 ": (40, 56, 0x3FFF, 0),
    b"VP8L": (0, 14, 0x3FFF, 1),
    b"VP8X": (24, 48, 0xFFFFFF, 1),
}


def _check_picture(file: _Watched, media_type: str, head: bytes) -> None:
    """Headers say how large a picture is, so that none is drawn."""
    if media_type == "image/png":
        width, height = struct.unpack_from(">II", head, 16)
        whole = _holds(file, b"IEND\xaeB`\x82")
    elif media_type == "image/webp":
        across, down, mask, more = _WEBP_SIZES[head[12:16]]
        bits = int.from_bytes(head[21:30], "little")
        width, height = (bits >> across & mask) + more, (bits >> down & mask) + more
        whole = file.seek(0, io.SEEK_END) >= 8 + int.from_bytes(head[4:8], "little")
    else:
        width, height = _jpeg_size(file)
        # FF is escaped in the data of a picture: from here on, FF D9 can only be its end.
        whole = _holds(file, b"\xff\xd9", start=file.tell())
    if not (whole and width and height):
        raise UploadDamaged
    if width * height > _MOST_MEGAPIXELS * 1_000_000:
        raise UploadOfHugePicture(limit=_MOST_MEGAPIXELS)


def _jpeg_size(file: _Watched) -> tuple[int, int]:
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


# The lists of an empty library are harmless; whatever else lies beside them is a macro.
_MACRO: Final = re.compile(
    r"(.*/)?vbaproject\.bin|xl/macrosheets/.+|scripts/.*[^/]"
    r"|basic/.+/(?!(script|dialog)-l[bc]\.xml)[^/]+"
)
_MACRO_TYPE: Final = re.compile(rb"macroenabled|vbaproject|macrosheet|activex", re.IGNORECASE)
_MAIN_PART: Final = re.compile(rb"[\"'](%s[a-z.]+)\.main\+xml[\"']" % re.escape(_OOXML.encode()))


def _packed(file: _Watched) -> str:
    """The media type of an Office document; "" of any other zip."""
    with _archive(file, file.until) as archive:
        types = _start(archive, "[Content_Types].xml")
        if _MACRO_TYPE.search(types):
            raise UploadActive
        told = {*_MAIN_PART.findall(types), _start(archive, "mimetype").strip()}
        found = [kind for kind in _EXTENSIONS if kind.encode() in told and "/vnd." in kind]
        if len(found) != 1:
            return ""
        if any(_MACRO.fullmatch(part.filename.casefold()) for part in archive.infolist()):
            raise UploadActive
        if b"encryption-data" in _start(archive, "META-INF/manifest.xml"):
            raise UploadEncrypted
        _unpack(archive, file.until, left=_LARGEST_UNPACKED, depth=1)
        return found[0]


def _archive(file: Any, until: float) -> zipfile.ZipFile:
    """A zip whose list of parts makes sense; the sizes in it may still be lies."""
    watched = _Watched(file, until=until, at_once=_LARGEST_DIRECTORY)
    archive = zipfile.ZipFile(cast("BinaryIO", watched))
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise UploadBomb
    if any(part.flag_bits & 1 for part in parts):
        raise UploadEncrypted
    # Of two parts with one name every program takes another; Office knows no other method.
    methods = {part.compress_type for part in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if methods or len({part.filename.casefold() for part in parts}) < len(parts):
        raise UploadDamaged
    return archive


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(_LARGEST_DIRECTORY)


def _unpack(archive: zipfile.ZipFile, until: float, *, left: int, depth: int) -> int:
    """Unpack all of it, to count and to compare checksums. Returns what is left of `left` bytes."""
    for part in archive.infolist():
        # Else zipfile would stop where the zip says so; a chunk more than is ever read of one.
        part.file_size = _LARGEST_UNPACKED + 2 * _CHUNK
        with archive.open(part) as packed, SpooledTemporaryFile(_CHUNK) as inner:
            chunk = packed.read(_CHUNK)
            nested = chunk.startswith(_ZIP)
            while chunk:
                left -= len(chunk)
                if left < 0 or (nested and depth == _DEEPEST):
                    raise UploadBomb
                if nested:
                    inner.write(chunk)
                chunk = packed.read(_CHUNK)
            if nested:
                with _archive(inner, until) as deeper:
                    left = _unpack(deeper, until, left=left, depth=depth + 1)
    return left


_PDF_END: Final = re.compile(rb"startxref\s+\d+\s*[\r\n]%%EOF")
_PASSIVE: Final = {"/AP", "/Contents", "/DR", "/Metadata", "/Resources", "/StructTreeRoot"}
"""Nothing below them can act, and most of a file is there."""
_ACTIVE: Final = {"/EF", "/EmbeddedFile", "/JS", "/JavaScript", "/Launch", "/XFA"}


def _check_pdf(file: _Watched) -> None:
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
            if _holds(file, b"/Encrypt"):  # in a way that pypdf does not know
                raise UploadEncrypted from error
            raise
        if not _pages(reader, file):
            raise UploadDamaged


def _pages(reader: PdfReader, file: _Watched) -> int:
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
