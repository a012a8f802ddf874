"""The archive: a plain tar file that any system can open.

    technopark-backup   the shape's version, so that the first bytes tell what the file is
    database.dump       pg_dump's custom format
    media/…             the uploaded files
    manifest.json       what was saved by which product, with the digest of every part

The manifest comes last: an archive that was cut off has none.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, Self

from core.errors import DomainError

MARK: Final = "technopark-backup"
DUMP: Final = "database.dump"
MEDIA: Final = "media/"
_MANIFEST: Final = "manifest.json"
_SHAPE: Final = 1
_BLOCK: Final = 1 << 20


class BackupError(DomainError):
    """What kept a backup or a restore from happening; nothing was changed."""

    code = "backup_failed"
    text = "%(reason)s"  # for operators, who read the manual in English


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    product: str
    made_at: str
    """ISO, UTC."""
    postgresql: int
    """Major version of the server."""
    migrations: list[list[str]]
    """[app, name] of each that was applied."""
    rows: dict[str, int]
    """How many rows each table had."""
    parts: list[Part]

    def as_json(self) -> bytes:
        return json.dumps({"shape": _SHAPE, **asdict(self)}, indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises BackupError."""
        try:
            data: dict[str, Any] = json.loads(content)
            if data.pop("shape") != _SHAPE:
                raise BackupError(reason="The backup was made by a newer Technopark.")
            parts = [Part(**part) for part in data.pop("parts")]
            return cls(parts=parts, **data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(
                reason="The backup is damaged: its manifest is unreadable."
            ) from error


class Writer:
    """Adds parts one after the other and remembers their digests."""

    def __init__(self, target: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.parts: list[Part] = []
        self._add(MARK, f"{_SHAPE}\n".encode())

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            member = self._tar.gettarinfo(arcname=name, fileobj=file)
            member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
            counted = _Counted(file)
            self._tar.addfile(member, counted)
        self.parts.append(Part(name, member.size, counted.digest.hexdigest()))

    def close(self, manifest: Manifest) -> None:
        self._add(_MANIFEST, manifest.as_json())
        self._tar.close()

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))


class _Counted:
    """A file whose digest is taken while it is read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self._file.read(size)
        self.digest.update(block)
        return block


def is_archive(path: Path) -> bool:
    """Whether a file begins like an archive of ours."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK.encode()


def verify(path: Path) -> Manifest:
    """Read the whole archive and compare every part with the manifest. Raises BackupError."""
    found: list[Part] = []
    content = b""
    with opened(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if not member.isreg() or file is None:
                raise BackupError(reason=f"{path} is damaged: {member.name} is no file.")
            if member.name == _MANIFEST:
                content = file.read()
            elif member.name != MARK:
                digest = hashlib.sha256()
                size = 0
                while block := file.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                found.append(Part(member.name, size, digest.hexdigest()))
    if not content:
        raise BackupError(reason=f"{path} is cut off: it has no manifest.")
    manifest = Manifest.read(content)
    for part, told in zip(found, manifest.parts, strict=False):
        if part != told:
            raise BackupError(reason=f"{path} is damaged: {told.name} is not what was saved.")
    if len(found) != len(manifest.parts) or not found or found[0].name != DUMP:
        raise BackupError(reason=f"{path} is damaged: parts are missing.")
    for part in found[1:]:
        inside = PurePosixPath(part.name)
        if not part.name.startswith(MEDIA) or ".." in inside.parts:
            raise BackupError(reason=f"{path} is damaged: {part.name} has no place here.")
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """The archive for reading. Raises BackupError whatever is wrong with it."""
    try:
        if not is_archive(path):
            raise BackupError(reason=f"{path} is not a backup of Technopark.")
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(reason=f"{path} is damaged or cut off: {error}.") from error
    except OSError as error:
        raise BackupError(reason=f"{path} cannot be read: {error.strerror or error}.") from error
