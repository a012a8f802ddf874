"""What became of a company: said once, put right by a newer one, and what it settles."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from accounts.models import User
from core.errors import DomainError, NotAllowed
from sites.models import Site
from tenants.choices import DeclaredStatus, SaidBy
from tenants.errors import BadDeclaration, DeclarationReplaced
from tenants.following import Departure
from tenants.models import Declaration, FollowUp, Milestone
from tenants.services import merge_companies, note_presence
from tenants.services.declarations import Evidence, Said, answer, declare
from tenants.services.departures import note_departures
from tenants.services.milestones import tick
from tests.factories import scene, uploads

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
LEFT = dt.date(2024, 9, 30)


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> User:
    return scene.staff(Role.SITE_MANAGER, site)


@pytest.fixture
def gone(site: Site) -> FollowUp:
    """A company that left on 30 September 2024."""
    return left(site, LEFT)


def left(site: Site, day: dt.date) -> FollowUp:
    company = scene.company()
    note_presence(company=company, site=site, acting_user=None)
    note_departures(left={company.pk: Departure(site.pk, day)}, acting_user=None)
    return FollowUp.objects.get(company=company)


def said(status: str = "trading", on: dt.date = TODAY, **more: object) -> Said:
    return Said(on=on, status=status, **more)  # type: ignore[arg-type]


def done(follow_up: FollowUp) -> list[tuple[int, int | None]]:
    """Each milestone's months, with the declaration that settled it (0: by hand)."""
    rows = Milestone.objects.filter(follow_up=follow_up).exclude(done_at=None)
    return [(row.months, row.declaration_id or 0) for row in rows]


def closing(follow_up: FollowUp) -> str:
    follow_up.refresh_from_db()
    return follow_up.closing


def test_a_company_that_trades_settles_the_milestones_that_are_past(
    gone: FollowUp, manager: User
) -> None:
    early = declare(company=gone.company, said=said(on=dt.date(2026, 3, 31)), acting_user=manager)
    assert done(gone) == [], "18 months are over on 1 April"
    unknown = declare(company=gone.company, said=said("unknown"), acting_user=manager)
    assert done(gone) == [], "unknown tells nothing"
    made = declare(
        company=gone.company,
        said=said(on=dt.date(2026, 4, 1), headcount=12, evidence="Registre"),
        acting_user=manager,
    )
    assert done(gone) == [(18, made.pk)]
    later = declare(company=gone.company, said=said(), acting_user=manager)
    assert done(gone) == [(18, made.pk), (24, later.pk)]
    facts = Declaration.objects.values_list(
        "pk", "follow_up", "on", "status", "headcount", "evidence", "said_by", "acting_user"
    )
    assert set(facts) == {
        (early.pk, gone.pk, dt.date(2026, 3, 31), "trading", None, "", "staff", manager.pk),
        (unknown.pk, gone.pk, TODAY, "unknown", None, "", "staff", manager.pk),
        (made.pk, gone.pk, dt.date(2026, 4, 1), "trading", 12, "Registre", "staff", manager.pk),
        (later.pk, gone.pk, TODAY, "trading", None, "", "staff", manager.pk),
    }
    assert closing(gone) == ""


def test_a_company_that_is_no_more_settles_all_until_that_is_put_right(
    gone: FollowUp, manager: User
) -> None:
    closed = declare(
        company=gone.company, said=said("closed", dt.date(2025, 1, 1)), acting_user=manager
    )
    assert done(gone) == [(18, closed.pk), (24, closed.pk), (60, closed.pk)]
    assert closing(gone) == "nothing_more"
    right = declare(company=gone.company, said=said(), replaces=closed, acting_user=manager)
    assert done(gone) == [(18, right.pk), (24, right.pk)]
    assert closing(gone) == ""
    with pytest.raises(DeclarationReplaced):
        declare(company=gone.company, said=said("acquired"), replaces=closed, acting_user=manager)
    assert list(Declaration.objects.in_force()) == [right]


