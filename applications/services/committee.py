"""A committee's session, from its planning to its votes. The minutes are in `services.minutes`."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    BadSession,
    NotSeated,
    NotVoting,
    QuorumMissing,
    SessionClosed,
    VotesSayOtherwise,
)
from applications.labels import Ballot, SessionState
from applications.letters import Summons
from applications.models import AgendaItem, Application, Decision, Member, Session, Vote
from applications.selectors.sittings import standing_of
from applications.services import decisions
from applications.services.guards import require_free
from applications.services.steps import locked
from applications.services.summons import convened, summon
from applications.workflow import State
from core.history import recorded
from sites.models import Site
from sites.permissions import require
from sites.scopes import roles_of

_BEFORE_CLOSING: Final = (SessionState.PLANNED, SessionState.OPEN)
_UNSIGNED: Final = ["signed_by", "signed_at"]


def plan_session(
    *,
    site: Site,
    held_at: dt.datetime,
    chair: User,
    quorum: int,
    place: str = "",
    acting_user: User | None,
) -> Session:
    """Plan a sitting; the chair is its first member. Raises BadSession, NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.ADD, "committee", site.pk)
        _require_role_there(site.pk, chair, field="chair")
        session = Session(
            site=site, held_at=held_at, place=place.strip(), chair=chair, quorum=quorum
        )
        session.clean_fields(exclude=_UNSIGNED)
        session.save()
        Member.objects.create(session=session, user=chair)
    return session


def change_session(
    *,
    session: Session,
    held_at: dt.datetime,
    chair: User,
    quorum: int,
    place: str,
    acting_user: User | None,
) -> Session:
    """When, where, under whom and with how many, as long as it is planned.

    Who was convened is told of another time or place.
    """
    with recorded(acting_user):
        current = _kept(session, acting_user, SessionState.PLANNED)
        _require_role_there(current.site_id, chair, field="chair")
        before = (current.held_at, current.place)
        current.held_at, current.place = held_at, place.strip()
        current.chair, current.quorum = chair, quorum
        current.clean_fields(exclude=_UNSIGNED)
        current.save(update_fields=["held_at", "place", "chair", "quorum"])
        seat, made = Member.objects.get_or_create(session=current, user=chair)
        if not made and seat.substitute:
            seat.substitute = False
            seat.save(update_fields=["substitute"])
        if (current.held_at, current.place) != before:
            summon(current, convened(current), Summons.CHANGED)
    return current


def drop_session(*, session: Session, acting_user: User | None) -> None:
    """Call off a session that is only planned: its files wait for another, and who was convened
    is told.

    Raises SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = _kept(session, acting_user, SessionState.PLANNED)
        summon(current, convened(current), Summons.CANCELLED)
        current.delete()


def pass_the_chair(*, member: Member, acting_user: User | None) -> Session:
    """Another member leads from now on, breaks ties and signs: the chair left, or cannot sign.

    Raises BadSession for somebody who is not present, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = _kept(member.session, acting_user, SessionState.OPEN, SessionState.CLOSED)
        seat = Member.objects.get(pk=member.pk)
        if not seat.present or seat.substitute:
            raise BadSession(field="member", reason=_("The chair is a member who is present."))
        current.chair = seat.user
        current.save(update_fields=["chair"])
    return current


