"""What files are found by: written with the answers, and again for files that lack it."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.db.models.expressions import Combinable

from applications.folding import indexable
from applications.models import Application, SearchEntry
from applications.querysets import ApplicationQuerySet

# Stems for what was typed in full, the words as they stand for what is still being typed.
CONFIGURATIONS: Final = ("french", "arabic", "simple")
BATCH: Final = 500


def index(file: Application) -> None:
    """Have the file found by its answers as they are now."""
    _write([file])


def reindex(batch: int = BATCH) -> int:
    """Index the files that were sent and have no entry, e.g. after an upgrade. Returns how many."""
    lacking = Application.objects.sent().filter(
        search_entry__isnull=True, anonymised_at__isnull=True
    )
    done = 0
    while written := _index_some(lacking, batch):
        done += written
    return done


def _index_some(lacking: ApplicationQuerySet, batch: int) -> int:
    """Locked: nothing is indexed of what is being answered or anonymised meanwhile."""
    with transaction.atomic():
        files = list(lacking.order_by("id").select_for_update(of=("self",))[:batch])
        _write(files)
    return len(files)


def _write(files: Iterable[Application]) -> None:
    entries = (SearchEntry(application=file, lexemes=_lexemes(file)) for file in files)
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["application"], update_fields=["lexemes"]
    )


def _lexemes(file: Application) -> Combinable:
    line = Value(indexable(_texts(file)))
    french, arabic, simple = (SearchVector(line, config=name) for name in CONFIGURATIONS)
    lexemes: Combinable = french + arabic + simple
    return lexemes


def _texts(file: Application) -> Iterator[str]:
    """The short ones first: a very long file is cut at its end."""
    yield from (file.reference, file.name, file.ice, file.website)
    yield from (file.contact_name, file.contact_email)
    yield from (file.project, file.team)
    yield from (answer for answer in (file.answers or {}).values() if isinstance(answer, str))
