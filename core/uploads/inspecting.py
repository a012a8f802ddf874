"""What a file is, by its bytes, and whether it is whole and harmless."""

import time
from typing import BinaryIO, Final

import filetype  # type: ignore[import-untyped]  # it ships no types
from pypdf.errors import LimitReachedError

from core.uploads.kinds import EXTENSIONS
from core.uploads.office import OLE, ZIP, check_office
from core.uploads.pdfs import check_pdf
from core.uploads.pictures import check_picture
from core.uploads.refusals import (
    UploadBomb,
    UploadDamaged,
    UploadEncrypted,
    UploadOfOldOffice,
    UploadRefused,
)
from core.uploads.watching import CHUNK, Watched, holds

_SECONDS: Final = 10.0  # for one file; an honest one takes a fraction of one
_OLE_OF_PASSWORDS: Final = "EncryptedPackage".encode("utf-16-le")


def media_type_of(file: BinaryIO) -> str:
    """The media type of a file that is whole and harmless; "" of a kind that is not accepted."""
    try:
        watched = Watched(file, until=time.monotonic() + _SECONDS)
        watched.seek(0)
        head = watched.read(CHUNK)
        if head.startswith(OLE):
            raise UploadEncrypted if holds(watched, _OLE_OF_PASSWORDS) else UploadOfOldOffice
        if head.startswith(ZIP):
            return check_office(watched)
        signature = filetype.guess(head)
        media_type = signature.mime.replace("/apng", "/png") if signature else ""
        if media_type == "application/pdf":
            check_pdf(watched)
        elif media_type in EXTENSIONS:
            check_picture(watched, media_type, head)
        return media_type
    except UploadRefused:
        raise
    except LimitReachedError as error:
        raise UploadBomb from error
    except Exception as error:  # what parsers raise on hostile bytes is in no list
        raise UploadDamaged from error
    finally:
        file.seek(0)
