"""Signed-in clients of the staff site."""

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from applications.models import Application
from sites.models import Site
from tests.factories import scene

BACKEND = "sites.backends.SignInBackend"


def signed_in(user: User, *, second_factor: bool = True) -> Client:
    """A browser in which `user` is signed in; `second_factor` says whether they have one."""
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def applicant_client(file: Application) -> Client:
    """Whoever sent the application, signed in by e-mail code."""
    assert file.applicant is not None
    return signed_in(file.applicant, second_factor=False)


def staff_client(role: Role, where: Site | None = None) -> Client:
    """A member of staff with one role, through both doors."""
    return signed_in(scene.staff(role, where))
