"""A passkey is a second factor too: Chromium's virtual authenticator holds the key."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from sites.services.people import create_staff
from tests.browser.watch import Watch, shot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "a long enough demo phrase"


def test_a_passkey_opens_the_staff_site(page: Page, live_server: LiveServer) -> None:
    user = create_staff(
        email="director@example.org",
        name="Directrice Demo",
        password=PASSWORD,
        memberships=[(Role.DIRECTOR, None)],
        acting_user=None,
    )
    base = live_server.url
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    watch = Watch(page, base)
    page.goto(base + reverse("admin:index"))
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form", has=page.locator("input[name=password]")).locator(
        "[type=submit]"
    ).first.click()
    page.wait_for_url(base + reverse("mfa_activate_totp"))
    shot(page, "passkey_1_activate")
    page.locator(f"a[href='{reverse('mfa_add_webauthn')}']").click()
    shot(page, "passkey_2_add")
    page.fill("input[name=name]", "Ordinateur de bureau")
    page.check("input[name=passwordless]")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_load_state()
    page.wait_for_url(base + reverse("mfa_view_recovery_codes"))
    shot(page, "passkey_3_added")
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1
    page.goto(base + reverse("admin:index"))
    expect(page).to_have_url(base + reverse("admin:index"))

    page.goto(base + reverse("account_logout"))
    page.locator("main form [type=submit]").click()
    page.goto(base + reverse("account_login"))
    shot(page, "passkey_4_login")
    page.locator("#passkey_login").click()
    page.wait_for_url(base + reverse("admin:index"))
    assert watch.complaints == []
    assert watch.strangers == []
