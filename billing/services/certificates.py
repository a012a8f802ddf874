"""What shows that a client paid to the treasury what it kept back."""

import datetime as dt
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import Storage

from accounts.models import User
from accounts.rights import Action
from applications.errors import WouldReplace
from billing.choices import WITHHELD
from billing.errors.money import BadDay, CertificateAwaited, NotWithheld
from billing.models import Certificate, Payment
from core import scanning
from core.history import recorded
from core.periods import today
from core.stored_files import gone_unless_committed
from core.uploads import Checked, check_upload
from leases.errors import CopyInfected, ReasonNeeded
from sites.permissions import require

Upload = tuple[BinaryIO, str, int]
"""A file, its name and its size."""


def keep_certificate(
    *,
    payment: Payment,
    number: str,
    received_on: dt.date,
    acting_user: User | None,
    file: Upload | None = None,
) -> Certificate:
    """The certificate of a withheld payment; given again, what was mistyped is put right (the
    history keeps it), and a file that is there stays unless another comes.

    With a file not to be called inside another transaction. Raises NotWithheld, BadDay,
    ValidationError, UploadRefused, CopyInfected, ScannerDown, NotAllowed.
    """
    require(acting_user, Action.CHANGE, "payment", payment.site_id)
    checked = None if file is None else _checked(file)
    with gone_unless_committed() as written, recorded(acting_user):
        row = _locked(payment)
        if not row.received_on <= received_on <= today():
            raise BadDay(first=row.received_on, last=today(), field="received_on")
        kept = Certificate.objects.filter(payment=row).first()
        certificate = kept or Certificate(payment=row)
        certificate.number = number.strip()
        certificate.received_on = received_on
        certificate.acting_user = acting_user
        if file is not None and checked is not None and certificate.sha256 != checked.sha256:
            written.append(_put(certificate, file, checked))
        certificate.full_clean(exclude=["acting_user"])
        certificate.save()
    return certificate


def keep_certificate_file(
    *, payment: Payment, file: Upload, may_replace: bool = True, acting_user: User | None
) -> Certificate:
    """The file of a certificate that was entered before; the same bytes again are the file that is
    there, others take its place if they may.

    Not to be called inside another transaction. Raises NotWithheld, CertificateAwaited,
    WouldReplace, UploadRefused, CopyInfected, ScannerDown, NotAllowed.
    """
    require(acting_user, Action.CHANGE, "payment", payment.site_id)
    checked = _checked(file)
    with gone_unless_committed() as written, recorded(acting_user):
        row = _locked(payment)
        certificate = Certificate.objects.filter(payment=row).first()
        if certificate is None:
            raise CertificateAwaited(number=row.number)
        if certificate.sha256 == checked.sha256:
            return certificate
        if certificate.sha256 and not may_replace:
            raise WouldReplace
        written.append(_put(certificate, file, checked))
        certificate.acting_user = acting_user
        certificate.save()
    return certificate


def take_certificate_back(*, payment: Payment, reason: str, acting_user: User | None) -> None:
    """It was another payment's: this one awaits its certificate again. The history keeps it.

    Raises ReasonNeeded, NotWithheld, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        require(acting_user, Action.CHANGE, "payment", payment.site_id)
        Certificate.objects.filter(payment=_locked(payment)).delete()


def _locked(payment: Payment) -> Payment:
    """Held until the transaction ends: of two who enter a certificate the second puts it right."""
    row = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if row.method not in WITHHELD:
        raise NotWithheld(number=row.number)
    return row


def _checked(file: Upload) -> Checked:
    data, name, size = file
    checked = check_upload(data, name=name, size=size)
    if scanning.scan(data).result == scanning.Result.INFECTED:
        raise CopyInfected
    return checked


def _put(certificate: Certificate, file: Upload, checked: Checked) -> tuple[Storage, str]:
    """Where it was written."""
    certificate.name, certificate.media_type = checked.name, checked.media_type
    certificate.sha256 = checked.sha256
    file[0].seek(0)
    certificate.file.save(checked.name, File(file[0]), save=False)
    return certificate.file.storage, certificate.file.name or ""