def add_member(
    *, session: Session, user: User, substitute: bool, acting_user: User | None
) -> Member:
    """Somebody sits, or replaces who is away or in conflict. The chair is no substitute.

    Added again, only their place changes. Raises BadSession, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = _kept(session, acting_user, *_BEFORE_CLOSING)
        _require_role_there(current.site_id, user, field="user")
        if substitute and user.pk == current.chair_id:
            raise BadSession(field="substitute", reason=_("The chair is no substitute."))
        member, made = Member.objects.get_or_create(
            session=current, user=user, defaults={"substitute": substitute}
        )
        if not made and member.substitute != substitute:
            member.substitute = substitute
            member.save(update_fields=["substitute"])
    return member


def remove_member(*, member: Member, acting_user: User | None) -> None:
    """They do not sit, and are told if they were convened. Not the chair, and nobody who has voted
    on what is settled."""
    with recorded(acting_user):
        session = _kept(member.session, acting_user, *_BEFORE_CLOSING)
        if member.user_id == session.chair_id:
            raise BadSession(field="user", reason=_("Choose another chair first."))
        if Vote.objects.filter(member=member, item__decision__isnull=False).exists():
            raise BadSession(field="user", reason=_("They have voted: note that they are away."))
        if session.state == SessionState.PLANNED:
            told = [seat for seat in convened(session) if seat.pk == member.pk]
            summon(session, told, Summons.LEFT)
        Member.objects.filter(pk=member.pk).delete()


def put_on_agenda(
    *, session: Session, applications: Iterable[Application], acting_user: User | None
) -> list[AgendaItem]:
    """Add files that are ready for the committee, after the others; one that is there stays.

    Raises BadSession, InConflict, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        # Files before sessions, here as in `conflicts.declare`: the other order could deadlock.
        files = [locked(row) for row in sorted(applications, key=lambda row: row.pk)]
        current = _kept(session, acting_user, *_BEFORE_CLOSING)
        last = current.agenda.aggregate(last=Max("position"))["last"] or 0
        items = []
        for file in files:
            require_free(file, acting_user)
            if file.state != State.COMMITTEE_READY:
                raise _not_ready(file)
            _require_same_site(file, current)
            elsewhere = AgendaItem.objects.filter(
                application=file, session__site=file.site, session__state__in=_BEFORE_CLOSING
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
        current = _kept_item(item, acting_user, *_BEFORE_CLOSING)
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
        current = _kept_item(item, acting_user, *_BEFORE_CLOSING)
        if current.decision is not None:
            raise SessionClosed(state=pgettext("item of the agenda", "settled"))
        AgendaItem.objects.filter(pk=item.pk).delete()


def leave_agendas(application: Application) -> None:
    """A *locked* file has gone to another site: this one's committee has it no more. What was
    settled once stays, for the minutes."""
    items = application.agenda_items.filter(decision=None, session__state__in=_BEFORE_CLOSING)
    sessions = Session.objects.filter(pk__in=items.values("session")).order_by("pk")
    list(sessions.select_for_update(of=("self",)))  # nobody votes meanwhile
    items.delete()


def open_session(*, session: Session, acting_user: User | None) -> Session:
    """The committee sits: presence is noted, votes are cast. A second time nothing changes.

    Raises BadSession where fewer members sit than the quorum wants, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = _kept(session, acting_user, *_BEFORE_CLOSING)
        if current.state == SessionState.PLANNED:
            if current.members.filter(substitute=False).count() < current.quorum:
                raise BadSession(
                    field="quorum", reason=_("There are fewer members than the quorum wants.")
                )
            _move(current, SessionState.OPEN)
    return current


def note_presence(*, member: Member, present: bool, acting_user: User | None) -> Member:
    """Somebody came, or left. Raises SessionClosed, NotAllowed."""
    with recorded(acting_user):
        _kept(member.session, acting_user, SessionState.OPEN)
        current = Member.objects.get(pk=member.pk)
        if current.present != present:
            current.present = present
            current.save(update_fields=["present"])
    return current


def note_discussion(*, item: AgendaItem, words: str, acting_user: User | None) -> AgendaItem:
    """What was said of a file, for the minutes; until they are signed."""
    with recorded(acting_user):
        current = _kept_item(item, acting_user, SessionState.OPEN, SessionState.CLOSED)
        current.discussion = words.strip()
        current.clean_fields(exclude=["decision"])
        current.save(update_fields=["discussion"])
    return current


def note_remarks(*, session: Session, words: str, acting_user: User | None) -> Session:
    """What the minutes say besides; until they are signed."""
    with recorded(acting_user):
        current = _kept(session, acting_user, *_BEFORE_CLOSING, SessionState.CLOSED)
        current.remarks = words.strip()
        current.clean_fields(exclude=_UNSIGNED)
        current.save(update_fields=["remarks"])
    return current


def cast_vote(*, item: AgendaItem, member: Member, ballot: str, acting_user: User | None) -> Vote:
    """A member votes, or the secretary notes their vote; until the item is settled it may change.

    Raises BadSession (no such ballot), NotVoting (away, in conflict, a substitute whom nobody
    needs), SessionClosed, NotAllowed.
    """
    if ballot not in Ballot.values:
        raise BadSession(field="ballot", reason=_("Choose a vote."))
    with recorded(acting_user):
        own = acting_user is not None and member.user_id == acting_user.pk
        allowed = _sitting if own else _kept
        current = _unsettled(item, acting_user, allowed)
        if member.pk not in {row.member.pk for row in standing_of(current).ballots}:
            raise NotVoting
        vote, _made = Vote.objects.update_or_create(
            item=current,
            member=member,
            defaults={"ballot": ballot, "cast_at": timezone.now()},
        )
    return vote


def settle_item(
    *,
    item: AgendaItem,
    outcome: str,
    reasons: Sequence[str] = (),
    conditions: str = "",
    note: str = "",
    until: dt.date | None = None,
    acting_user: User | None,
) -> Decision:
    """The committee's outcome becomes the file's decision, as `services.decisions.decide`.

    Who votes without having done so abstains. An outcome that is not what the votes say (nor
    what the chair says, where they are tied) needs its reason in `note`. Raises QuorumMissing,
    VotesSayOtherwise, SessionClosed, and what `decide` raises.
    """
    with recorded(acting_user):
        current = _unsettled(item, acting_user, _kept)
        standing = standing_of(current)
        if not standing.quorate:
            raise QuorumMissing(there=len(standing.ballots), wanted=standing.quorum)
        if outcome != standing.result.outcome and not note.strip():
            raise VotesSayOtherwise
        decision = decisions.decide(
            application=current.application,
            outcome=outcome,
            reasons=reasons,
            conditions=conditions,
            note=note,
            until=until,
            acting_user=acting_user,
        )
        voting = {row.member.pk for row in standing.ballots}
        # What is written down is who voted: presence may still change.
        current.votes.exclude(member__in=voting).delete()
        Vote.objects.bulk_create(
            Vote(item=current, member=row.member, ballot=Ballot.ABSTAIN, cast_at=timezone.now())
            for row in standing.ballots
            if row.vote is None
        )
        current.decision = decision
        current.save(update_fields=["decision"])
    return decision


def close_session(*, session: Session, acting_user: User | None) -> Session:
    """Nobody votes any more; what is not settled waits for another session."""
    with recorded(acting_user):
        current = _kept(session, acting_user, SessionState.OPEN, SessionState.CLOSED)
        if current.state == SessionState.OPEN:
            _move(current, SessionState.CLOSED)
    return current


def locked_session(session: Session) -> Session:
    """The row, locked until the transaction ends."""
    return Session.objects.select_for_update(of=("self",)).select_related("site").get(pk=session.pk)


def _kept(session: Session, user: User | None, *states: SessionState) -> Session:
    """The locked session, for whoever keeps it."""
    current = locked_session(session)
    require(user, Action.CHANGE, "committee", current.site_id)
    return _in(current, states)


def _sitting(session: Session, user: User | None, *states: SessionState) -> Session:
    """The locked session, for its members."""
    current = locked_session(session)
    if not Member.objects.filter(session=current, user=user).exists():
        raise NotSeated
    return _in(current, states)


def _in(session: Session, states: Sequence[SessionState]) -> Session:
    if session.state not in states:
        raise SessionClosed(state=session.get_state_display())
    return session


def _kept_item(item: AgendaItem, user: User | None, *states: SessionState) -> AgendaItem:
    return _item(item, user, _kept, *states)


def _item(
    item: AgendaItem, user: User | None, allowed: Callable[..., Session], *states: SessionState
) -> AgendaItem:
    """As it is now, its file and its session locked; nobody in conflict touches it."""
    file = locked(item.application)
    allowed(item.session, user, *states)
    require_free(file, user)
    return AgendaItem.objects.select_related("session", "application", "decision").get(pk=item.pk)


def _unsettled(item: AgendaItem, user: User | None, allowed: Callable[..., Session]) -> AgendaItem:
    current = _item(item, user, allowed, SessionState.OPEN)
    _require_same_site(current.application, current.session)
    if current.settled:
        raise SessionClosed(state=pgettext("item of the agenda", "settled"))
    return current


def _require_same_site(file: Application, session: Session) -> None:
    if file.site_id != session.site_id:
        raise _not_ready(file)


def _not_ready(file: Application) -> BadSession:
    reason = _("%(file)s is not ready for the committee of this site.") % {"file": file.reference}
    return BadSession(field="applications", reason=reason)


def _move(session: Session, state: SessionState) -> None:
    session.state = state
    session.save(update_fields=["state"])


def _require_role_there(site_id: int, user: User, *, field: str) -> None:
    there = any(where in (None, site_id) for _role, where in roles_of(user))
    if not there:
        raise BadSession(field=field, reason=_("This person has no role at this site."))
