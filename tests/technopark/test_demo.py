"""The demo: loaded once, into an empty database only."""

import io

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import User
from sites.models import Membership, Site
from technopark.demo.people import DEMO_PASSWORD

pytestmark = pytest.mark.django_db


def test_one_person_per_role_with_a_second_factor_and_never_twice() -> None:
    call_command("load_demo", stdout=io.StringIO())
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert Site.objects.count() == 4
    for user in User.objects.all():
        assert user.check_password(DEMO_PASSWORD)
        assert is_mfa_enabled(user)
    call_command("load_demo", if_empty=True, stdout=io.StringIO())
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demo", stdout=io.StringIO())
    assert User.objects.count() == len(Role)
