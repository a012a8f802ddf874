"""Who can sign in to the demo and how: read by the loader, the demo's page and the banner of
`make run`, so without any model."""

from collections.abc import Iterator
from typing import Final

from accounts.choices import Role

DOMAIN: Final = "demo.technopark.example"
DEMO_PASSWORD: Final = "technopark demo 2026"  # noqa: S105  for everybody to read
# Fixed, so that an authenticator app set up once works with every new demo.
DEMO_TOTP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

# A partner's portal, for REST: fixed for the same reason.
DEMO_PARTNER: Final = f"portail@incubateur.{DOMAIN}"
DEMO_PARTNER_NAME: Final = "Incubateur Demo"
DEMO_PARTNER_TOKEN: Final = "technopark-demo-partner-2026"  # noqa: S105

_SITE_OF: Final = {
    Role.SITE_MANAGER: "CAS",
    Role.ADMISSIONS_OFFICER: "CAS",
    Role.REVIEWER: "CAS",
}


def sign_ins() -> Iterator[tuple[str, Role, str | None]]:
    """(e-mail, role, the site's code or None for the network)."""
    for role in Role:
        yield f"{role}@{DOMAIN}", role, _SITE_OF.get(role)
