"""What came back signed: checked, and kept as it came."""

from django.core.files.base import File
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import scanning
from core.history import recorded
from core.periods import today
from core.stored_files import gone_unless_committed
from core.uploads import check_upload
from leases.choices import LeaseState
from leases.errors import BadLeaseDate, CopyInfected, SignedHere, SignersMissing
from leases.models import Lease, LeaseDocument, SignedCopy
from leases.services.locking import locked
from leases.signature import Signature, SignedFile
from sites.permissions import require


def keep_signed_copy(
    *, document: LeaseDocument, signature: Signature, acting_user: User | None
) -> SignedCopy | None:
    """Keep what came back signed, beside the document; None while nobody has signed.

    The same bytes again are the copy that is there. Not to be called inside another transaction.
    Raises UploadRefused, CopyInfected, ScannerDown, BadLeaseDate, SignersMissing, NotAllowed.
    """
    require(acting_user, Action.SIGN, "lease", document.lease.site_id)
    signed = signature.signed_file(document)
    if signed is None:
        return None
    return _keep(document.lease, document, signed, acting_user)


def keep_contract_from_elsewhere(
    *, lease: Lease, signed: SignedFile, acting_user: User | None
) -> SignedCopy:
    """Keep the contract of an imported lease, of which nothing was issued here.

    Raises SignedHere for any other lease, and what `keep_signed_copy` raises.
    """
    require(acting_user, Action.SIGN, "lease", lease.site_id)
    if not lease.imported:
        raise SignedHere(number=lease.number)
    return _keep(lease, None, signed, acting_user)


def _keep(
    lease: Lease, document: LeaseDocument | None, signed: SignedFile, acting_user: User | None
) -> SignedCopy:
    if signed.signed_on > today():
        raise BadLeaseDate(field="signed_on", reason=_("Nothing is signed in the future."))
    if not signed.signers.strip():
        raise SignersMissing
    checked = check_upload(signed.file, name=signed.name, size=signed.size)
    if scanning.scan(signed.file).result == scanning.Result.INFECTED:
        raise CopyInfected
    with gone_unless_committed() as written, recorded(acting_user):
        row = locked(lease, states=set(LeaseState))
        about = {"lease": row, "document": document, "sha256": checked.sha256}
        known = SignedCopy.objects.filter(**about).first()
        if known is not None:
            return known
        copy = SignedCopy(
            **about,
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            signed_on=signed.signed_on,
            signers=signed.signers.strip(),
            acting_user=acting_user,
        )
        signed.file.seek(0)
        copy.file.save(checked.name, File(signed.file), save=False)
        written.append((copy.file.storage, copy.file.name or ""))
        copy.save()
    return copy
