"""The members of a planned session are called together."""

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import SessionClosed
from applications.labels import SessionState
from applications.letters import Summons
from applications.models import Member, Session
from applications.selectors.sittings import to_convene
from applications.services.session_locks import locked_session
from applications.services.summons import summon
from core.history import recorded
from sites.permissions import require


def convene(*, session: Session, acting_user: User | None) -> list[Member]:
    """Write to the members and substitutes who were not written to yet, and return them.

    From then on they hear of another date or place, and of the session being cancelled. Raises
    SessionClosed unless it is planned, NotAllowed.
    """
    with recorded(acting_user):
        current = locked_session(session)
        require(acting_user, Action.CHANGE, "committee", current.site_id)
        if current.state != SessionState.PLANNED:
            raise SessionClosed(state=current.get_state_display())
        members = list(to_convene(current))
        summon(current, members, Summons.CONVENED)
        for member in members:
            member.convened_at = timezone.now()
            member.save(update_fields=["convened_at"])
    return members
