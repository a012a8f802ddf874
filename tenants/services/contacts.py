"""Who is written to at a company."""

from typing import Any, Final

from django.db import connection

from accounts.models import User
from core.history import recorded
from tenants.models import Company, Contact

_LOCK: Final = 5_120_805  # pg advisory lock: one for the companies of each of so many drawers
_DRAWERS: Final = 64


def keep_contact(
    *, company: Company, name: str, email: str, phone: Any, acting_user: User | None
) -> Contact:
    """Somebody of the company, unless it has the address already; the first is sent its invoices.

    What follows from an application that became a lease, whoever acts: nobody's right is asked for.
    """
    with recorded(acting_user):
        with connection.cursor() as cursor:
            # Two of its leases can begin at the same moment. Not the company's own lock: others
            # take that one before those of leases and files.
            drawer = company.pk % _DRAWERS
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, drawer])
        theirs = Contact.objects.filter(company=company)
        known = theirs.filter(email__iexact=email).order_by("pk").first()
        if known is not None:
            return known
        return Contact.objects.create(
            company=company,
            name=name,
            email=email,
            phone=phone,
            for_billing=not theirs.exists(),
        )
