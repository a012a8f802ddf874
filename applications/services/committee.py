"""A committee's session, from its planning to its votes. Its agenda is in `services.agendas`, its
minutes are in `services.minutes`."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    BadSession,
    NotVoting,
    QuorumMissing,
    VotesSayOtherwise,
)
from applications.labels import Ballot, SessionState
from applications.letters import Summons
from applications.models import AgendaItem, Decision, Member, Session, Vote
from applications.selectors.sittings import standing_of
from applications.services import decisions
from applications.services.session_locks import (
    BEFORE_CLOSING,
    kept,
    kept_item,
    sitting,
    unsettled,
)
from applications.services.summons import convened, summon
from core.history import recorded
from sites.models import Site
from sites.permissions import require
from sites.scopes import roles_of

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
        current = kept(session, acting_user, SessionState.PLANNED)
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
        current = kept(session, acting_user, SessionState.PLANNED)
        summon(current, convened(current), Summons.CANCELLED)
        current.delete()


def pass_the_chair(*, member: Member, acting_user: User | None) -> Session:
    """Another member leads from now on, breaks ties and signs: the chair left, or cannot sign.

    Raises BadSession for somebody who is not present, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = kept(member.session, acting_user, SessionState.OPEN, SessionState.CLOSED)
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
        current = kept(session, acting_user, *BEFORE_CLOSING)
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
        session = kept(member.session, acting_user, *BEFORE_CLOSING)
        if member.user_id == session.chair_id:
            raise BadSession(field="user", reason=_("Choose another chair first."))
        if Vote.objects.filter(member=member, item__decision__isnull=False).exists():
            raise BadSession(field="user", reason=_("They have voted: note that they are away."))
        if session.state == SessionState.PLANNED:
            told = [seat for seat in convened(session) if seat.pk == member.pk]
            summon(session, told, Summons.LEFT)
        Member.objects.filter(pk=member.pk).delete()


def open_session(*, session: Session, acting_user: User | None) -> Session:
    """The committee sits: presence is noted, votes are cast. A second time nothing changes.

    Raises BadSession where fewer members sit than the quorum wants, SessionClosed, NotAllowed.
    """
    with recorded(acting_user):
        current = kept(session, acting_user, *BEFORE_CLOSING)
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
        kept(member.session, acting_user, SessionState.OPEN)
        current = Member.objects.get(pk=member.pk)
        if current.present != present:
            current.present = present
            current.save(update_fields=["present"])
    return current


def note_discussion(*, item: AgendaItem, words: str, acting_user: User | None) -> AgendaItem:
    """What was said of a file, for the minutes; until they are signed."""
    with recorded(acting_user):
        current = kept_item(item, acting_user, SessionState.OPEN, SessionState.CLOSED)
        current.discussion = words.strip()
        current.clean_fields(exclude=["decision"])
        current.save(update_fields=["discussion"])
    return current


def note_remarks(*, session: Session, words: str, acting_user: User | None) -> Session:
    """What the minutes say besides; until they are signed."""
    with recorded(acting_user):
        current = kept(session, acting_user, *BEFORE_CLOSING, SessionState.CLOSED)
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
        allowed = sitting if own else kept
        current = unsettled(item, acting_user, allowed)
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
        current = unsettled(item, acting_user, kept)
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
        current = kept(session, acting_user, SessionState.OPEN, SessionState.CLOSED)
        if current.state == SessionState.OPEN:
            _move(current, SessionState.CLOSED)
    return current


def _move(session: Session, state: SessionState) -> None:
    session.state = state
    session.save(update_fields=["state"])


def _require_role_there(site_id: int, user: User, *, field: str) -> None:
    there = any(where in (None, site_id) for _role, where in roles_of(user))
    if not there:
        raise BadSession(field=field, reason=_("This person has no role at this site."))
