"""What was found in a room: an element at a time, with its photos."""

from collections.abc import Iterable
from functools import partial
from typing import Any, BinaryIO, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from accounts.rights import Action
from core import pictures, scanning
from core.stored_files import gone_unless_committed
from core.uploads import Checked, check_upload, kind_in_words
from core.uploads.refusals import UploadKindRefused
from leases.choices import Condition
from leases.errors import CopyInfected, ElementMissing, ItemOfEntry, SpaceNotLet, TooManyPhotos
from leases.models import HandoverItem, HandoverPhoto, HandoverReport, Letting
from leases.services.handover_reports import opened
from sites.models import Space
from sites.permissions import require

LONGEST_SIDE: Final = 1600
"""Pixels of a photo: a scratch can be seen, a hundred of them can be kept."""
SMALL_SIDE: Final = 640
"""Pixels of the one in lists and on paper."""
MOST_PHOTOS: Final = 12
"""Of one element."""
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")


def fill_item(
    *,
    item: HandoverItem,
    condition: Condition | None = None,
    remark: str | None = None,
    acting_user: User | None,
) -> HandoverItem:
    """How a thing is; None leaves as it is, an empty condition takes the look at it back.

    Raises ReportClosed, NotAllowed.
    """
    with opened(item.report, acting_user=acting_user) as report:
        row = _item(report, item)
        given: dict[str, Any] = {}
        if condition is not None:
            given["condition"] = condition
        if remark is not None:
            given["remark"] = remark.strip()
        for name, value in given.items():
            setattr(row, name, value)
        if given:
            row.save(update_fields=[*given])
    return row


def add_item(
    *,
    report: HandoverReport,
    element: str,
    space: Space | None = None,
    room: str = "",
    acting_user: User | None,
) -> HandoverItem:
    """Something that the checklist lacks, of a space of the lease or of none; the same again is
    the item that is there. Raises ElementMissing, SpaceNotLet, ReportClosed, NotAllowed."""
    if not element.strip():
        raise ElementMissing
    about = {"space": space, "room": room.strip(), "element": element.strip()}
    with opened(report, acting_user=acting_user) as row:
        if space is not None and not Letting.objects.filter(lease=row.lease, space=space).exists():
            raise SpaceNotLet
        known = row.items.filter(**about).first()
        if known is not None:
            return known
        last = row.items.aggregate(last=Max("position"))["last"] or 0
        return row.items.create(**about, position=last + 1)


def remove_item(*, item: HandoverItem, acting_user: User | None) -> None:
    """It was not to be looked at; its photos go with it. Raises ItemOfEntry of what an exit is to
    be compared with, ReportClosed, NotAllowed."""
    with opened(item.report, acting_user=acting_user) as report:
        row = _item(report, item)
        if row.before_id is not None:
            raise ItemOfEntry
        _delete(row.photos.all())
        row.delete()


def add_photo(
    *, item: HandoverItem, file: BinaryIO, name: str, size: int, acting_user: User | None
) -> HandoverPhoto:
    """Keep what a thing looks like, drawn anew without place, hour or device; the same bytes again
    are the photo that is there.

    Not to be called inside another transaction: the files are taken away again unless this one
    commits. Raises UploadRefused, CopyInfected, ScannerDown, TooManyPhotos, ReportClosed,
    NotAllowed.
    """
    # Nobody makes us draw who may not write here.
    require(acting_user, Action.HAND_OVER, "lease", item.report.lease.site_id)
    _checked(file, name, size)
    large, small = pictures.redrawn(file, LONGEST_SIDE, SMALL_SIDE)
    with gone_unless_committed() as written, opened(item.report, acting_user=acting_user) as report:
        row = _item(report, item)
        known = row.photos.filter(sha256=large.sha256).first()
        if known is not None:
            return known
        if row.photos.count() >= MOST_PHOTOS:
            raise TooManyPhotos(limit=MOST_PHOTOS)
        photo = HandoverPhoto(
            item=row,
            sha256=large.sha256,
            size=len(large.content),
            width=large.width,
            height=large.height,
            acting_user=acting_user,
        )
        for field, picture in ((photo.file, large), (photo.small, small)):
            field.save("photo.jpg", ContentFile(picture.content), save=False)
            written.append((field.storage, field.name or ""))
        photo.save()
    return photo


def remove_photo(*, photo: HandoverPhoto, acting_user: User | None) -> None:
    """Raises ReportClosed, NotAllowed."""
    with opened(photo.item.report, acting_user=acting_user):
        _delete(HandoverPhoto.objects.filter(pk=photo.pk))


def _item(report: HandoverReport, item: HandoverItem) -> HandoverItem:
    row = HandoverItem.objects.select_for_update(of=("self",)).get(pk=item.pk, report=report)
    row.report = report
    return row


def _checked(file: BinaryIO, name: str, size: int) -> Checked:
    """A whole picture without a virus. Raises UploadRefused, CopyInfected, ScannerDown."""
    checked = check_upload(file, name=name, size=size)
    if checked.media_type not in PICTURES:
        raise UploadKindRefused(accepted=", ".join(map(kind_in_words, PICTURES)))
    if scanning.scan(file).result == scanning.Result.INFECTED:
        raise CopyInfected
    return checked


def _delete(photos: Iterable[HandoverPhoto]) -> None:
    """The rows now, the bytes once that is certain."""
    for photo in photos:
        for field in (photo.file, photo.small):
            storage, name = field.storage, field.name or ""
            transaction.on_commit(partial(storage.delete, name))
        photo.delete()
