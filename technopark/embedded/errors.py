"""What can go wrong while the services start, told in one line."""

from pathlib import Path
from typing import Self


class EmbeddedError(Exception):
    """A start that failed; the message is one line that says what to do.

    Not a DomainError: it is raised and shown before Django is set up.
    """

    @classmethod
    def from_os(cls, error: OSError, path: Path) -> Self:
        """A file or folder of the instance that cannot be made or opened."""
        return cls(
            f"{error.filename or path} cannot be used ({error.strerror}): run as the user it "
            "belongs to, or set DATA_DIR to a folder that you can write to."
        )
