"""A committee sits: who votes, when they are enough, what comes of it, and what is frozen."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.errors import (
    BadSession,
    ConflictStands,
    InConflict,
    NotSeated,
    NotTheChair,
    NotVoting,
    QuorumMissing,
    SessionClosed,
    VotesSayOtherwise,
)
from applications.models import AgendaItem, Member, Session, Vote
from applications.selectors.sittings import agenda, ready_files, standing_of
from applications.services import agendas, committee
from applications.services.conflicts import declare
from applications.services.decisions import revoke_decision
from applications.services.minutes import sign_minutes
from core.errors import NotAllowed
from sites.models import Site
from tests.factories import opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def ready(site: Site) -> Any:
    return scene.for_committee(scene.application(site))


def item_of(session: Session) -> AgendaItem:
    return AgendaItem.objects.get(session=session)


def test_a_session_is_planned_by_the_sites_staff_alone(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    given: dict[str, Any] = {"site": site, "held_at": timezone.now(), "chair": officer,
                             "quorum": 1, "acting_user": officer}  # fmt: skip
    session = committee.plan_session(**given)
    assert [member.user for member in session.members.all()] == [officer]
    elsewhere = scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    for refused, wrong in (
        (NotAllowed, {"acting_user": elsewhere}),
        (NotAllowed, {"acting_user": opinions.reviewer(site)}),
        (BadSession, {"chair": elsewhere}),
    ):
        with pytest.raises(refused):
            committee.plan_session(**{**given, **wrong})
    with pytest.raises(BadSession):  # the file is still being screened
        agendas.put_on_agenda(
            session=session, applications=[scene.application(site)], acting_user=officer
        )
    file = ready(site)
    assert list(ready_files(session, officer)) == [file]
    for _click in range(2):
        agendas.put_on_agenda(session=session, applications=[file], acting_user=officer)
    assert list(ready_files(session, officer)) == []
    with pytest.raises(SessionClosed):  # not sitting yet
        committee.cast_vote(
            item=item_of(session),
            member=session.members.get(),
            ballot="admit",
            acting_user=officer,
        )
    committee.change_session(
        session=session, held_at=timezone.now() + timedelta(days=1), chair=officer, quorum=2,
        place="Salle A", acting_user=officer,
    )  # fmt: skip
    with pytest.raises(BadSession) as alone:
        committee.open_session(session=session, acting_user=officer)
    assert alone.value.field == "quorum"


def test_a_file_is_before_one_committee_at_a_time(site: Site) -> None:
    file = ready(site)
    session = opinions.sitting(site, [file])
    with pytest.raises(BadSession, match=file.reference):
        opinions.sitting(site, [file])
    committee.close_session(session=session, acting_user=None)
    assert item_of(opinions.sitting(site, [file])).application == file


def test_a_planned_session_is_called_off_and_its_files_wait_for_another(site: Site) -> None:
    officer, chair = scene.staff(Role.ADMISSIONS_OFFICER, site), opinions.reviewer(site)
    sitting, file = opinions.sitting(site, [ready(site)]), ready(site)
    planned = committee.plan_session(
        site=site, held_at=timezone.now(), chair=chair, quorum=1, acting_user=officer
    )
    agendas.put_on_agenda(session=planned, applications=[file], acting_user=officer)
    with pytest.raises(NotAllowed):
        committee.drop_session(session=planned, acting_user=chair)
    with pytest.raises(SessionClosed):
        committee.drop_session(session=sitting, acting_user=officer)
    committee.drop_session(session=planned, acting_user=officer)
    assert list(Session.objects.all()) == [sitting]
    assert list(ready_files(sitting, officer)) == [file]


def test_another_member_takes_the_chair_breaks_ties_and_signs(site: Site) -> None:
    session = opinions.sitting(site, [ready(site)], members=4)
    first, second, *_others, spare = session.members.order_by("id")
    item = item_of(session)
    opinions.votes(item, "defer", "admit", "admit", "defer")
    assert standing_of(item).result.outcome == "defer"
    with pytest.raises(NotAllowed):
        committee.pass_the_chair(member=second, acting_user=first.user)
    with pytest.raises(BadSession):
        committee.pass_the_chair(member=spare, acting_user=None)
    committee.pass_the_chair(member=second, acting_user=None)
    item.refresh_from_db()
    assert standing_of(item).result.outcome == "admit"
    session = opinions.closed(session)
    with pytest.raises(NotTheChair):
        sign_minutes(session=session, acting_user=first.user)
    assert sign_minutes(session=session, acting_user=second.user).signed_by == second.user
    with pytest.raises(SessionClosed):
        committee.pass_the_chair(member=first, acting_user=None)


def test_a_session_without_files_is_minuted_too(site: Site) -> None:
    session = committee.close_session(session=opinions.sitting(site, []), acting_user=None)
    signed = sign_minutes(session=session, acting_user=session.chair)
    assert (signed.state, bool(signed.minutes_sha256)) == ("signed", True)


def test_the_votes_make_the_decision(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = ready(site)
    session = opinions.sitting(site, [file])
    item = item_of(session)
    opinions.votes(item, "admit", "refuse", "admit")
    decision = committee.settle_item(item=item, outcome="admit", acting_user=officer)
    file.refresh_from_db()
    item.refresh_from_db()
    assert (file.state, item.decision, decision.decided_by) == ("decided", decision, officer)
    with pytest.raises(SessionClosed):
        opinions.votes(item, "refuse")
    # Taken back, it can be voted on again while the committee sits.
    revoke_decision(application=file, reason="Erreur.", acting_user=officer)
    opinions.votes(item, "refuse", "refuse")
    again = committee.settle_item(
        item=item, outcome="refuse", reasons=["not_mature"], acting_user=officer
    )
    item.refresh_from_db()
    assert item.decision == again


def test_an_outcome_against_the_votes_needs_its_reason_and_a_tie_the_chair(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    session = opinions.sitting(site, [ready(site)], members=4)
    item = item_of(session)
    opinions.votes(item, "defer", "admit", "admit", "defer")
    assert (standing_of(item).result.outcome, standing_of(item).result.by_chair) == ("defer", True)
    with pytest.raises(VotesSayOtherwise):
        committee.settle_item(item=item, outcome="admit", acting_user=officer)
    chair = session.members.get(user=session.chair)
    committee.cast_vote(item=item, member=chair, ballot="abstain", acting_user=officer)
    assert standing_of(item).result.outcome == "admit"
    committee.note_presence(member=chair, present=False, acting_user=officer)
    # The substitute takes the chair's place, not the chair's voice.
    assert len(standing_of(item).ballots) == 4
    decision = committee.settle_item(
        item=item, outcome="waitlist", note="Plus de place.", acting_user=officer
    )
    assert decision.note == "Plus de place."
    assert sorted(item.votes.values_list("ballot", flat=True)) == [
        "abstain", "admit", "admit", "defer",
    ]  # fmt: skip


def test_conflicts_bring_substitutes_in_and_hide_item_and_votes(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    files = [ready(site), ready(site)]
    session = opinions.sitting(site, files)
    first, second, third, spare = session.members.order_by("id")
    item, other = session.agenda.all()
    opinions.votes(item, "admit", "admit", "admit")
    with pytest.raises(NotVoting):  # nobody is away
        committee.cast_vote(item=item, member=spare, ballot="admit", acting_user=spare.user)
    declare(application=files[0], conflicted=True, acting_user=second.user)
    assert not Vote.objects.filter(item=item, member=second).exists()
    assert [row.member for row in standing_of(item).ballots] == [first, third, spare]
    assert standing_of(item).quorate
    committee.cast_vote(item=item, member=spare, ballot="refuse", acting_user=spare.user)
    with pytest.raises(InConflict):
        committee.cast_vote(item=item, member=second, ballot="admit", acting_user=second.user)
    with pytest.raises(NotVoting):  # nor by the secretary's hand
        committee.cast_vote(item=item, member=second, ballot="admit", acting_user=officer)
    with pytest.raises(NotAllowed):  # a member keeps no minutes
        committee.cast_vote(item=other, member=first, ballot="admit", acting_user=third.user)
    stranger = Member(session=session, user=opinions.reviewer(site), pk=0)
    with pytest.raises(NotSeated):
        committee.cast_vote(item=other, member=stranger, ballot="admit", acting_user=stranger.user)
    assert [row.item for row in agenda(session, second.user)] == [other]
    chair = session.chair
    with django_assert_num_queries(4):
        assert [row.item for row in agenda(session, chair)] == [item, other]
    with pytest.raises(ConflictStands):
        declare(application=files[0], conflicted=False, acting_user=second.user)
    # A second conflict: no substitute is left, and the quorum is sunk for this file alone.
    declare(application=files[0], conflicted=True, acting_user=third.user)
    with pytest.raises(QuorumMissing):
        committee.settle_item(item=item, outcome="admit", acting_user=officer)
    assert standing_of(other).quorate
    declare(application=files[1], conflicted=True, acting_user=officer)
    opinions.votes(other, "admit", "admit")
    with pytest.raises(InConflict):
        committee.settle_item(item=other, outcome="admit", acting_user=officer)


def test_who_voted_on_what_is_settled_stays_though_they_leave(site: Site) -> None:
    session = opinions.sitting(site, [ready(site), ready(site)])
    item, other = session.agenda.all()
    opinions.votes(item, "admit", "admit")
    committee.settle_item(item=item, outcome="admit", acting_user=None)
    last = session.members.filter(substitute=False).latest("id")
    committee.note_presence(member=last, present=False, acting_user=None)
    item.refresh_from_db()
    assert last in [row.member for row in standing_of(item).ballots]
    assert last not in [row.member for row in standing_of(other).ballots]
    with pytest.raises(BadSession):
        committee.remove_member(member=last, acting_user=None)
    with pytest.raises(SessionClosed):
        agendas.remove_from_agenda(item=item, acting_user=None)
    agendas.remove_from_agenda(item=other, acting_user=None)
    assert list(session.agenda.all()) == [item]


def test_the_chair_alone_signs_a_closed_session_once(site: Site) -> None:
    session = opinions.sitting(site, [ready(site)])
    chair = session.chair
    with pytest.raises(SessionClosed):
        sign_minutes(session=session, acting_user=chair)
    opinions.closed(session)
    with pytest.raises(NotTheChair):
        sign_minutes(session=session, acting_user=scene.staff(Role.DIRECTOR))
    signed = sign_minutes(session=session, acting_user=chair)
    again = sign_minutes(session=session, acting_user=chair)
    assert (again.minutes.name, again.minutes_sha256) == (
        signed.minutes.name,
        signed.minutes_sha256,
    )
    assert default_storage.exists(str(signed.minutes.name))


WRITES = (
    "UPDATE applications_session SET remarks = 'x' WHERE id = {session}",
    "UPDATE applications_session SET state = 'planned' WHERE id = {session}",
    "UPDATE applications_session SET minutes_sha256 = 'x' WHERE id = {session}",
    "UPDATE applications_member SET present = false WHERE session_id = {session}",
    "INSERT INTO applications_member (session_id, user_id, substitute, present)"
    " SELECT {session}, user_id, false, true FROM sites_membership"
    " WHERE user_id NOT IN (SELECT user_id FROM applications_member) LIMIT 1",
    "UPDATE applications_agendaitem SET discussion = 'x' WHERE session_id = {session}",
    "INSERT INTO applications_agendaitem (session_id, application_id, position, discussion)"
    " SELECT {session}, id, 9, '' FROM applications_application"
    " WHERE id NOT IN (SELECT application_id FROM applications_agendaitem) LIMIT 1",
    "UPDATE applications_vote SET ballot = 'refuse' WHERE item_id = {item}",
    "DELETE FROM applications_vote WHERE item_id = {item}",
    "DELETE FROM applications_agendaitem WHERE session_id = {session}",
    "DELETE FROM applications_member WHERE session_id = {session}",
    "DELETE FROM applications_session WHERE id = {session}",
)


def test_a_signed_session_is_frozen_for_raw_sql_too(site: Site) -> None:
    session = opinions.sitting(site, [ready(site)])
    opinions.votes(item_of(session), "admit")
    scene.application(site)
    opinions.reviewer(site)
    writes = [row.format(session=session.pk, item=item_of(session).pk) for row in WRITES]
    with connection.cursor() as cursor:
        with transaction.atomic():
            for write in writes:  # each does something, as long as nobody has signed
                cursor.execute(write)
                assert cursor.rowcount > 0, write
            transaction.set_rollback(True)
        opinions.closed(session)
        sign_minutes(session=session, acting_user=session.chair)
        for write in writes:
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                cursor.execute(write)
    with pytest.raises(SessionClosed):
        committee.note_remarks(session=session, words="x", acting_user=None)


def test_a_conflict_takes_back_the_vote_on_what_was_settled_and_revoked(site: Site) -> None:
    session = opinions.sitting(site, [ready(site)], members=2, substitutes=0, quorum=1)
    item = item_of(session)
    opinions.votes(item, "admit", "admit")
    committee.settle_item(item=item, outcome="admit", acting_user=None)
    revoke_decision(application=item.application, reason="x", acting_user=None)
    first, second = session.members.order_by("id")
    declare(application=item.application, conflicted=True, acting_user=second.user)
    assert list(Vote.objects.values_list("member", flat=True)) == [first.pk]
