"""The history page: who changed what, when and from where, with the old and the new value.

Read from the events that PostgreSQL's triggers write (`core.history`), so that what a job, an
import or raw SQL changed stands there too. It takes the place of the admin's own log.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any, ClassVar, Final

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rights import Action
from core import formats
from core.periods import Period
from sites.admin.scoping import ScopedRows

PAGE: Final = 100
_UNSHOWN: Final = frozenset({"id", "name_key"})


@dataclass(frozen=True, slots=True)
class Change:
    """One column that an event changed, in words."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Entry:
    """One event: of the row itself, or of a row that belongs to it (`about`)."""

    at: dt.datetime
    verb: str
    about: str
    who: str = ""
    address: str = ""
    reason: str = ""
    changes: list[Change] = field(default_factory=list)


Track = tuple[type[models.Model], str] | tuple[type[models.Model], str, "Track"]
"""A tracked model, and its column that points to the row whose history is shown; or to a row of
the third, a track itself: what belongs to what belongs to it."""


class HistoryPage(ScopedRows):
    """Serves `…/history/` from the events of the row and of what belongs to it."""

    history_with: ClassVar[tuple[Track, ...]] = ()

    def history_tracks(self, request: HttpRequest, obj: models.Model) -> Sequence[Track]:
        return ((type(obj), "pgh_obj_id"), *self.history_with)

    def may_read_history(self, request: HttpRequest, obj: models.Model) -> bool:
        return self.allows(request, Action.VIEW, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._logged("log_addition", request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._logged("log_change", request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return self._logged("log_deletions", request, queryset)

    def _logged(self, what: str, *args: Any) -> Any:
        """The events tell more than the admin's log: it is kept for untracked models only."""
        return None if tracked(self.model) else getattr(super(), what)(*args)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.allows(request, Action.VIEW):
            raise PermissionDenied
        if not tracked(self.model):
            return super().history_view(request, object_id, extra_context)  # type: ignore[misc,no-any-return]
        pages: Any = self
        obj = pages.get_object(request, unquote(object_id))
        if obj is None:
            response: HttpResponse = pages._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return response
        if not self.may_read_history(request, obj):
            raise PermissionDenied
        before = parse_datetime(request.GET.get("before", "")) or timezone.now()
        entries, older = entries_before(self.history_tracks(request, obj), obj.pk, before)
        return TemplateResponse(
            request,
            "sites/admin/history.html",
            {
                **self.admin_site.each_context(request),
                "title": _("History of %(name)s") % {"name": obj},
                "opts": self.opts,
                "original": obj,
                "entries": entries,
                "older": older,
                **(extra_context or {}),
            },
        )


def tracked(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_event_model")


def entries_before(
    tracks: Sequence[Track], pk: Any, before: dt.datetime
) -> tuple[list[Entry], dt.datetime | None]:
    """The newest entries up to `before`, newest first; and the `before` of the next page, if any.

    A page never cuts a moment in two: what one transaction wrote stays together.
    """
    found = _events(tracks, pk, Q(pgh_created_at__lt=before), at_most=PAGE + 1)
    older = None
    if len(found) > PAGE:
        older = found[PAGE - 1].pgh_created_at
        found = [event for event in found if event.pgh_created_at > older]
        if not found:  # one moment fills the page: all of it, then on before it
            found = _events(tracks, pk, Q(pgh_created_at=older))
        older = found[-1].pgh_created_at
    return _described(found), older


def _events(tracks: Sequence[Track], pk: Any, when: Q, *, at_most: int | None = None) -> list[Any]:
    """Events of all tracks, newest first; within a moment in the order of the tracks."""
    found: list[Any] = []
    for track in tracks:
        events = _events_of(track, pk).filter(when)
        found += events.order_by("-pgh_created_at", "-pgh_id")[:at_most]
    found.sort(key=lambda event: event.pgh_created_at, reverse=True)  # stable
    return found


def _events_of(track: Track, pk: Any) -> Any:
    """By the events of what is in between too: a row that is gone had what belonged to it."""
    model, column, *through = track
    events = model.pgh_event_model.objects  # type: ignore[attr-defined]
    if not through:
        return events.filter(**{column: pk})
    return events.filter(**{f"{column}__in": _events_of(through[0], pk).values("pgh_obj_id")})


def _described(events: Sequence[Any]) -> list[Entry]:
    before = dict(_predecessors(events))
    names = _Names()
    for event in events:
        names.need(event, before.get((type(event), event.pgh_id)))
    names.load()
    language = get_language() or "fr"
    entries = []
    for event in events:
        context = event.pgh_context or {}
        old = before.get((type(event), event.pgh_id))
        entry = Entry(
            at=event.pgh_created_at,
            verb=_verb(event.pgh_label),
            about=capfirst(event.pgh_tracked_model._meta.verbose_name),
            who=names.person(context.get("user")),
            address=context.get("address", ""),
            reason=context.get("reason", ""),
        )
        for column in _columns(event):
            was = None if old is None else getattr(old, column.attname)
            now = getattr(event, column.attname)
            if (was or None) != (now or None) or event.pgh_label == "delete":
                gone = event.pgh_label == "delete"
                entry.changes.append(
                    Change(
                        label=capfirst(_label(column)),
                        old=names.shown(column, now if gone else was, language),
                        new="" if gone else names.shown(column, now, language),
                    )
                )
        entries.append(entry)
    return entries


def _predecessors(events: Sequence[Any]) -> Iterator[tuple[tuple[Any, int], Any]]:
    """Each event with the one before it of the same row: what the values were."""
    by_row: dict[tuple[Any, Any], list[Any]] = {}
    for event in events:
        if event.pgh_label != "insert" and not _is_link(event):
            by_row.setdefault((type(event), event.pgh_obj_id), []).append(event)
    missing: dict[Any, list[Any]] = {}
    inserts = {
        (type(event), event.pgh_obj_id): event
        for event in events
        if event.pgh_label == "insert" and not _is_link(event)
    }
    for (model, row), newest_first in by_row.items():
        chain = [*newest_first, inserts.get((model, row))]
        for event, earlier in pairwise(chain):
            if event is not None and earlier is not None:
                yield (model, event.pgh_id), earlier
        if chain[-1] is None:
            missing.setdefault(model, []).append(newest_first[-1])
    for model, firsts in missing.items():
        each = [Q(pgh_obj_id=one.pgh_obj_id, pgh_id__lt=one.pgh_id) for one in firsts]
        known = model.objects.filter(reduce(or_, each)).order_by("pgh_obj_id", "-pgh_id")
        earlier = {event.pgh_obj_id: event for event in known.distinct("pgh_obj_id")}
        for event in firsts:
            if event.pgh_obj_id in earlier:
                yield (model, event.pgh_id), earlier[event.pgh_obj_id]


def _is_link(event: Any) -> bool:
    """A link (`core.history.tracked_link`) is made and undone: there is no earlier state of it."""
    return not hasattr(event, "pgh_obj_id")


def _label(column: Any) -> str:
    """The two ends of a link have no names but those of their models."""
    named = column.related_model._meta if _is_link(column.model) else column
    return str(named.verbose_name)


def _verb(label: str) -> str:
    return {"insert": _("added"), "update": _("changed"), "delete": _("deleted")}.get(label, label)


def _columns(event: Any) -> Iterable[Any]:
    columns = [
        column
        for column in event._meta.concrete_fields
        if not column.name.startswith("pgh_")
        and column.name not in _UNSHOWN
        and not isinstance(column, models.UUIDField)  # programs' keys tell people nothing
    ]
    # Of a link only the far end: the near one is the row whose history is read.
    return columns[-1:] if _is_link(event) else columns


class _Names:
    """What keys in events stand for, asked once per model."""

    def __init__(self) -> None:
        self._wanted: dict[type[models.Model], set[Any]] = {}
        self._found: dict[type[models.Model], dict[Any, Any]] = {}

    def need(self, *events: Any) -> None:
        for event in events:
            if event is None:
                continue
            person = (event.pgh_context or {}).get("user")
            if person is not None:
                self._wanted.setdefault(get_user_model(), set()).add(person)
            for column in _columns(event):
                value = getattr(event, column.attname)
                if isinstance(column, models.ForeignKey) and value is not None:
                    self._wanted.setdefault(column.related_model, set()).add(value)

    def load(self) -> None:
        for model, keys in self._wanted.items():
            self._found[model] = model._base_manager.in_bulk(keys)

    def person(self, key: Any) -> str:
        if key is None:
            return _("the system")
        found = self._found[get_user_model()].get(key)
        return str(found) if found is not None else f"#{key}"

    def shown(self, column: Any, value: Any, language: str) -> str:
        if value is None or value == "":
            return "—"
        if isinstance(column, models.ForeignKey):
            found = self._found[column.related_model].get(value)
            return str(found) if found is not None else f"#{value}"
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return _in_words(value, language)


def _in_words(value: Any, language: str) -> str:
    match value:
        case bool():
            words = _("yes") if value else _("no")
        case Period():
            last = value.last_day
            until = formats.day(last, language) if last else "…"
            words = f"{formats.day(value.start, language)} – {until}"
        case dt.datetime():
            local = timezone.localtime(value)
            words = f"{formats.day(local.date(), language)} {local:%H:%M}"
        case dt.date():
            words = formats.day(value, language)
        case Decimal():
            words = formats.exact(value, language)
        case _other:
            words = str(value)
    return words
