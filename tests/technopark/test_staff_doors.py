"""Who gets into the staff site at all, and by which door."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from core.models import Message
from sites.services.people import create_staff
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough demo phrase"

# Shown inside the page of what they belong to.
INLINE = {
    "accounts.savedfilter",
    "applications.agendaitem",
    "applications.coapplicant",
    "applications.criterion",
    "applications.decision",
    "applications.declaration",
    "applications.document",
    "applications.informationrequest",
    "applications.member",
    "applications.placemove",
    "applications.question",
    "applications.reading",
    "applications.remark",
    "applications.review",
    "applications.score",
    "applications.transition",
    "applications.vote",
    "applications.wanteddocument",
    "billing.allocation",
    "billing.certificate",
    "billing.chequestep",
    "billing.dunningletterline",
    "billing.exportedpiece",
    "billing.invoiceline",
    "billing.invoicepaper",
    "billing.journalexport",
    "billing.monthclosing",
    "billing.receipt",
    "billing.refund",
    "billing.runitem",
    "billing.vatreturn",
    "leases.charge",
    "leases.consumption",
    "leases.depositentry",
    "leases.discount",
    "leases.handoveritem",
    "leases.handoverkey",
    "leases.handoverphoto",
    "leases.leasedocument",
    "leases.meterreading",
    "leases.notice",
    "leases.settlementevidence",
    "leases.settlementline",
    "leases.signedcopy",
    "sites.lettableperiod",
    "sites.measure",
    "sites.rateplanstep",
    "sites.sitecapacity",
    "sites.vatrule",
    "sites.webhookattempt",
    "tenants.contact",
    "tenants.declaration",
    "tenants.formeridentity",
    "tenants.milestone",
    "tenants.presence",
}
# Of the packages' records people manage accounts, second factors and tokens, on our pages.
NOT_OURS = {
    # Jobs' and services' own notebooks.
    "applications.digest",
    "applications.searchentry",
    "billing.billedperiod",
    "billing.settled",
    "indicators.snapshotrun",
    "indicators.touched",
    # On the page of reports.
    "indicators.report",
    "indicators.reportsubscription",
    "sites.idempotentreply",
    # Kept on the page of journals.
    "billing.journallayout",
    # Told where they matter: on the pages of confirming, of comparing, in the request's text.
    "applications.ineligibility",
    "applications.legalhold",
    "applications.revision",
    "applications.requesteditem",
    "tenants.succession",
    "account.emailaddress",
    "account.emailconfirmation",
    "admin.logentry",
    "auth.group",
    "auth.permission",
    "contenttypes.contenttype",
    "django_celery_beat.clockedschedule",
    "django_celery_beat.periodictasks",
    "django_celery_beat.solarschedule",
    "knox.authtoken",
    "mfa.authenticator",
    "pghistory.context",
    "pghistory.events",
    "pghistory.middlewareevents",
    "sessions.session",
}


def _member(email: str) -> User:
    return create_staff(
        email=email,
        name="Demo",
        password=PASSWORD,
        memberships=[(Role.DIRECTOR, None)],
        acting_user=None,
    )


def test_every_model_has_its_pages_or_a_reason_not_to() -> None:
    known = {model._meta.label_lower for model in admin.site._registry} | INLINE | NOT_OURS
    missing = {
        model._meta.label_lower
        for model in apps.get_models()
        if not model._meta.label.endswith("Event") and not model._meta.proxy  # a link's history
    } - known
    assert missing == set()


def test_only_staff_with_a_second_factor_come_in() -> None:
    index = reverse("admin:index")
    sign_in = f"{reverse('admin:login')}?next={index}"
    assert Client().get(index).headers["Location"] == sign_in
    applicant = User.objects.create_user("applicant@example.org")
    assert doors.signed_in(applicant).get(index).headers["Location"] == sign_in
    halfway = doors.signed_in(scene.staff(Role.DIRECTOR), second_factor=False)
    assert halfway.get(index).headers["Location"] == reverse("mfa_activate_totp")
    assert doors.staff_client(Role.DIRECTOR).get(index).status_code == 200


def test_the_admins_own_form_signs_nobody_in() -> None:
    """A signed-in colleague must not become another by a password without the second factor."""
    other = _member("other@example.org")
    TOTP.activate(other, generate_totp_secret())
    login = reverse("admin:login")
    for client in (Client(), doors.staff_client(Role.REVIEWER)):
        before = client.session.get("_auth_user_id")
        answer = client.post(login, {"username": other.email, "password": PASSWORD, "next": "/"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))
        assert client.session.get("_auth_user_id") == before


def test_a_password_alone_opens_nothing() -> None:
    user = _member("staff@example.org")
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_no_code_by_mail_for_staff() -> None:
    """The page answers as for anybody; the letter says to use the password, and holds no code."""
    user = _member("staff@example.org")
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    kept = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    assert "code" not in kept
    client.post(reverse("account_login"), {"login": user.email})
    assert Message.objects.count() == 1


def test_signing_out_takes_a_post() -> None:
    client = doors.staff_client(Role.DIRECTOR)
    assert client.get(reverse("admin:logout")).headers["Location"] == reverse("account_logout")
    assert client.get(reverse("admin:index")).status_code == 200
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_scripts_may_be_evaluated_on_the_staff_site_only() -> None:
    client = doors.staff_client(Role.DIRECTOR)
    staff = client.get(reverse("admin:index")).headers["Content-Security-Policy"]
    public = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in staff
    assert "unsafe-eval" not in public


@pytest.mark.parametrize(("code", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_the_language_is_chosen_and_kept(code: str, direction: str) -> None:
    client = doors.staff_client(Role.DIRECTOR)
    index = reverse("admin:index")
    client.post(reverse("set_language"), {"language": code, "next": index})
    page = client.get(index).content.decode()
    assert f'<html lang="{code}" dir="{direction}"' in page


def test_the_search_finds_what_the_user_may_see() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    scene.office(here, code="SUN1")
    scene.office(there, code="SUN2")
    client = doors.staff_client(Role.SITE_MANAGER, here)
    page = client.get(reverse("admin:search"), {"s": "\0sun", "extended": "1"}).content.decode()
    assert "SUN1" in page
    assert "SUN2" not in page
    assert client.get(reverse("admin:search"), {"s": " "}).content == b""


def test_the_side_bar_shows_what_a_role_works_on() -> None:
    page = doors.staff_client(Role.REVIEWER).get(reverse("admin:index")).content.decode()
    assert reverse("admin:sites_site_changelist") in page
    assert reverse("admin:sites_space_changelist") not in page
    assert reverse("admin:accounts_user_changelist") not in page
