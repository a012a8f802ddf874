"""The one door: a file is looked at before it is kept."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from core.uploads.inspecting import media_type_of
from core.uploads.kinds import EXTENSIONS, accepted_extensions, accepted_kinds
from core.uploads.names import cleaned_name, extension_of, with_extension
from core.uploads.refusals import (
    UploadDamaged,
    UploadEmpty,
    UploadKindDiffers,
    UploadKindRefused,
    UploadTooLarge,
)
from core.uploads.watching import CHUNK


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept; `size` in bytes, `sha256` in hexadecimal."""

    name: str
    media_type: str
    extension: str
    """The usual one, without a dot; `name` may end in another one of the same kind."""
    size: int
    sha256: str


def check_upload(file: BinaryIO, *, name: str, size: int, limit: int | None = None) -> Checked:
    """Look at all of `file`, which can seek and is left at its start.

    `name` and `size` (bytes) are the sender's; a size that differs from what arrived means that
    something is missing. `limit`: bytes, settings.UPLOAD_LIMIT unless given; people read it in
    whole megabytes.

    The name is cleaned, not refused; one without an extension gets that of its kind.

    Raises a subclass of UploadRefused, whatever the bytes.
    """
    largest: int = settings.UPLOAD_LIMIT if limit is None else limit
    name = cleaned_name(name)
    if size > largest:
        raise UploadTooLarge(megabytes=largest // 1024**2)
    count, digest = _read_through(file, largest)
    if count == 0:
        raise UploadEmpty
    if count != size:
        raise UploadDamaged
    media_type = media_type_of(file)
    extension = extension_of(name)
    fitting = EXTENSIONS.get(media_type, ())
    if extension not in fitting:
        if extension and (fitting or f".{extension}" in accepted_extensions()):
            raise UploadKindDiffers(extension=extension)
        if not fitting:
            raise UploadKindRefused(accepted=accepted_kinds())
        name = with_extension(name, fitting[0])
    return Checked(name, media_type, fitting[0], count, digest)


def _read_through(file: BinaryIO, limit: int) -> tuple[int, str]:
    """How many bytes there are, and their digest."""
    count, digest = 0, hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        count += len(chunk)
        if count > limit:
            raise UploadTooLarge(megabytes=limit // 1024**2)
        digest.update(chunk)
    return count, digest.hexdigest()
