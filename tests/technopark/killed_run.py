"""`python -m tests.technopark.killed_run LEASES` prepares the database for runs that are killed.

Two sites, each of a lessor of its own, with the same leases: at one the run is left alone, at the
other it is disturbed. The tenants of the second have somebody who receives invoices. Prints a
director's token as JSON.
"""

import datetime as dt
import json
import sys
from typing import Final

CALM, STORM = "CALM", "STORM"
MONTHS: Final = [dt.date(2026, month, 1) for month in range(1, 7)]
"""Those that may be billed, from the billing start on."""


def _prepare(leases: int) -> None:
    from django.core.management import call_command

    from accounts.choices import Role
    from tests.factories import clients, scene

    call_command("migrate", interactive=False, verbosity=0)
    for code in (CALM, STORM):
        _site(code, leases)
    token = clients.token_of(scene.staff(Role.DIRECTOR), read_only=False)
    print(json.dumps({"token": token}))  # noqa: T201  the caller reads it


def _site(code: str, leases: int) -> None:
    from billing.services.settings import set_billing
    from core.periods import Period
    from leases.services.importing import LeaseImporter
    from sites.models import Lessor, Site, VatRule
    from tenants.models import Company, Contact
    from tests.factories.files import imported
    from tests.factories.scene import MARKS

    ever = Period(dt.date(2015, 1, 1))
    lessor = Lessor.objects.create(
        code=code.lower(), name=f"Bailleur {code}", legal_form="SA", **MARKS
    )
    VatRule.objects.create(lessor=lessor, subject="office", period=ever, rate=20)
    VatRule.objects.create(lessor=lessor, subject="service", period=ever, rate=20)
    site = Site.objects.create(
        code=code, lessor=lessor, name_fr=code, name_ar=code, name_en=code, city=code,
        opened_on=ever.start,
    )  # fmt: skip
    set_billing(site=site, starts_on=MONTHS[0], acting_user=None)
    rows = ["number;site;company;space;start;end;rate_per_m2;kind"]
    rows += [
        f"{code}/{number:05};{code};{code} Demo {number:05};;2026-01-01;;"
        f"{300 + number % 97};domiciliation"
        for number in range(leases)
    ]
    imported(LeaseImporter(create_companies=True), "\n".join(rows))
    if code == STORM:
        tenants = Company.objects.filter(name__startswith=STORM)
        Contact.objects.bulk_create(
            Contact(
                company=one, name="Facturation", email=f"{one.pk}@example.org", for_billing=True
            )
            for one in tenants
        )


if __name__ == "__main__":
    import django

    django.setup()
    _prepare(int(sys.argv[1]))
