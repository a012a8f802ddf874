"""Documents about leases: issued once and kept as issued."""

import hashlib
import logging
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import today
from core.stored_files import gone_unless_committed
from leases.choices import AmendmentState, DocumentKind, LeaseState, SettlementState
from leases.errors import NothingToIssue
from leases.models import (
    Amendment,
    ClauseTemplate,
    DepositSettlement,
    HandoverReport,
    Lease,
    LeaseDocument,
    LeaseVersion,
    Notice,
)
from leases.papers.clauses import own_clauses
from leases.papers.documents import document_pdf
from leases.papers.subject import Subject
from leases.selectors.documents import (
    clauses_for,
    lacking_contract,
    lacking_document,
    lacking_report,
    language_of,
)
from leases.selectors.settlements import lacking_settlement_document
from leases.selectors.terms import terms_of
from leases.services.locking import locked
from leases.terms import from_json
from sites.permissions import require

logger = logging.getLogger(__name__)

ISSUE_TASK: Final = "leases.issue_documents"
BATCH: Final = 50


def issue_document(
    *,
    lease: Lease,
    kind: DocumentKind,
    language: str,
    amendment: Amendment | None = None,
    notice: Notice | None = None,
    report: HandoverReport | None = None,
    settlement: DepositSettlement | None = None,
    acting_user: User | None,
) -> LeaseDocument:
    """The document in the words and by the terms that hold for it; asked for again, the stored one.

    A contract says what was signed first, an amendment its own terms, a report or a settlement
    those of when it was closed, a letter those of today.
    Not to be called inside another transaction: the file is taken away again unless this one
    commits. Raises NothingToIssue, NotAllowed.
    """
    with gone_unless_committed() as written, recorded(acting_user):
        row = locked(lease, states=set(LeaseState))
        resource = "deposit" if kind == DocumentKind.SETTLEMENT else "lease"
        require(acting_user, Action.CHANGE, resource, row.site_id)
        of: dict[str, Any] = {"notice": notice, "report": report, "settlement": settlement}
        version = _version(row, kind, amendment=amendment, **of)
        day = today() if kind == DocumentKind.CERTIFICATE else None
        about = {"version": version, "kind": kind, "language": language, **of}
        known = LeaseDocument.objects.filter(**about, day=day).first()
        if known is not None:
            return known
        template = _locked_clauses(row, kind, language)
        subject = Subject(
            kind,
            row,
            from_json(version.terms),
            report.day if report is not None else today(),
            amendment=amendment,
            **of,
        )
        pdf = _typeset(subject, template, language)
        document = LeaseDocument(
            **about,
            lease=row,
            amendment=amendment,
            day=day,
            template=template,
            sha256=hashlib.sha256(pdf).hexdigest(),
            acting_user=acting_user,
        )
        document.file.save(document.filename, ContentFile(pdf), save=False)
        written.append((document.file.storage, document.file.name or ""))
        document.save()
    return document


def draft_contract(lease: Lease, language: str) -> bytes:
    """How the contract of a draft would read today, marked as a draft; kept nowhere."""
    template = clauses_for(kind=DocumentKind.CONTRACT, language=language, site=lease.site)
    subject = Subject(DocumentKind.CONTRACT, lease, terms_of(lease), today(), draft=True)
    return _typeset(subject, template, language)


def draft_settlement(settlement: DepositSettlement, language: str) -> bytes:
    """How the settlement would read today, marked as a draft; kept nowhere."""
    lease, kind = settlement.lease, DocumentKind.SETTLEMENT
    template = clauses_for(kind=kind, language=language, site=lease.site)
    subject = Subject(kind, lease, terms_of(lease), today(), settlement=settlement, draft=True)
    return _typeset(subject, template, language)


def preview_clauses(lease: Lease, kind: DocumentKind, language: str, text: str) -> bytes:
    """What these clauses make of a real lease, marked as a draft; kept nowhere.

    Raises NothingToIssue where the lease has no amendment, notice, report or settlement to tell of.
    """
    amendment = lease.amendments.signed().order_by("-number").first()
    notice = lease.notices.order_by("-id").first()
    report = lease.handover_reports.closed().order_by("-id").first()
    settlement = lease.settlements.exclude(state=SettlementState.DROPPED).order_by("-id").first()
    terms = terms_of(lease)
    if kind == DocumentKind.AMENDMENT:
        if amendment is None:
            raise NothingToIssue(reason=_("This lease has no signed amendment."))
        terms = from_json(amendment.after)
    elif kind == DocumentKind.NOTICE and notice is None:
        raise NothingToIssue(reason=_("No notice of this lease is known."))
    elif kind == DocumentKind.HANDOVER and report is None:
        raise NothingToIssue(reason=_("This lease has no closed handover report."))
    elif kind == DocumentKind.SETTLEMENT and settlement is None:
        raise NothingToIssue(reason=_("This lease has no settlement of its deposit."))
    subject = Subject(
        kind,
        lease,
        terms,
        today(),
        amendment=amendment if kind == DocumentKind.AMENDMENT else None,
        notice=notice if kind == DocumentKind.NOTICE else None,
        report=report if kind == DocumentKind.HANDOVER else None,
        settlement=settlement if kind == DocumentKind.SETTLEMENT else None,
        draft=True,
    )
    with translation.override(language):
        return document_pdf(subject, text)