def test_a_milestone_is_ticked_by_hand_and_again_not(gone: FollowUp, manager: User) -> None:
    for milestone in gone.milestones.all():
        tick(milestone=milestone, done=True, acting_user=manager)
    assert done(gone) == [(18, 0), (24, 0), (60, 0)]
    assert closing(gone) == "nothing_more"
    declare(company=gone.company, said=said(), acting_user=manager)
    assert done(gone) == [(18, 0), (24, 0), (60, 0)], "what a person said stays"
    tick(milestone=Milestone.objects.get(months=24), done=False, acting_user=manager)
    made = Declaration.objects.get()
    assert done(gone) == [(18, 0), (24, made.pk), (60, 0)]


@pytest.mark.usefixtures("media")
def test_the_company_puts_its_own_answer_right_and_says_the_same_once(gone: FollowUp) -> None:
    first = answer(follow_up=gone, said=said(headcount=3), file=_file())
    assert answer(follow_up=gone, said=said(headcount=3)) == first
    second = answer(follow_up=gone, said=said(headcount=4))
    assert second.replaces == first
    assert (second.said_by, second.acting_user) == (SaidBy.COMPANY, None)
    assert (second.file.name, second.sha256) == (first.file.name, first.sha256), "still shown"
    with time_machine.travel(NOW + dt.timedelta(days=365), tick=False):
        third = answer(follow_up=gone, said=said(on=dt.date(2027, 11, 1)))
    assert third.replaces is None, "a year later it is another answer"
    with pytest.raises(BadDeclaration):
        answer(follow_up=gone, said=said("unknown"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (said(on=TODAY + dt.timedelta(days=1)), "on"),
        (said(on=dt.date(1989, 12, 31)), "on"),
        (said("sold"), "status"),
        (said(headcount=-1), "headcount"),
        (said(evidence="x" * 1001), "evidence"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(gone: FollowUp, wrong: Said, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        answer(follow_up=gone, said=wrong)
    assert refusal.value.field == field
    with pytest.raises(DomainError) as refusal:
        declare(company=gone.company, said=wrong, acting_user=None)
    assert refusal.value.field == field
    assert not Declaration.objects.exists()


def test_who_is_still_there_is_declared_by_staff_of_its_sites_alone(
    site: Site, manager: User
) -> None:
    company = scene.company()
    note_presence(company=company, site=site, acting_user=None)
    made = declare(company=company, said=said(), acting_user=manager)
    assert made.follow_up is None
    for user in (
        scene.staff(Role.AUDITOR),
        scene.staff(Role.SITE_MANAGER, scene.site("RAB")),
        scene.staff(Role.REVIEWER, site),
    ):
        with pytest.raises(NotAllowed):
            declare(company=company, said=said(), acting_user=user)
    seen = [
        Declaration.objects.visible_to(user).count()
        for user in (manager, scene.staff(Role.AUDITOR), scene.staff(Role.REVIEWER, site))
    ]
    assert seen == [1, 1, 0]


def test_a_declaration_never_changes_and_a_merge_moves_it(
    gone: FollowUp, site: Site, manager: User
) -> None:
    made = declare(company=gone.company, said=said("acquired"), acting_user=manager)
    for change in ({"status": DeclaredStatus.CLOSED}, {"on": LEFT}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Declaration.objects.filter(pk=made.pk).update(**change)
    Milestone.objects.all().delete()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        made.delete()
    keep = scene.company()
    note_presence(company=keep, site=site, acting_user=None)
    merge_companies(keep=keep, duplicate=gone.company, acting_user=manager)
    made.refresh_from_db()
    gone.refresh_from_db()
    assert (made.company, gone.company) == (keep, keep)


def _file() -> Evidence:
    data = uploads.pdf()
    return Evidence(BytesIO(data), "attestation.pdf", len(data))
