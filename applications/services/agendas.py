"""What a committee's session has on its agenda, and in which order."""

from collections.abc import Iterable

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from applications.errors import (
    BadSession,
    SessionClosed,
)
from applications.models import AgendaItem, Application, Session
from applications.services.guards import require_free
from applications.services.session_locks import (
    BEFORE_CLOSING,
    kept,
    kept_item,
    not_ready,
    require_same_site,
)
from applications.services.steps import locked
from applications.workflow import State
from core.history import recorded


def put_on_agenda(
    *, session: Session, applications: Iterable[Application], acting_user: User | None
) -> list[AgendaItem]:
    """Add files that are ready for the committee, after the others; one that is there stays.

    Raises BadSession, InConflict, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        # Files before sessions, here as in `conflicts.declare`: the other order could deadlock.
        files = [locked(row) for row in sorted(applications, key=lambda row: row.pk)]
        current = kept(session, acting_user, *BEFORE_CLOSING)
        last = current.agenda.aggregate(last=Max("position"))["last"] or 0
        items = []
        for file in files:
            require_free(file, acting_user)
            if file.state != State.COMMITTEE_READY:
                raise not_ready(file)
            require_same_site(file, current)
            elsewhere = AgendaItem.objects.filter(
                application=file, session__site=file.site, session__state__in=BEFORE_CLOSING
            )
            if elsewhere.exclude(session=current).exists():
                raise BadSession(
                    field="applications",
                    reason=_("%(file)s is on the agenda of another session.")
                    % {"file": file.reference},
                )
            item, made = AgendaItem.objects.get_or_create(
                session=current, application=file, defaults={"position": last + 1}
            )
            last += made
            items.append(item)
    return items


def move_item(*, item: AgendaItem, earlier: bool, acting_user: User | None) -> None:
    """Take a file before or after its neighbour on the agenda; papers and minutes follow.

    The neighbour is one that the user may see: what stands in between and is hidden from them keeps
    its place. At the end nothing changes. Raises InConflict, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = kept_item(item, acting_user, *BEFORE_CLOSING)
        rows = list(current.session.agenda.order_by("position", "id"))
        seen = set(
            current.session.agenda.free_of_conflict(acting_user).values_list("pk", flat=True)
        )
        order = [row for row in rows if row.pk in seen]
        here = order.index(current)
        there = here - 1 if earlier else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        shown = iter(order)
        for position, row in enumerate(rows, start=1):
            placed = next(shown) if row.pk in seen else row
            if placed.position != position:
                placed.position = position
                placed.save(update_fields=["position"])


def remove_from_agenda(*, item: AgendaItem, acting_user: User | None) -> None:
    """Another time, or not at all; not what is settled."""
    with recorded(acting_user):
        current = kept_item(item, acting_user, *BEFORE_CLOSING)
        if current.decision is not None:
            raise SessionClosed(state=pgettext("item of the agenda", "settled"))
        AgendaItem.objects.filter(pk=item.pk).delete()


def leave_agendas(application: Application) -> None:
    """A *locked* file has gone to another site: this one's committee has it no more. What was
    settled once stays, for the minutes."""
    items = application.agenda_items.filter(decision=None, session__state__in=BEFORE_CLOSING)
    sessions = Session.objects.filter(pk__in=items.values("session")).order_by("pk")
    list(sessions.select_for_update(of=("self",)))  # nobody votes meanwhile
    items.delete()