def issue_missing() -> int:
    """Issue what signing a lease or an amendment, or closing a handover report or a settlement, has
    left to do, in the language of each company or report. Returns how many.

    In any order, so that one that cannot be typeset does not hold up the others for ever.
    """
    issued = 0
    leases = lacking_contract().select_related("company").order_by("?")[:BATCH]
    for lease in leases:
        issued += _issued(lease, DocumentKind.CONTRACT, language_of(lease))
    amendments = lacking_document().select_related("lease__company").order_by("?")[:BATCH]
    for amendment in amendments:
        lease = amendment.lease
        language = language_of(lease)
        issued += _issued(lease, DocumentKind.AMENDMENT, language, amendment=amendment)
    for report in lacking_report().select_related("lease").order_by("?")[:BATCH]:
        issued += _issued(report.lease, DocumentKind.HANDOVER, report.language, report=report)
    settlements = lacking_settlement_document().select_related("lease__company")
    for settlement in settlements.order_by("?")[:BATCH]:
        lease = settlement.lease
        language = language_of(lease)
        issued += _issued(lease, DocumentKind.SETTLEMENT, language, settlement=settlement)
    if issued >= BATCH:
        with transaction.atomic():
            wake_on_commit(ISSUE_TASK)
    return issued


def _issued(lease: Lease, kind: DocumentKind, language: str, **about: Any) -> bool:
    try:
        issue_document(lease=lease, kind=kind, language=language, acting_user=None, **about)
    except Exception:
        logger.exception("The %s of lease %s could not be issued.", kind, lease.number)
        return False
    return True


def _typeset(subject: Subject, template: ClauseTemplate | None, language: str) -> bytes:
    """In the words of the template, or in our own."""
    text = template.body if template else own_clauses(subject.kind, language)
    with translation.override(language):
        return document_pdf(subject, text)


def _locked_clauses(lease: Lease, kind: str, language: str) -> ClauseTemplate | None:
    """The clauses in use, held as they are until the document that says them is committed."""
    found = clauses_for(kind=kind, language=language, site=lease.site)
    if found is None:
        return None
    return ClauseTemplate.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)


def _version(
    lease: Lease,
    kind: DocumentKind,
    *,
    amendment: Amendment | None,
    notice: Notice | None,
    report: HandoverReport | None,
    settlement: DepositSettlement | None,
) -> LeaseVersion:
    """The version whose terms the document tells. Raises NothingToIssue."""
    versions = LeaseVersion.objects.filter(lease=lease).order_by("version")
    version = versions.last()
    if version is None:
        raise NothingToIssue(reason=_("The lease is not signed yet."))
    if kind == DocumentKind.CONTRACT:
        if lease.imported:
            raise NothingToIssue(reason=_("This lease was signed elsewhere, before it came here."))
        return versions[0]
    if kind == DocumentKind.AMENDMENT:
        if amendment is None or amendment.lease_id != lease.pk:
            raise NothingToIssue(reason=_("This lease has no such amendment."))
        if amendment.state != AmendmentState.SIGNED:
            raise NothingToIssue(reason=_("The amendment is not signed yet."))
        assert amendment.version is not None
        return amendment.version
    if kind == DocumentKind.NOTICE and (notice is None or notice.lease_id != lease.pk):
        raise NothingToIssue(reason=_("No notice of this lease is known."))
    if kind == DocumentKind.HANDOVER:
        if report is None or report.lease_id != lease.pk or report.closed_at is None:
            raise NothingToIssue(reason=_("This lease has no closed handover report."))
        # Imported since, it has no earlier one.
        return versions.filter(known_from__lte=report.closed_at).last() or versions[0]
    if kind == DocumentKind.SETTLEMENT:
        if settlement is None or settlement.lease_id != lease.pk or settlement.closed_at is None:
            raise NothingToIssue(reason=_("This lease has no closed settlement of its deposit."))
        return versions.filter(known_from__lte=settlement.closed_at).last() or versions[0]
    if kind == DocumentKind.CERTIFICATE and lease.state != LeaseState.ACTIVE:
        raise NothingToIssue(reason=_("Only a tenant who has the keys is certified."))
    return version
