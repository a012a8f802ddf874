"""The chair signs the minutes: from then on they, and what they tell of, are frozen."""

import hashlib

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from accounts.models import User
from applications.errors import NotTheChair, SessionClosed
from applications.labels import SessionState
from applications.models import Session
from applications.papers.minutes import minutes_pdf
from applications.services.session_locks import locked_session
from core.history import recorded


def sign_minutes(*, session: Session, acting_user: User) -> Session:
    """Set the minutes in type, once, in the chair's language; keep the bytes and their SHA-256.

    A second time nothing changes. Raises NotTheChair, SessionClosed unless the session is closed.
    """
    with recorded(acting_user):
        current = locked_session(session)
        if current.chair_id != acting_user.pk:
            raise NotTheChair
        if current.state == SessionState.SIGNED:
            return current
        if current.state != SessionState.CLOSED:
            raise SessionClosed(state=current.get_state_display())
        current.signed_by = acting_user
        current.signed_at = timezone.now()
        with translation.override(acting_user.language):
            made = minutes_pdf(current)
        current.minutes.save("minutes.pdf", ContentFile(made), save=False)
        current.minutes_sha256 = hashlib.sha256(made).hexdigest()
        current.state = SessionState.SIGNED
        current.save(update_fields=["signed_by", "signed_at", "minutes", "minutes_sha256", "state"])
    return current
