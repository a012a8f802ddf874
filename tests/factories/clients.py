"""REST clients with a token."""

from collections.abc import Iterable

from django.test import Client

from accounts.choices import Role
from sites.models import Site
from sites.services.people import issue_token
from tests.factories import scene


def token(role: Role, where: Site | None = None, *, limited_to: Iterable[Site] = ()) -> str:
    """A token of a member of staff with one role."""
    user = scene.staff(role, where)
    return issue_token(
        email=user.email,
        client="test",
        days=1,
        sites=limited_to,
        read_only=True,
        acting_user=None,
    )


def client(role: Role, where: Site | None = None, *, limited_to: Iterable[Site] = ()) -> Client:
    secret = token(role, where, limited_to=limited_to)
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})
