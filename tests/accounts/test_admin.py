"""Accounts, roles, second factors and tokens from the staff site."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from accounts.choices import Role
from accounts.models import User
from core.models import Message
from sites.models import ClientToken, Membership
from sites.scopes import roles_of
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough demo phrase"


def _post(client: Client, route: str, user: User, **data: Any) -> Any:
    address = reverse(f"admin:accounts_user_{route}", args=(user.pk,))
    return client.post(f"{address}?lang=en", data)


def test_a_member_of_staff_is_added_with_a_first_role() -> None:
    here = scene.site("CAS")
    client = doors.staff_client(Role.ADMINISTRATOR)
    address = f"{reverse('admin:accounts_user_add')}?lang=en"
    data = {
        "email": "New@Example.org",
        "name": "New Person",
        "language": "ar",
        "password": "short",
        "role": "site_manager",
        "site": here.pk,
    }
    weak = client.post(address, data)
    assert weak.status_code == 200
    assert "This password is too short" in weak.content.decode()
    assert 'value="short"' not in weak.content.decode()
    assert User.objects.count() == 1
    assert client.post(address, {**data, "password": PASSWORD}).status_code == 302
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.language, user.is_staff) == ("New Person", "ar", True)
    assert user.check_password(PASSWORD)
    assert roles_of(user) == ((Role.SITE_MANAGER, here.pk),)
    assert EmailAddress.objects.get().verified
    twice = client.post(address, {**data, "email": "new@example.org", "password": PASSWORD})
    assert twice.status_code == 200
    assert list(twice.context["adminform"].form.errors) == ["email"]


def test_a_lost_telephone_is_told_and_recorded() -> None:
    user = scene.staff(Role.REVIEWER)
    TOTP.activate(user, generate_totp_secret())
    administrator = scene.staff(Role.ADMINISTRATOR)
    client = doors.signed_in(administrator)
    assert _post(client, "reset_factor", user, reason="lost").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert Message.objects.get().to == user.email
    page = client.get(reverse("admin:accounts_user_history", args=(user.pk,)), {"lang": "en"})
    newest = page.context["entries"][0]
    assert (newest.who, newest.reason) == (str(administrator), "lost")


@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_remove_webauthn"])
def test_the_last_second_factor_stays(page: str) -> None:
    """Asked for by the doors, it must not be one click away from being gone."""
    user = scene.staff(Role.AUDITOR)
    client = doors.signed_in(user)
    app = Authenticator.objects.get(user=user)
    key = Authenticator(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    if page == "mfa_remove_webauthn":
        app.delete()
        key.save()
    address = reverse(page, args=[key.pk] if page == "mfa_remove_webauthn" else [])
    for answer in (client.post(address), client.get(f"{address}?lang=en")):
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index"))
    shown = client.get(f"{reverse('mfa_index')}?lang=en").content.decode()
    assert "This is your only second factor: add another one first." in shown
    assert Authenticator.objects.filter(user=user).count() == 1
    other = Authenticator.Type.TOTP if page == "mfa_remove_webauthn" else key.type
    Authenticator.objects.create(user=user, type=other, data={"name": "Other", "secret": "x"})
    assert client.get(address).headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_an_account_is_closed_with_its_tokens_and_opened_again() -> None:
    user = scene.staff(Role.AUDITOR)
    theirs = doors.signed_in(user)
    AuthToken.objects.create(user=user)
    administrator = scene.staff(Role.ADMINISTRATOR)
    client = doors.signed_in(administrator)
    assert _post(client, "close", user, reason="left").status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert AuthToken.objects.count() == 0
    assert theirs.get(reverse("admin:index")).status_code == 302
    assert _post(client, "open_again", user, reason="back").status_code == 302
    assert User.objects.get(pk=user.pk).is_active
    own = _post(client, "close", administrator, reason="x")
    assert own.context["form"].errors == {
        "__all__": ["You cannot close or open your own account: ask another administrator."]
    }


def test_no_page_shows_a_password_or_deletes_an_account() -> None:
    user = User.objects.create_user("someone@example.org", PASSWORD, is_staff=True)
    client = doors.staff_client(Role.ADMINISTRATOR)
    page = client.get(reverse("admin:accounts_user_change", args=(user.pk,))).content.decode()
    assert user.password not in page
    assert 'name="password"' not in page
    assert client.post(reverse("admin:accounts_user_delete", args=(user.pk,))).status_code == 403
    rows = client.post(reverse("admin:accounts_user_export"), {"format": "0", "resource": "0"})
    assert user.email in rows.content.decode()
    assert user.password not in rows.content.decode()


def test_an_administrator_does_not_lock_themselves_out() -> None:
    one, other = scene.staff(Role.ADMINISTRATOR), scene.staff(Role.ADMINISTRATOR)
    client = doors.signed_in(one)
    for person, gone in ((one, False), (other, True)):
        role = person.memberships.get()
        address = reverse("admin:sites_membership_delete", args=(role.pk,))
        assert client.post(address, {"post": "yes"}).status_code == (302 if gone else 403)
        assert Membership.objects.filter(pk=role.pk).exists() is not gone
    own = one.memberships.get()
    # Whoever asks for the page is told why, and has no button there.
    asked = client.get(reverse("admin:sites_membership_delete", args=(own.pk,)))
    page = client.get(f"{asked['Location']}?lang=en")
    assert asked["Location"] == reverse("admin:sites_membership_change", args=(own.pk,))
    assert "is taken from you by another administrator" in page.content.decode()
    assert reverse("admin:sites_membership_delete", args=(own.pk,)) not in page.content.decode()
    page = client.get(reverse("admin:accounts_user_change", args=(one.pk,)))
    (roles,) = page.context["inline_admin_formsets"]
    assert (roles.has_add_permission, roles.has_change_permission) == (True, False)
    assert not roles.has_delete_permission
    assert one.memberships.get().role == Role.ADMINISTRATOR


def test_a_tokens_secret_is_shown_once() -> None:
    here = scene.site("CAS")
    user = scene.staff(Role.DIRECTOR)
    client = doors.staff_client(Role.ADMINISTRATOR)
    address = f"{reverse('admin:sites_clienttoken_add')}?lang=en"
    data = {"kind": "person", "email": user.email, "client": "BI", "days": "30", "sites": [here.pk]}
    unknown = client.post(address, {**data, "email": "nobody@example.org"})
    assert unknown.context["form"].errors == {
        "email": ["Nobody has an account under nobody@example.org."]
    }
    shown = client.post(address, data)
    secret = shown.context["secret"]
    token = ClientToken.objects.get()
    assert secret in shown.content.decode()
    assert (token.name, token.read_only, list(token.sites.all())) == ("BI", False, [here])
    for route in ("changelist", "change"):
        args = (token.pk,) if route == "change" else ()
        page = client.get(reverse(f"admin:sites_clienttoken_{route}", args=args))
        assert secret not in page.content.decode()
    revoked = client.post(
        reverse("admin:sites_clienttoken_delete", args=(token.pk,)), {"post": "yes"}
    )
    assert revoked.status_code == 302
    assert (AuthToken.objects.count(), ClientToken.objects.count()) == (0, 0)


def test_a_sites_auditor_sees_the_people_and_roles_of_that_site() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    mine, both = scene.staff(Role.REVIEWER, here), scene.staff(Role.REVIEWER, here)
    both.memberships.create(role=Role.REVIEWER, site=there)
    scene.staff(Role.REVIEWER, there)
    auditor = scene.staff(Role.AUDITOR, here)
    client = doors.signed_in(auditor)
    listed = client.get(reverse("admin:accounts_user_changelist")).context["cl"].result_list
    assert set(listed) == {mine, both, auditor}
    page = client.get(reverse("admin:accounts_user_change", args=(both.pk,)))
    (inline,) = page.context["inline_admin_formsets"]
    assert [row.site for row in inline.formset.get_queryset()] == [here]
    assert "Site RAB" not in page.content.decode()
    roles = client.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert "RAB" not in roles
