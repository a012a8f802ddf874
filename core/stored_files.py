"""Files beside the database: there is no file whose row was never committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import Storage


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
