"""A committee's session as its members and its secretary may see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.rights import Action
from applications.models import AgendaItem, Application, Declaration, Member, Session, Vote
from applications.voting import Result, Seat, count, voters
from sites.models import Membership
from sites.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Ballot:
    """A member who votes on an item, and their vote if they cast one."""

    member: Member
    vote: Vote | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An item: who votes, who does not and why, and what the votes say."""

    item: AgendaItem
    ballots: Sequence[Ballot]
    conflicted: Sequence[Member]
    quorum: int
    """How many votes the session wants."""
    result: Result

    @property
    def quorate(self) -> bool:
        return len(self.ballots) >= self.quorum

    @property
    def settled(self) -> bool:
        return self.item.settled


def sessions_of(user: Any) -> QuerySet[Session]:
    """Where the user sits, or which they may see as staff, the newest first."""
    return (
        (Session.objects.visible_to(user) | Session.objects.filter(members__user=user))
        .distinct()
        .select_related("site", "chair")
        .order_by("-held_at", "-id")
    )


def own_seat(session: Session, user: Any) -> Member | None:
    return Member.objects.filter(session=session, user=user).first()


def to_convene(session: Session) -> QuerySet[Member]:
    """The members and substitutes who were not written to yet, in their order."""
    waiting = Member.objects.filter(session=session, convened_at__isnull=True, user__is_active=True)
    return waiting.select_related("user").order_by("substitute", "id")


def candidates(session: Session) -> QuerySet[User]:
    """Whoever has a role at the site and does not sit in the session yet."""
    there = Membership.objects.at(session.site_id)
    return (
        User.objects.filter(is_active=True, pk__in=there.values("user"))
        .exclude(pk__in=Member.objects.filter(session=session).values("user"))
        .order_by("name", "email")
    )


def ready_files(session: Session, user: Any) -> QuerySet[Application]:
    """Files of the site that are ready for the committee, on no agenda that is still to come."""
    taken = AgendaItem.objects.filter(session__state__in=["planned", "open"])
    return (
        Application.objects.visible_to(user)
        .filter(site=session.site_id, state="committee_ready")
        .exclude(pk__in=taken.values("application"))
        .order_by("reference")
    )


def agenda(session: Session, user: Any) -> list[Standing]:
    """The items that the user may see, in their order: never one in which they are in conflict.

    Five queries, whatever the number of items.
    """
    items = (
        AgendaItem.objects.filter(session=session)
        .free_of_conflict(user)
        .select_related("application__site", "application__call_version", "decision")
    )
    return standings(session, items)


def standings(session: Session, items: QuerySet[AgendaItem] | None = None) -> list[Standing]:
    """The items, all of them unless cut down: for whoever has checked who asks."""
    rows = AgendaItem.objects.filter(session=session) if items is None else items
    found = list(rows.select_related("application__site", "decision").order_by("position", "id"))
    members = list(Member.objects.filter(session=session).select_related("user").order_by("id"))
    in_conflict = _in_conflict(found)
    votes: dict[int, dict[int, Vote]] = defaultdict(dict)
    for vote in Vote.objects.filter(item__in=found).select_related("member__user"):
        votes[vote.item_id][vote.member_id] = vote
    return [
        _standing(session, item, members, in_conflict[item.application_id], votes[item.pk])
        for item in found
    ]


def standing_of(item: AgendaItem) -> Standing:
    """One item as it stands now."""
    [standing] = standings(item.session, AgendaItem.objects.filter(pk=item.pk))
    return standing


def may_drive(session: Session, user: Any) -> bool:
    """Whether the user keeps the session: agenda, presence, votes, outcomes."""
    return scope_of(user, Action.CHANGE, "committee").covers(session.site_id)


def _in_conflict(items: Sequence[AgendaItem]) -> dict[int, set[int]]:
    conflicts: dict[int, set[int]] = defaultdict(set)
    rows = Declaration.objects.filter(
        application__in=[item.application_id for item in items], conflicted=True
    )
    for file, user in rows.values_list("application", "user"):
        conflicts[file].add(user)
    return conflicts


def _standing(
    session: Session,
    item: AgendaItem,
    members: Sequence[Member],
    conflicted: set[int],
    votes: Mapping[int, Vote],
) -> Standing:
    by_id = {member.pk: member for member in members}
    if item.settled:
        # Settling wrote down who voted; presence may have changed since.
        voting = tuple(sorted(votes))
    else:
        voting = voters(
            Seat(row.pk, row.substitute, row.present, row.user_id in conflicted) for row in members
        )
    chair = next((pk for pk in voting if by_id[pk].user_id == session.chair_id), None)
    cast = {pk: votes[pk].ballot for pk in voting if pk in votes}
    return Standing(
        item,
        [Ballot(by_id[pk], votes.get(pk)) for pk in voting],
        [row for row in members if row.user_id in conflicted],
        session.quorum,
        count(cast, chair=chair),
    )
