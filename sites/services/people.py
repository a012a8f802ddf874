"""Staff accounts, second factors, clients' tokens."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from core import messages
from core.errors import DomainError
from core.history import recorded
from sites.choices import ClientKind
from sites.models import ClientToken, Membership, Site
from sites.permissions import require_somewhere

MOST_TOKEN_DAYS: Final = 3650
"""Ten years: a client's token is for a time."""


class AddressTaken(DomainError):
    code = "address_taken"
    text = gettext_lazy("%(email)s already has an account.")
    field = "email"


class OwnAccount(DomainError):
    code = "own_account"
    text = gettext_lazy("You cannot close or open your own account: ask another administrator.")


class NoPartner(DomainError):
    code = "no_partner"
    text = gettext_lazy(
        "%(email)s is a member of staff: give an address of the partner's, its account is its own."
    )
    field = "email"


class UnknownPerson(DomainError):
    code = "unknown_person"
    text = gettext_lazy("Nobody has an account under %(email)s.")
    status = 404
    field = "email"


def create_staff(
    *,
    email: str,
    name: str,
    password: str,
    memberships: Iterable[tuple[Role, Site | None]],
    acting_user: User | None,
    language: str = "fr",
) -> User:
    """An account for a member of staff; the second factor is set up at the first sign-in.

    Raises AddressTaken, NotAllowed, ValidationError for a weak password.
    """
    require_somewhere(acting_user, Action.ADD, "user")
    email = email.strip().lower()
    with recorded(acting_user):
        if User.objects.filter(email=email).exists():
            raise AddressTaken(email=email)
        validate_password(password, User(email=email, name=name))
        user = User.objects.create_user(
            email, password, name=name, language=language, is_staff=True
        )
        # An administrator vouches for the address: no confirmation is asked.
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        for role, site in memberships:
            Membership.objects.create(user=user, role=role, site=site)
    return user


def account_of_applicant(*, email: str, name: str, language: str) -> User:
    """The account an applicant opens with a code; one that exists is left as it is."""
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name, language=language)
            # allauth confirms it by the first sign-in code instead of asking for a second one.
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:
        return User.objects.get(email=email)  # made at the same moment, in another window
    return user


def reset_second_factor(*, email: str, reason: str, acting_user: User | None) -> int:
    """Remove every second factor of a person who lost theirs, and tell them. Returns how many.

    They set up a new one before they can do anything else. Raises UnknownPerson, NotAllowed.
    """
    require_somewhere(acting_user, Action.CHANGE, "user")
    user = person(email)
    with recorded(acting_user, reason=reason):
        removed: int = Authenticator.objects.filter(user=user).delete()[0]
        # The account's own row marks when, so that its history tells who and why.
        user.second_factor_reset_at = timezone.now()
        user.save(update_fields=["second_factor_reset_at"])
        with translation.override(user.language):
            messages.queue(
                to=user.email,
                subject=_("Your second factor was reset"),
                body=_(
                    "Your second factor was removed. Set up a new one at your next sign-in. "
                    "If you did not ask for this, tell an administrator at once."
                ),
                language=user.language,
            )
    return removed


def issue_token(
    *,
    email: str,
    client: str,
    days: int,
    sites: Iterable[Site],
    read_only: bool,
    acting_user: User | None,
    kind: str = ClientKind.PERSON,
) -> str:
    """A REST client's token, shown this once; at most what its user may. Valid `days` days.

    A partner's account is made with its first token; the next ones for the same address reach
    the same files. Raises UnknownPerson, NoPartner, NotAllowed, ValueError for less than a day or
    more than ten years.
    """
    require_somewhere(acting_user, Action.ADD, "membership")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValueError(f"a token lasts from 1 to {MOST_TOKEN_DAYS} days")
    with recorded(acting_user):
        user = _partner(email, client) if kind == ClientKind.PARTNER else person(email)
        token, secret = AuthToken.objects.create(user=user, expiry=dt.timedelta(days=days))
        limits = list(sites)
        scope = ClientToken.objects.create(
            token=token, name=client, kind=kind, read_only=read_only, every_site=not limits
        )
        scope.sites.set(limits)
    return str(secret)


def revoke_token(*, token: ClientToken, acting_user: User | None) -> None:
    """The client's token opens nothing any more, at once. Raises NotAllowed."""
    require_somewhere(acting_user, Action.DELETE, "membership")
    with recorded(acting_user):
        token.token.delete()


def set_active(*, user: User, active: bool, reason: str, acting_user: User | None) -> User:
    """Close an account (its person can no longer sign in, its tokens go) or open it again.

    An account is never deleted: its name stands in the history. Raises NotAllowed, OwnAccount.
    """
    require_somewhere(acting_user, Action.CHANGE, "user")
    if acting_user is not None and acting_user.pk == user.pk:
        raise OwnAccount
    with recorded(acting_user, reason=reason):
        if not active:
            AuthToken.objects.filter(user=user).delete()
        user.is_active = active
        user.save(update_fields=["is_active"])
    return user


def _partner(email: str, name: str) -> User:
    """The account whose files a partner's program begins: nobody's on staff."""
    user = account_of_applicant(email=email.strip().lower(), name=name, language="fr")
    if user.is_staff or Membership.objects.filter(user=user).exists():
        raise NoPartner(email=user.email)
    return user


def person(email: str) -> User:
    """The account under an address. Raises UnknownPerson."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise UnknownPerson(email=email)
    return user
