"""The demo's people: one per role. Only ever loaded on embedded services."""

from allauth.mfa.totp.internal.auth import TOTP

from sites.models import Site
from sites.services.people import create_staff
from technopark.demo.sign_ins import DEMO_PASSWORD, DEMO_TOTP_SECRET, sign_ins


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
