"""Files beside the database: under random names, and none whose row was never committed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.files.storage import Storage
from django.db import models

FILES_FOLDER: Final = "documents"


def private_name(_row: models.Model, _name: str) -> str:
    """A random name, without anything of the uploaded one; for a file that is never served as it
    lies there."""
    key = secrets.token_hex(20)
    return f"{FILES_FOLDER}/{key[:2]}/{key}"


@contextmanager
def gone_unless_committed() -> Iterator[list[tuple[Storage, str]]]:
    """Deletes the files that were written when the transaction inside did not commit."""
    written: list[tuple[Storage, str]] = []
    try:
        yield written
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise
