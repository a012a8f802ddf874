"""A committee's session, or a file on its agenda, locked for whoever may act on it as it stands."""

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    BadSession,
    NotSeated,
    SessionClosed,
)
from applications.labels import SessionState
from applications.models import AgendaItem, Application, Member, Session
from applications.services.guards import require_free
from applications.services.steps import locked
from sites.permissions import require

BEFORE_CLOSING: Final = (SessionState.PLANNED, SessionState.OPEN)


def locked_session(session: Session) -> Session:
    """The row, locked until the transaction ends."""
    return Session.objects.select_for_update(of=("self",)).select_related("site").get(pk=session.pk)


def kept(session: Session, user: User | None, *states: SessionState) -> Session:
    """The locked session, for whoever keeps it."""
    current = locked_session(session)
    require(user, Action.CHANGE, "committee", current.site_id)
    return _in(current, states)


def sitting(session: Session, user: User | None, *states: SessionState) -> Session:
    """The locked session, for its members."""
    current = locked_session(session)
    if not Member.objects.filter(session=current, user=user).exists():
        raise NotSeated
    return _in(current, states)


def _in(session: Session, states: Sequence[SessionState]) -> Session:
    if session.state not in states:
        raise SessionClosed(state=session.get_state_display())
    return session


def kept_item(item: AgendaItem, user: User | None, *states: SessionState) -> AgendaItem:
    return _item(item, user, kept, *states)


def _item(
    item: AgendaItem, user: User | None, allowed: Callable[..., Session], *states: SessionState
) -> AgendaItem:
    """As it is now, its file and its session locked; nobody in conflict touches it."""
    file = locked(item.application)
    allowed(item.session, user, *states)
    require_free(file, user)
    return AgendaItem.objects.select_related("session", "application", "decision").get(pk=item.pk)


def unsettled(item: AgendaItem, user: User | None, allowed: Callable[..., Session]) -> AgendaItem:
    current = _item(item, user, allowed, SessionState.OPEN)
    require_same_site(current.application, current.session)
    if current.settled:
        raise SessionClosed(state=pgettext("item of the agenda", "settled"))
    return current


def require_same_site(file: Application, session: Session) -> None:
    if file.site_id != session.site_id:
        raise not_ready(file)


def not_ready(file: Application) -> BadSession:
    reason = _("%(file)s is not ready for the committee of this site.") % {"file": file.reference}
    return BadSession(field="applications", reason=reason)
