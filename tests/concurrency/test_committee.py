"""A vote, a conflict and the settling of one file at the same moment."""

import threading

import pytest
from django.utils import timezone

from applications.models import Application, Session, Vote
from applications.selectors.sittings import standing_of
from applications.services import committee
from applications.services.conflicts import declare
from core.errors import DomainError
from tests.concurrency.crowd import at_once
from tests.factories import opinions, scene

pytestmark = pytest.mark.django_db(transaction=True)


def _session() -> Session:
    site = scene.site()
    file = scene.for_committee(scene.application(site))
    return opinions.sitting(site, [file], members=4, substitutes=2)


def _votes_in_conflict() -> int:
    """On what was not settled before the conflict was known."""
    return Vote.objects.filter(
        item__decision__isnull=True,
        member__user__in=Application.objects.filter(declarations__conflicted=True).values(
            "declarations__user"
        ),
    ).count()


def test_nobody_votes_past_their_conflict_and_nothing_deadlocks() -> None:
    session = _session()
    item = session.agenda.get()
    members = list(session.members.select_related("user").order_by("id"))
    conflicted = members[1]

    def act(number: int) -> str:
        try:
            if number == 0:
                declare(application=item.application, conflicted=True, acting_user=conflicted.user)
            elif number == 1:
                committee.remove_member(member=members[5], acting_user=None)
            elif number == 2:
                committee.settle_item(item=item, outcome="defer", note="x", acting_user=None)
            else:
                member = members[number % 4]
                committee.cast_vote(
                    item=item, member=member, ballot="admit", acting_user=member.user
                )
        except DomainError as refusal:
            return refusal.code
        return "done"

    outcomes = at_once(12, act)
    assert set(outcomes) <= {"done", "in_conflict", "session_closed", "not_voting"}
    assert _votes_in_conflict() == 0
    item.refresh_from_db()
    assert item.decision is not None
    # Whoever was to vote when it was settled is written down, once.
    assert item.votes.count() == len(standing_of(item).ballots) == 4


def test_control_without_the_locks_a_vote_slips_past_the_conflict() -> None:
    session = _session()
    item = session.agenda.get()
    member = session.members.select_related("user").order_by("id")[1]
    has_looked, has_declared = threading.Event(), threading.Event()

    def act(number: int) -> None:
        if number == 0:
            assert member.pk in {row.member.pk for row in standing_of(item).ballots}
            has_looked.set()
            assert has_declared.wait(timeout=60)
            Vote.objects.create(item=item, member=member, ballot="admit", cast_at=timezone.now())
        else:
            assert has_looked.wait(timeout=60)
            declare(application=item.application, conflicted=True, acting_user=member.user)
            has_declared.set()

    at_once(2, act)
    assert _votes_in_conflict() == 1
