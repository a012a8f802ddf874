"""What is written on a handover report's page, piece by piece: each is saved by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.forms import whole_number
from leases.admin.handover_forms import (
    FactsForm,
    counted,
    key_rows,
    meter_rows,
    read,
)
from leases.choices import Condition
from leases.models import HandoverItem, HandoverPhoto, HandoverReport
from leases.selectors.handovers import Sheet
from leases.services.handover_counts import set_keys, set_meters
from leases.services.handover_items import (
    add_item,
    add_photo,
    fill_item,
    remove_item,
    remove_photo,
)
from leases.services.handover_reports import change_report
from sites.admin.scoping import acting
from sites.admin.work import refuse


@dataclass(slots=True)
class Written:
    """What came of a piece: the part of the page that it changes, and where that is."""

    part: str
    """A template under `leases/admin/handover/`."""
    anchor: str
    item: int = 0
    """The key of the item that it is about."""
    refusal: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    """What was typed and is not saved, for the page."""


def write_piece(request: HttpRequest, report: HandoverReport) -> Written:
    """Save the piece that the form names. Raises Http404: there is no such piece."""
    piece = PIECES.get(request.POST.get("piece", ""))
    if piece is None:
        raise Http404
    return piece(request, report)


def _item_of(request: HttpRequest, report: HandoverReport) -> HandoverItem:
    rows = HandoverItem.objects.filter(report=report).select_related("space")
    item = rows.filter(pk=whole_number(request.POST.get("item"))).first()
    if item is None:
        raise Http404
    item.report = report
    return item


def _fill(request: HttpRequest, report: HandoverReport) -> Written:
    item = _item_of(request, report)
    condition = request.POST.get("condition", "")
    remark = request.POST.get("remark", "")[:500]
    written = Written("said.html", f"item-{item.pk}", item.pk)
    written.kept = {"condition": condition, "remark": remark}
    if condition and condition not in Condition.values:
        raise Http404
    return _tried(
        written,
        lambda: fill_item(
            item=item,
            condition=Condition(condition) if condition else None,
            remark=remark,
            acting_user=acting(request),
        ),
    )


def _remove(request: HttpRequest, report: HandoverReport) -> Written:
    item = _item_of(request, report)
    written = Written("gone.html", "rooms", item.pk)
    return _tried(written, lambda: remove_item(item=item, acting_user=acting(request)))


def _photo(request: HttpRequest, report: HandoverReport) -> Written:
    item = _item_of(request, report)
    written = Written("photos.html", f"item-{item.pk}", item.pk)
    sent = request.FILES.get("file")
    if sent is None or sent.file is None:
        written.refusal = _("Choose a photo first.")
        return written
    file: Any = sent.file
    return _tried(
        written,
        lambda: add_photo(
            item=item,
            file=file,
            name=sent.name or "",
            size=sent.size or 0,
            acting_user=acting(request),
        ),
    )


def _remove_photo(request: HttpRequest, report: HandoverReport) -> Written:
    item = _item_of(request, report)
    key = whole_number(request.POST.get("photo"))
    photo = HandoverPhoto.objects.filter(item=item, pk=key).first()
    written = Written("photos.html", f"item-{item.pk}", item.pk)
    if photo is None:  # removed already
        return written
    photo.item = item
    return _tried(written, lambda: remove_photo(photo=photo, acting_user=acting(request)))


def _add(request: HttpRequest, report: HandoverReport) -> Written:
    """Into a room of the page, by the key of its space and its name."""
    space_id = whole_number(request.POST.get("space"))
    name = request.POST.get("room", "")[:60]
    found = [
        (number, room)
        for number, room in enumerate(Sheet(report).rooms_to_write)
        if (room.space.pk if room.space is not None else 0, room.room) == (space_id, name)
    ]
    if not found:
        raise Http404
    number, room = found[0]
    element = request.POST.get("element", "")[:120]
    written = Written("room.html", f"room-{number}")
    written.kept = {"space": space_id, "room": name, "element": element}
    return _tried(
        written,
        lambda: add_item(
            report=report,
            element=element,
            space=room.space,
            room=name,
            acting_user=acting(request),
        ),
    )


def _facts(request: HttpRequest, report: HandoverReport) -> Written:
    form = FactsForm(request.POST)
    written = Written("facts.html", "facts", kept={"facts": form})
    return _by_form(
        written,
        form,
        lambda: change_report(report=report, acting_user=acting(request), **form.cleaned_data),
    )


def _keys(request: HttpRequest, report: HandoverReport) -> Written:
    rows = key_rows(Sheet(report).keys, request.POST)
    written = Written("keys.html", "keys", kept={"keys": rows})
    return _by_rows(
        written,
        rows,
        lambda: set_keys(report=report, keys=counted(rows), acting_user=acting(request)),
    )


def _meters(request: HttpRequest, report: HandoverReport) -> Written:
    rows = meter_rows(Sheet(report).meters, request.POST)
    written = Written("meters.html", "meters", kept={"meters": rows})
    return _by_rows(
        written,
        rows,
        lambda: set_meters(report=report, meters=read(rows), acting_user=acting(request)),
    )


def _by_form(written: Written, form: Any, act: Callable[[], object]) -> Written:
    if not form.is_valid():
        written.refusal = _("Not saved: see below.")
        return written
    try:
        act()
    except (DomainError, ValidationError) as refusal:
        refuse(form, refusal)
        written.refusal = _("Not saved: see below.")
    else:
        written.kept = {}
    return written


def _by_rows(written: Written, rows: Any, act: Callable[[], object]) -> Written:
    if not rows.is_valid():
        written.refusal = _("Not saved: see below.")
        return written
    return _tried(written, act)


def _tried(written: Written, act: Callable[[], object]) -> Written:
    try:
        act()
    except DomainError as refusal:
        written.refusal = refusal.message
    else:
        written.kept = {}
    return written


PIECES: Final[Mapping[str, Callable[[HttpRequest, HandoverReport], Written]]] = {
    "item": _fill,
    "remove": _remove,
    "photo": _photo,
    "remove_photo": _remove_photo,
    "add": _add,
    "facts": _facts,
    "keys": _keys,
    "meters": _meters,
}
"""By the name in the form."""
