"""People who apply together: invited by the applicant, they come by a link sent to their address.

They read, upload, answer requests and write like the applicant. They do not send the application,
answer the offer or withdraw: that binds the company, and one person answers for it
(`workflow.Transition.shared`). Nor do they invite others.
"""

import datetime as dt
from typing import Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications import letters
from applications.errors import BadInvitation, InvitationGone, OtherAddress
from applications.models import Application, CoApplicant
from applications.services.steps import locked
from applications.workflow import ENDS
from core import messages
from core.errors import NotAllowed
from core.history import recorded
from sites.services.people import account_of_applicant

MOST: Final = 5
"""Invited or there, at one time."""
MOST_EVER: Final = 20
"""Invitations of one application: the letters go to people who asked for nothing."""
PAUSE: Final = dt.timedelta(hours=1)
"""Between two letters to one address."""
VALID: Final = dt.timedelta(days=14)
_SALT: Final = "co-applicant"


def invite(*, application: Application, email: str, acting_user: User | None) -> CoApplicant:
    """Write to that address; the answer is the same whether or not we know it.

    Who was invited already gets another letter, after a pause. Raises BadInvitation, NotAllowed.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInvitation(reason=error.messages[0]) from error
    with recorded(acting_user):
        file = _own(application, acting_user)
        if file.state in ENDS or file.anonymised_at is not None:
            raise BadInvitation(reason=_("The application has ended."))
        if email == file.contact_email:
            raise BadInvitation(reason=_("This is the applicant's own address."))
        now = timezone.now()
        everybody = file.co_applicants.all()
        known = everybody.filter(email=email, removed_at__isnull=True).first()
        if known is not None:
            if known.accepted_at is None and known.invited_at <= now - PAUSE:
                known.invited_at = now
                known.save(update_fields=["invited_at"])
                _write(file, known)
            return known
        if everybody.filter(removed_at__isnull=True).count() >= MOST:
            raise BadInvitation(
                reason=ngettext(
                    "%(limit)s person is invited already, which is the most.",
                    "%(limit)s people are invited already, which is the most.",
                    MOST,
                )
                % {"limit": MOST}
            )
        if everybody.count() >= MOST_EVER:
            raise BadInvitation(reason=_("No more invitations leave for this application."))
        made = CoApplicant.objects.create(
            application=file, email=email, invited_by=acting_user, invited_at=now
        )
        _write(file, made)
    return made


def invited(token: str) -> CoApplicant:
    """The invitation behind a link. Raises InvitationGone."""
    try:
        pk, at = signing.loads(token, salt=_SALT, max_age=VALID)
    except (signing.BadSignature, ValueError) as error:
        raise InvitationGone from error
    found = (
        CoApplicant.objects.select_related("application__site")
        .filter(pk=pk, removed_at__isnull=True)
        .first()
    )
    # An older letter's link is dead once a newer one has left; whoever has come needs none, and
    # any leads them to the file.
    if found is None or (found.accepted_at is None and at != found.invited_at.timestamp()):
        raise InvitationGone
    return found


def may_sign_in(*, invitation: CoApplicant) -> None:
    """Have an account for the address, so that a code can be sent to it: whoever calls has the
    link from that mailbox."""
    account_of_applicant(email=invitation.email, name="", language=invitation.application.language)


def join(*, invitation: CoApplicant, acting_user: User) -> CoApplicant:
    """Come in, signed in with the address that was invited. A second time nothing changes.

    Raises OtherAddress, InvitationGone.
    """
    with recorded(acting_user):
        locked(invitation.application)
        current = CoApplicant.objects.select_for_update().get(pk=invitation.pk)
        if current.removed_at is not None:
            raise InvitationGone
        if acting_user.email != current.email:
            raise OtherAddress
        if current.accepted_at is None:
            current.user = acting_user
            current.accepted_at = timezone.now()
            current.save(update_fields=["user", "accepted_at"])
    return current


def remove(*, co_applicant: CoApplicant, acting_user: User | None) -> CoApplicant:
    """The applicant takes the invitation back, or the person leaves. Again nothing changes."""
    with recorded(acting_user):
        file = locked(co_applicant.application)
        current = CoApplicant.objects.select_for_update().get(pk=co_applicant.pk)
        themselves = acting_user is not None and acting_user.pk == current.user_id
        if not themselves:
            _own(file, acting_user)
        if current.removed_at is None:
            current.removed_at = timezone.now()
            current.save(update_fields=["removed_at"])
    return current


def _own(application: Application, acting_user: User | None) -> Application:
    """The locked file of this very applicant."""
    file = locked(application)
    if acting_user is not None and acting_user.pk != file.applicant_id:
        raise NotAllowed
    return file


def _write(file: Application, invitation: CoApplicant) -> None:
    token = signing.dumps([invitation.pk, invitation.invited_at.timestamp()], salt=_SALT)
    letter = letters.invitation(file, reverse("join_application", args=[token]))
    messages.queue(
        to=invitation.email,
        subject=letter.subject,
        body=letter.body,
        language=file.language,
        matter=f"application:{file.pk}:invitation-{invitation.pk}",
        site_code=file.site.code,
    )
