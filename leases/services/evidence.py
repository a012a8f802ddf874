"""What shows that a line of a settlement is right: files beside it, while it is a draft."""

from typing import BinaryIO, Final

from django.core.files import File

from accounts.models import User
from accounts.rights import Action
from core import scanning
from core.history import recorded
from core.stored_files import gone_unless_committed
from core.uploads import check_upload
from leases.errors import CopyInfected, TooMuchEvidence
from leases.models import SettlementEvidence, SettlementLine
from leases.services.settlements import draft_of, forget
from sites.permissions import require

MOST: Final = 20
"""Files of one line."""


def add_evidence(
    *, line: SettlementLine, file: BinaryIO, name: str, size: int, acting_user: User | None
) -> SettlementEvidence:
    """Check a file by its bytes and keep it. The same bytes again are the file that is there.

    Not to be called inside another transaction: the file is taken away again unless this one
    commits. Raises UploadRefused, CopyInfected, ScannerDown, TooMuchEvidence, SettlementOver,
    NotAllowed.
    """
    require(acting_user, Action.CHANGE, "deposit", line.settlement.lease.site_id)
    checked = check_upload(file, name=name, size=size)
    if scanning.scan(file).result == scanning.Result.INFECTED:
        raise CopyInfected
    with gone_unless_committed() as written, recorded(acting_user):
        draft, _lease = draft_of(line.settlement, acting_user)
        row = draft.lines.get(pk=line.pk)
        known = row.evidence.filter(sha256=checked.sha256).first()
        if known is not None:
            return known
        if row.evidence.count() >= MOST:
            raise TooMuchEvidence(most=MOST)
        evidence = SettlementEvidence(
            line=row,
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
            acting_user=acting_user,
        )
        file.seek(0)
        evidence.file.save(checked.name, File(file), save=False)
        written.append((evidence.file.storage, evidence.file.name or ""))
        evidence.save()
    return evidence


def remove_evidence(*, evidence: SettlementEvidence, acting_user: User | None) -> None:
    """With its bytes. Twice changes nothing. Raises SettlementOver, NotAllowed."""
    with recorded(acting_user):
        draft_of(evidence.line.settlement, acting_user)
        forget(evidence)
