"""The demo's sign-ins: one person per role. Only ever loaded on embedded services."""

from collections.abc import Iterator
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP

from accounts.choices import Role
from sites.models import Site
from sites.services.people import create_staff

DOMAIN: Final = "demo.technopark.example"
DEMO_PASSWORD: Final = "technopark demo 2026"  # noqa: S105  for everybody to read
# Fixed, so that an authenticator app set up once works with every new demo.
DEMO_TOTP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

_SITE_OF: Final = {
    Role.SITE_MANAGER: "CAS",
    Role.ADMISSIONS_OFFICER: "CAS",
    Role.REVIEWER: "CAS",
}


def sign_ins() -> Iterator[tuple[str, Role, str | None]]:
    """(e-mail, role, the site's code or None for the network)."""
    for role in Role:
        yield f"{role}@{DOMAIN}", role, _SITE_OF.get(role)


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
