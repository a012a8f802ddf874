"""Files that people upload: added, removed, scanned for viruses."""

import logging
from typing import BinaryIO, Final, cast

from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import FilesTooLarge, NotOpenForUpload, TooManyFiles, WouldReplace
from applications.labels import ScanState
from applications.models import Application, Document
from applications.permissions import answers_for, applies
from applications.selectors.documents import MOST_FILES, known_keys, most_of, open_keys
from applications.services.access import require_begun
from applications.services.correspondence import tell_officers
from applications.services.steps import locked
from applications.workflow import ENDS, State
from core import scanning
from core.errors import NotAllowed
from core.history import recorded
from core.jobs import wake_on_commit
from core.stored_files import gone_unless_committed
from core.uploads import Checked, check_upload

logger = logging.getLogger(__name__)

SCAN_TASK: Final = "applications.scan_documents"
MOST_MEGABYTES: Final = 200
"""Of one application."""
MOST_EVER: Final = 4 * MOST_FILES
"""Rows of one application, removed ones included: those stay for staff."""
SCAN_BATCH: Final = 50


def add_document(
    *,
    application: Application,
    key: str,
    file: BinaryIO,
    name: str,
    size: int,
    in_place: bool = False,
    may_replace: bool = True,
    acting_user: User | None,
) -> Document:
    """Check a file by its bytes and keep it as the document `key` ("": whatever else).

    The same bytes again are the document that is there. With `in_place` another one of the same
    key and name makes room for it, and stays when this one is refused, as it is unless
    `may_replace`. Not to be called inside another transaction: the file is taken away again
    unless this one commits. Raises UploadRefused, NotOpenForUpload, WouldReplace, TooManyFiles,
    FilesTooLarge, NotAllowed.
    """
    checked = check_upload(file, name=name, size=size)
    with gone_unless_committed() as written, recorded(acting_user):
        current = locked(application)
        _require_open(current, key, acting_user)
        if key and key not in known_keys(current):
            raise NotOpenForUpload
        kept = current.documents.kept().filter(key=key)
        if in_place:
            others = kept.filter(name=checked.name).exclude(sha256=checked.sha256)
            for older in others.select_for_update():
                if not may_replace:
                    raise WouldReplace
                _take_back(older, current)
        known = kept.filter(sha256=checked.sha256).first()
        if known is not None:
            return known
        _require_room(current, key, checked.size)
        document = _document(current, key, checked, acting_user)
        document.file.save(checked.name, File(file), save=False)
        written.append((document.file.storage, document.file.name or ""))
        document.save()
        if document.scan == ScanState.PENDING:
            wake_on_commit(SCAN_TASK)
    return document


def remove_document(*, document: Document, acting_user: User | None) -> Document:
    """Take it back. Of a draft nothing is left; staff keep what had been sent to them.

    A second time nothing changes. Raises NotOpenForUpload, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(document.application)
        current = Document.objects.select_for_update().get(pk=document.pk)
        _require_open(file, current.key, acting_user)
        if current.removed_at is None:
            _take_back(current, file)
    return current


def scan_pending() -> int:
    """Have the scanner look at what waits for it. Returns how many have their verdict now.

    In any order, so that a file on which the scanner chokes does not hold up the others for
    ever; it stops when the scanner is away, and the sweep asks again.
    """
    scanned = 0
    waiting = Document.objects.filter(scan=ScanState.PENDING).exclude(file="")
    for document in waiting.order_by("?")[:SCAN_BATCH]:
        try:
            with document.file.open("rb") as file:
                verdict = scanning.scan(cast("BinaryIO", file))
        except scanning.ScannerDown:
            return scanned
        except FileNotFoundError:
            if waiting.filter(pk=document.pk).exists():  # not removed meanwhile
                logger.error("The file of document %s is lost.", document.pk)
            continue
        scanned += _note(document, verdict)
    if scanned and waiting.exists():
        with transaction.atomic():
            wake_on_commit(SCAN_TASK)
    return scanned


def _note(document: Document, verdict: scanning.Verdict) -> bool:
    """Whether the verdict was news: two workers may have asked."""
    with recorded(None):
        current = (
            Document.objects.select_for_update()
            .filter(pk=document.pk, scan=ScanState.PENDING)
            .first()
        )
        if current is None:
            return False
        current.scan = verdict.result.value
        current.scanned_at = timezone.now()
        current.signature = verdict.signature[:200]
        current.save(update_fields=["scan", "scanned_at", "signature"])
        if current.scan == ScanState.INFECTED:
            _delete_file(current)
            file = current.application
            if file.state != State.DRAFT:  # the applicant's own page says it; staff see no draft
                tell_officers(
                    file,
                    lambda language: letters.infected(file, current, language),
                    f"infected-{current.pk}",
                )
    return True


def _require_open(file: Application, key: str, user: User | None) -> None:
    """None stands for the browser that began a draft, whose right the page has checked."""
    if user is not None and not applies(user, file):
        if file.state == State.DRAFT:
            require_begun(user, file)
        elif answers_for(user, file):
            pass  # as the applicant: what is open to them
        elif not Application.objects.filter(pk=file.pk).visible_to(user, Action.SCREEN).exists():
            raise NotAllowed
        elif file.state not in ENDS:
            return  # staff add and take away on the applicant's word
    if key not in open_keys(file):
        raise NotOpenForUpload


def _require_room(file: Application, key: str, size: int) -> None:
    kept = file.documents.kept()
    here = kept.filter(key=key).count()
    most = most_of(file, key)
    if here >= most:
        raise TooManyFiles(limit=most)
    if kept.count() >= MOST_FILES or file.documents.count() >= MOST_EVER:
        raise TooManyFiles(limit=MOST_FILES)
    taken = kept.aggregate(total=Sum("size"))["total"] or 0
    if taken + size > MOST_MEGABYTES * 1024**2:
        raise FilesTooLarge(megabytes=MOST_MEGABYTES)


def _take_back(document: Document, file: Application) -> None:
    document.removed_at = timezone.now()
    document.save(update_fields=["removed_at"])
    if file.state == State.DRAFT:
        _delete_file(document)


def _document(file: Application, key: str, checked: Checked, user: User | None) -> Document:
    return Document(
        application=file,
        key=key,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_at=timezone.now(),
        uploaded_by=user,
        scan=ScanState.PENDING if scanning.is_configured() else ScanState.NOT_SCANNED,
    )


def _delete_file(document: Document) -> None:
    """Forget the name now, delete the bytes once that is certain."""
    storage, name = document.file.storage, document.file.name
    document.file = None
    document.save(update_fields=["file"])
    if name:
        transaction.on_commit(lambda: storage.delete(name))
