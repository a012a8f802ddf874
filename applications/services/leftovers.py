"""Files that no row names: their process ended between writing one and the commit, or between
the commit and deleting one."""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core.files.storage import default_storage
from django.utils import timezone

from core.stored_files import FILES_FOLDER, private_name

logger = logging.getLogger(__name__)

OLD: Final = dt.timedelta(days=1)
"""No transaction lasts so long: a younger file may still get its row."""


def sweep_leftovers() -> int:
    """Delete the files that have been without a row for a day. Returns how many.

    Where no row names any file at all, nothing is deleted: that is a database being restored.
    """
    if not any(column.exclude(**{name: ""}).exists() for column, name in _columns()):
        return 0
    before, swept = timezone.now() - OLD, 0
    for folder in default_storage.listdir(FILES_FOLDER)[0]:
        here = f"{FILES_FOLDER}/{folder}"
        # Listed first, asked for afterwards: a row that comes in between is seen.
        found = {f"{here}/{name}" for name in default_storage.listdir(here)[1]}
        old = {name for name in found if default_storage.get_modified_time(name) < before}
        for name in old - _named(old):
            default_storage.delete(name)
            swept += 1
    if swept:
        logger.info("%s files that no row names are deleted.", swept)
    return swept


def _named(names: set[str]) -> set[str]:
    """Those that a row names."""
    known: set[str] = set()
    for rows, name in _columns():
        known.update(rows.filter(**{f"{name}__in": names}).values_list(name, flat=True))
    return known


def _columns() -> Iterator[tuple[Any, str]]:
    """Each column of names of stored files, whatever model has it; not what the history says."""
    for model in apps.get_models():
        if not hasattr(model, "pgh_tracked_model"):
            for field in model._meta.local_fields:
                if getattr(field, "upload_to", None) is private_name:
                    yield model._default_manager.all(), field.name
