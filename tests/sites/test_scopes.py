"""Action and site are checked as a pair; a token never reaches beyond its user."""

import pytest

from accounts.choices import Role
from accounts.models import User
from accounts.rights import MODELS, PARTNER, RIGHTS, Action
from leases.models import Lease
from sites.models import Membership, Site
from sites.permissions import can, refusal_of
from sites.scopes import Scope, TokenLimits, scope_of
from tests.factories import scene

pytestmark = pytest.mark.django_db


def test_a_reviewer_here_who_is_finance_officer_there_reads_no_lease_here() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    user = scene.staff(Role.REVIEWER, here)
    Membership.objects.create(user=user, role=Role.FINANCE_OFFICER, site=there)
    assert scope_of(user, Action.VIEW, "lease") == Scope(False, frozenset({there.pk}))
    verdict = can(user, Action.VIEW, "lease", here.pk)
    assert not verdict
    assert str(verdict.reason)
    assert set(Site.objects.visible_to(user)) == {here, there}
    assert Lease.objects.visible_to(user).count() == 0


def test_a_token_cuts_its_users_rights_down() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    user = scene.staff(Role.DIRECTOR)
    assert scope_of(user, Action.SIGN, "lease") == Scope(True)
    user = User.objects.get(pk=user.pk)
    user.token_limits = TokenLimits(frozenset({there.pk}), read_only=True)  # type: ignore[attr-defined]
    assert str(can(user, Action.SIGN, "lease", there.pk).reason) == "This token only reads."
    assert str(refusal_of(user, Action.SIGN).data["reason"]) == "This token only reads."
    assert can(user, Action.VIEW, "lease", there.pk)
    assert not can(user, Action.VIEW, "lease", here.pk)


def test_somebody_without_a_role_sees_nothing() -> None:
    scene.site()
    user = User.objects.create_user("nobody@example.org")
    assert list(Site.objects.visible_to(user)) == []


def test_the_table_names_only_roles_and_resources_that_exist() -> None:
    assert set(RIGHTS) == {*Role.values, PARTNER}
    for rights in RIGHTS.values():
        assert set(rights) <= set(MODELS)


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    assert set(RIGHTS["auditor"]) == set(MODELS) - {"begun"}
    assert set().union(*RIGHTS["auditor"].values()) == {Action.VIEW, Action.EXPORT}
