"""What a company was doing on a day: said by the company itself or by our staff."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.core.files import File
from django.core.files.storage import Storage
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import scanning
from core.errors import Stale
from core.history import recorded
from core.periods import Period, today
from core.stored_files import gone_unless_committed
from core.uploads import Checked, check_upload
from tenants.choices import Closing, DeclaredStatus, SaidBy
from tenants.errors import (
    AlreadyMerged,
    BadDeclaration,
    DeclarationReplaced,
    EvidenceInfected,
    LinkGone,
)
from tenants.models import EARLIEST_DECLARED, Company, Declaration, FollowUp
from tenants.permissions import require_for
from tenants.selectors.follow_ups import answer_in_force
from tenants.services.milestones import settle
from tenants.signals import declared

MOST_EMPLOYED: Final = 1_000_000
"""More people than any company here has: a slip of the hand."""


_FILE: Final = ("file", "file_name", "media_type", "size", "sha256")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was sent; `size` in bytes."""

    file: BinaryIO
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """What is declared. `evidence`: where it is seen."""

    on: dt.date
    status: str
    headcount: int | None = None
    evidence: str = ""


def declare(
    *,
    company: Company,
    said: Said,
    file: Evidence | None = None,
    replaces: Declaration | None = None,
    acting_user: User | None,
) -> Declaration:
    """Our staff say what they found out, whether or not the company is followed up.

    `replaces`: a mistake that this one puts right. Not to be called inside another transaction
    where there is a file. Raises BadDeclaration, DeclarationReplaced, AlreadyMerged,
    UploadRefused, EvidenceInfected, ScannerDown, NotAllowed.
    """
    require_for(acting_user, Action.CHANGE, company)
    _check(said)
    checked = _checked(file)
    with gone_unless_committed() as written, recorded(acting_user):
        # Locked against a merge, which moves the declarations it finds and would miss this one.
        row = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        if row.merged_into_id is not None:
            raise AlreadyMerged(company=row.name)
        made = Declaration(
            company=row,
            follow_up=FollowUp.objects.asking().filter(company=row).first(),
            said_by=SaidBy.STAFF,
            acting_user=acting_user,
        )
        return _keep(made, said, file=file, checked=checked, replaces=replaces, written=written)


def answer(*, follow_up: FollowUp, said: Said, file: Evidence | None = None) -> Declaration:
    """The company itself answers, by its link; again, it puts right what it answered before.

    The same answer twice is one. Raises LinkGone, Stale, BadDeclaration, UploadRefused,
    EvidenceInfected, ScannerDown.
    """
    _check(said)
    if said.status == DeclaredStatus.UNKNOWN:
        raise BadDeclaration(field="status", reason=_("Say what you know of your own company."))
    checked = _checked(file)
    with gone_unless_committed() as written, recorded(None, reason="declared by its link"):
        rows = Company.objects.select_for_update(of=("self",), no_key=True)
        company = rows.filter(follow_ups=follow_up, merged_into__isnull=True).first()
        if company is None:  # merged into another this very moment
            raise Stale
        row = FollowUp.objects.get(pk=follow_up.pk)
        if row.closing not in {"", Closing.NOTHING_MORE}:
            raise LinkGone
        before = answer_in_force(row)
        if before is not None and _same(before, said, checked):
            return before
        made = Declaration(company=company, follow_up=row, said_by=SaidBy.COMPANY)
        return _keep(made, said, file=file, checked=checked, replaces=before, written=written)


def _keep(
    made: Declaration,
    said: Said,
    *,
    file: Evidence | None,
    checked: Checked | None,
    replaces: Declaration | None,
    written: list[tuple[Storage, str]],
) -> Declaration:
    """Write it under the company's lock."""
    made.on, made.status = said.on, said.status
    made.headcount, made.evidence = said.headcount, said.evidence.strip()
    first = made.on
    if replaces is not None:
        known = Declaration.objects.in_force().filter(company=made.company, pk=replaces.pk).first()
        if known is None:
            raise DeclarationReplaced
        made.replaces = known
        first = min(first, known.on)
        if file is None:  # what was shown before still shows it
            for name in _FILE:
                setattr(made, name, getattr(known, name))
    if file is not None and checked is not None:
        made.file_name, made.media_type = checked.name, checked.media_type
        made.size, made.sha256 = checked.size, checked.sha256
        file.file.seek(0)
        made.file.save(checked.name, File(file.file), save=False)
        written.append((made.file.storage, made.file.name or ""))
    made.save()
    settle([made.company_id])
    declared.send(
        sender=Declaration,
        company=made.company,
        days=Period(first),
        acting_user=made.acting_user,
    )
    return made


def _check(said: Said) -> None:
    if said.status not in DeclaredStatus.values:
        raise BadDeclaration(field="status", reason=_("Choose what became of the company."))
    if said.on > today():
        raise BadDeclaration(field="on", reason=_("The day has not come yet."))
    if said.on < EARLIEST_DECLARED:
        raise BadDeclaration(field="on", reason=_("The day is before any hub was there."))
    if said.headcount is not None and not 0 <= said.headcount < MOST_EMPLOYED:
        reason = _("It must be at least 0 and less than %(limit)s.") % {"limit": MOST_EMPLOYED}
        raise BadDeclaration(field="headcount", reason=reason)
    if len(said.evidence) > 1000:
        raise BadDeclaration(field="evidence", reason=_("Say it in 1,000 characters."))


def _checked(file: Evidence | None) -> Checked | None:
    """Looked at before any transaction: a scanner takes its time."""
    if file is None:
        return None
    checked = check_upload(file.file, name=file.name, size=file.size)
    if scanning.scan(file.file).result == scanning.Result.INFECTED:
        raise EvidenceInfected
    return checked


def _same(before: Declaration, said: Said, checked: Checked | None) -> bool:
    told = Said(before.on, before.status, before.headcount, before.evidence)
    return told == Said(said.on, said.status, said.headcount, said.evidence.strip()) and (
        checked is None or checked.sha256 == before.sha256
    )
