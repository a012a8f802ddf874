"""Office documents, which are zips: which kind, no macros, no password, no bomb."""

import re
import zipfile
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from core.uploads.kinds import EXTENSIONS, OOXML
from core.uploads.refusals import UploadActive, UploadBomb, UploadDamaged, UploadEncrypted
from core.uploads.watching import CHUNK, Watched

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_UNPACKED: Final = 300 * 1024 * 1024  # bytes; as of workbooks that are imported
_LARGEST_DIRECTORY: Final = 1024 * 1024  # bytes; zipfile reads the list of parts in one go
_MOST_PARTS: Final = 5000
_DEEPEST: Final = 2  # a chart on a slide is a workbook: a zip in a zip
# The lists of an empty library are harmless; whatever else lies beside them is a macro.
_MACRO: Final = re.compile(
    r"(.*/)?vbaproject\.bin|xl/macrosheets/.+|scripts/.*[^/]"
    r"|basic/.+/(?!(script|dialog)-l[bc]\.xml)[^/]+"
)
# In an OLE object: a file of any kind, a macro; formulas and drawings are objects too.
_ACTING: Final = tuple(name.encode("utf-16-le") for name in ("\x01Ole10Native", "_VBA_PROJECT"))
_MACRO_TYPE: Final = re.compile(rb"macroenabled|vbaproject|macrosheet|activex", re.IGNORECASE)
_MAIN_PART: Final = re.compile(rb"[\"'](%s[a-z.]+)\.main\+xml[\"']" % re.escape(OOXML.encode()))


def check_office(file: Watched) -> str:
    """The media type of an Office document; "" of any other zip."""
    with _archive(file, file.until) as archive:
        types = _start(archive, "[Content_Types].xml")
        if _MACRO_TYPE.search(types):
            raise UploadActive
        told = {*_MAIN_PART.findall(types), _start(archive, "mimetype").strip()}
        found = [kind for kind in EXTENSIONS if kind.encode() in told and "/vnd." in kind]
        if len(found) != 1:
            return ""
        if b"encryption-data" in _start(archive, "META-INF/manifest.xml"):
            raise UploadEncrypted
        _unpack(archive, file.until, left=_LARGEST_UNPACKED, depth=1)
        return found[0]


def _archive(file: Any, until: float) -> zipfile.ZipFile:
    """A zip whose list of parts makes sense; the sizes in it may still be lies."""
    watched = Watched(file, until=until, at_once=_LARGEST_DIRECTORY)
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
    """Unpack all of it, to count, to compare checksums and to find what acts, in what lies inside
    too. Returns what is left of `left` bytes."""
    if any(_MACRO.fullmatch(part.filename.casefold()) for part in archive.infolist()):
        raise UploadActive
    for part in archive.infolist():
        # Else zipfile would stop where the zip says so; a chunk more than is ever read of one.
        part.file_size = _LARGEST_UNPACKED + 2 * CHUNK
        with archive.open(part) as packed, SpooledTemporaryFile(CHUNK) as inner:
            chunk = packed.read(CHUNK)
            nested, holder, last = chunk.startswith(ZIP), chunk.startswith(OLE), b""
            while chunk:
                left -= len(chunk)
                if left < 0 or (nested and depth == _DEEPEST):
                    raise UploadBomb
                if nested:
                    inner.write(chunk)
                if holder and any(name in last + chunk for name in _ACTING):
                    raise UploadActive
                last, chunk = chunk[-100:], packed.read(CHUNK)
            if nested:
                with _archive(inner, until) as deeper:
                    left = _unpack(deeper, until, left=left, depth=depth + 1)
    return left
