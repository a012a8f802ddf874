"""Meter readings become charges of leases that the next run bills, each once."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from accounts.choices import Role
from billing.models import Invoice
from billing.services.importing import ReadingImporter
from core.errors import NotAllowed
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Charge, Consumption, Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.exits import end_lease
from leases.services.reversals import take_back_end
from sites.models import Site
from tests.factories import bills, scene, tenancies
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

START = dt.date(2026, 10, 1)
NOVEMBER = dt.date(2026, 11, 1)
READINGS = ReadingImporter()
HEAD = "lease;meter;kind;previous_on;previous;read_on;reading;replaced;quantity;price\n"
FIRST = HEAD + "L1;12345;électricité;01/10/2026;1204;31/10/2026;1310;;;1,45\n"
SAID = "Electricity, meter 12345, 1,204 → 1,310 kWh at 1.45\u00a0MAD"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 3, 9), tick=False):
        yield


@pytest.fixture
def lease() -> Lease:
    site = bills.site(starts_on=START)
    company = scene.company(language="en")
    made = tenancies.active(site, scene.office(site), company=company, start=dt.date(2026, 1, 1))
    made.number = "L1"
    made.save(update_fields=["number"])
    return made


def billed(site: Site, month: dt.date = NOVEMBER) -> list[tuple[str, Decimal]]:
    """What a run of the month bills of meters."""
    (invoice, *_more) = [*Invoice.objects.filter(run=bills.issued(site, month)), None]
    if invoice is None:
        return []
    return list(invoice.lines.filter(kind="meter").values_list("label", "amount"))


def test_a_reading_is_billed_by_the_next_run_and_never_again(lease: Lease) -> None:
    assert billed(lease.site) == []
    done = imported(READINGS, FIRST)
    assert outcomes(done) == [(2, "create", f"{SAID} = 153.70")]
    assert billed(lease.site) == [(SAID, Decimal("153.70"))]
    again = imported(READINGS, FIRST)
    assert outcomes(again) == [(2, "unchanged", "")]
    assert (billed(lease.site), Charge.objects.filter(kind="meter").count()) == ([], 1)
    line = Invoice.objects.latest("pk").lines.get(kind="meter")
    assert (line.vat_rate, line.is_rent) == (Decimal(20), False)


def test_a_meter_goes_on_where_it_was_read_and_never_backwards(lease: Lease) -> None:
    imported(READINGS, FIRST)
    rows = HEAD + (
        "L1;12345;électricité;;;02/11/2026;1300;;;1,45\n"
        "L1;12345;électricité;;1300;01/11/2026;1320;;;1,45\n"
        "L1;12345;électricité;15/10/2026;;01/11/2026;1320;;;1,45\n"
        "L1;12345;électricité;01/10/2026;1204;31/10/2026;1310;;;1,50\n"
        "L1;12345;électricité;;;30/10/2026;1309;;105;1,45\n"
        "L1;E9;eau;;;01/11/2026;7;oui;;9\n"
        "L1;E9;eau;;;02/11/2026;7;;;9\n"
        "L1;E9;eau;;5;03/11/2026;7;;3;9\n"
        "L9;E9;eau;;;30/09/2026;;;1;9\n"
        "L1;E9;eau;;;30/09/2026;;;1;9\n"
    )
    assert {line: said for line, _outcome, said in outcomes(planned(READINGS, rows))} == {
        2: "reading: The meter runs backwards: say whether it was replaced.",
        3: "previous: What was consumed by then is charged already.",
        4: "previous_on: What was consumed by then is charged already.",
        5: "read_on: This day is here with another price: take the charge out of the lease first.",
        6: "read_on: This meter was read later already.",
        7: "quantity: The meter was replaced: say what was consumed.",
        8: "quantity: Give both readings, or the quantity.",
        9: "quantity: The readings tell another one.",
        10: "lease: There is no lease with this number.",
        11: "read_on: It is before the lease or its billing here began.",
    }
    replaced = HEAD + (
        "L1;12345;électricité;;;01/11/2026;12;oui;30;1,45\n"
        "L1;12345;électricité;;;02/11/2026;20;;;1,45\n"
    )
    assert [said for _line, _outcome, said in outcomes(imported(READINGS, replaced))] == [
        "Electricity, meter 12345, 30 kWh at 1.45\u00a0MAD = 43.50",
        "Electricity, meter 12345, 12 → 20 kWh at 1.45\u00a0MAD = 11.60",
    ]


def test_a_charge_that_is_taken_out_takes_its_reading_along(lease: Lease) -> None:
    imported(READINGS, FIRST)
    charge = Charge.objects.get(kind="meter")
    amendment = draft_amendment(
        lease=lease,
        kind=AmendmentKind.CORRECTION,
        effective_on=charge.period.start,
        after=changes.end_charge(terms_of(lease), charge.pk, charge.period.start),
        reason="Erreur de relevé",
        acting_user=None,
    )
    sign_amendment(amendment=amendment, signed_on=NOVEMBER, acting_user=None)
    assert not Consumption.objects.exists()
    other = FIRST.replace(";1310;", ";1300;")
    assert [row.outcome for row in imported(READINGS, other).rows] == ["create"]


def test_what_is_read_after_the_end_is_billed_and_outlives_its_taking_back(lease: Lease) -> None:
    end_lease(lease=lease, last_day=dt.date(2026, 10, 30), reason="Départ", acting_user=None)
    imported(READINGS, FIRST)
    assert billed(lease.site) == [(SAID, Decimal("153.70"))]
    take_back_end(lease=lease, reason="Toujours là", acting_user=None)
    assert terms_of(lease).lettings[0].period.end == lease.period.end
    assert Consumption.objects.count() == 1
    assert billed(lease.site) == []


def test_who_writes_leases_or_bills_imports_readings_and_only_there(lease: Lease) -> None:
    elsewhere = scene.site("RAB")
    for role in (Role.FINANCE_OFFICER, Role.SITE_MANAGER):
        assert (
            outcomes(planned(READINGS, FIRST, by=scene.staff(role, lease.site)))[0][1] == "create"
        )
        refused = outcomes(planned(READINGS, FIRST, by=scene.staff(role, elsewhere)))
        assert refused == [(2, "refused", "lease: You may not import for CAS.")]
    with pytest.raises(NotAllowed):
        planned(READINGS, FIRST, by=scene.staff(Role.AUDITOR))
