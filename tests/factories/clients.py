"""REST clients with a token."""

from collections.abc import Iterable

from django.test import Client

from accounts.choices import Role
from accounts.models import User
from sites.choices import ClientKind
from sites.models import Site
from sites.services.people import issue_token
from tests.factories import scene


def token(
    role: Role,
    where: Site | None = None,
    *,
    limited_to: Iterable[Site] = (),
    read_only: bool = True,
) -> str:
    """A token of a member of staff with one role."""
    return token_of(scene.staff(role, where), limited_to=limited_to, read_only=read_only)


def token_of(user: User, *, limited_to: Iterable[Site] = (), read_only: bool = True) -> str:
    return issue_token(
        email=user.email,
        client="test",
        days=1,
        sites=limited_to,
        read_only=read_only,
        acting_user=None,
    )


def client(role: Role, where: Site | None = None, *, limited_to: Iterable[Site] = ()) -> Client:
    return _with(token(role, where, limited_to=limited_to))


def writer(role: Role, where: Site | None = None) -> Client:
    """A client that may write what its role may."""
    return _with(token(role, where, read_only=False))


def writer_of(user: User) -> Client:
    return _with(token_of(user, read_only=False))


def reader_of(user: User) -> Client:
    return _with(token_of(user))


def partner(email: str, *sites: Site, read_only: bool = False) -> Client:
    """A partner's portal, at these sites or all."""
    return _with(partner_token(email, *sites, read_only=read_only))


def partner_token(email: str, *sites: Site, read_only: bool = False) -> str:
    return issue_token(
        email=email,
        client=f"Portal of {email}",
        days=1,
        sites=sites,
        read_only=read_only,
        acting_user=None,
        kind=ClientKind.PARTNER,
    )


def _with(secret: str) -> Client:
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})
