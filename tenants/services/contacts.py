"""Who is written to at a company."""

from typing import Any

from accounts.models import User
from core.history import recorded
from tenants.models import Company, Contact


def keep_contact(
    *, company: Company, name: str, email: str, phone: Any, acting_user: User | None
) -> Contact:
    """Somebody of the company, unless it has the address already; the first is sent its invoices.

    What follows from an application that became a lease, whoever acts: nobody's right is asked for.
    """
    with recorded(acting_user):
        # Two of its leases can begin at the same moment.
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
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
