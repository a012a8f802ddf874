"""Who asks: the demo's director, and others of its staff."""

from django.conf import settings
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from benchmarks.measuring import Browser
from sites.services.people import issue_token
from technopark.demo.sign_ins import DOMAIN


def director_token() -> str:
    """A fresh REST token that sees the network."""
    return issue_token(
        email=f"{Role.DIRECTOR}@{DOMAIN}",
        client="bench",
        days=1,
        sites=(),
        read_only=True,
        acting_user=None,
    )


def person(role: Role) -> User:
    """The demo's only bearer of the role."""
    return User.objects.get(email=f"{role}@{DOMAIN}")


def signed_in(role: Role = Role.DIRECTOR) -> Browser:
    """A browser in which the person passed both doors."""
    client = Client()
    client.force_login(person(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Browser({"cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
