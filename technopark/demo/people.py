"""The demo's people: one per role, and a partner's portal. Loaded on embedded services only."""

import datetime as dt

from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS

from sites.choices import ClientKind
from sites.models import ClientToken, Site
from sites.services.people import account_of_applicant, create_staff
from technopark.demo.sign_ins import (
    DEMO_PARTNER,
    DEMO_PARTNER_NAME,
    DEMO_PARTNER_TOKEN,
    DEMO_PASSWORD,
    DEMO_TOTP_SECRET,
    sign_ins,
)


def create_people() -> None:
    """Each with the demo's password and its second factor already set up."""
    for email, role, code in sign_ins():
        site = Site.objects.get(code=code) if code else None
        user = create_staff(
            email=email,
            name=f"Demo {role.label}",
            password=DEMO_PASSWORD,
            memberships=[(role, site)],
            acting_user=None,
        )
        TOTP.activate(user, DEMO_TOTP_SECRET)
    _partner()


def _partner() -> None:
    """As `issue_token` writes it, with a secret that everybody knows."""
    user = account_of_applicant(email=DEMO_PARTNER, name=DEMO_PARTNER_NAME, language="fr")
    token = AuthToken(
        digest=hash_token(DEMO_PARTNER_TOKEN),
        token_key=DEMO_PARTNER_TOKEN[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        expiry=timezone.now() + dt.timedelta(days=365),
    )
    token.save(force_insert=True)
    ClientToken.objects.create(
        token=token,
        name=DEMO_PARTNER_NAME,
        kind=ClientKind.PARTNER,
        every_site=True,
        read_only=False,
    )
