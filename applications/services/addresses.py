"""The applicant's e-mail address, and with it whose file it is: put right by staff."""

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import Anonymised, BadAddress, ImpossibleStep, ReasonNeeded
from applications.models import Application
from applications.services.access import require_on_file
from applications.services.erasure import erase_empty_account
from applications.services.searching import index
from applications.services.steps import locked
from applications.workflow import NEVER_SENT
from core import messages
from core.history import recorded
from sites.services.people import account_of_applicant

_EMPTY: Final = "empty account: the file went to another address"
"""In the log of erasures: what was typed as the reason may name somebody."""


def checked_address(text: str) -> str:
    """As addresses are kept. Raises BadAddress."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadAddress(reason=error.messages[0]) from error
    return email


def change_address(
    *, application: Application, email: str, reason: str, acting_user: User | None
) -> Application:
    """From now on all goes to this address, and whoever reads it is the applicant; both addresses
    are told, so that nobody's file is taken from them unseen. The account under the old one is
    closed and erased where nothing else is left in it.

    The address that is there already changes nothing. Raises BadAddress, ReasonNeeded,
    ImpossibleStep, Anonymised, NotAllowed.
    """
    email = checked_address(email)
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        file = locked(application)
        require_on_file(acting_user, Action.SCREEN, file)
        if file.anonymised_at is not None:
            raise Anonymised
        if file.state in NEVER_SENT:
            raise ImpossibleStep(state=file.get_state_display())
        before, former = file.contact_email, file.applicant
        if email == before:
            return file
        owner = account_of_applicant(email=email, name=file.contact_name, language=file.language)
        if owner.is_staff:
            raise BadAddress(reason=_("A member of staff is no applicant."))
        file.contact_email, file.applicant = email, owner
        file.save(update_fields=["contact_email", "applicant"])
        beside = file.co_applicants.filter(email=email, removed_at__isnull=True)
        beside.update(removed_at=timezone.now())  # the owner now, and nobody beside themselves
        index(file)
        letter = letters.address_changed(file)
        for address in (before, email):
            messages.queue(
                to=address,
                subject=letter.subject,
                body=letter.body,
                language=file.language,
                matter=f"application:{file.pk}:address",
                site_code=file.site.code,
            )
        forget_former(file, former, acting_user=acting_user)
    return file


def forget_former(file: Application, former: User | None, *, acting_user: User | None) -> None:
    """Close and erase the account under the address that a *locked* file had until now, where
    nothing else is left in it: nobody may know that it is theirs."""
    if former is None or former.pk == file.applicant_id:
        return
    person = User.objects.select_for_update().get(pk=former.pk)
    erase_empty_account(person, acting_user=acting_user, reason=_EMPTY, but_letters_on=file)
