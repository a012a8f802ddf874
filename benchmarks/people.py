"""Who asks: the demo's director."""

from django.conf import settings
from django.test import Client

from accounts.choices import Role
from accounts.models import User
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


def director_session() -> str:
    """The session of a browser in which the director passed both doors."""
    user = User.objects.get(email=f"{Role.DIRECTOR}@{DOMAIN}")
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
