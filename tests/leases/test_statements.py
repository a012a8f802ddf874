"""A lease's statement over REST and from the shell: each line says how it came about."""

import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import Period, add_months, today
from leases.changes import add_charge, discount
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.drafts import cancel_lease
from leases.services.locking import locked
from leases.services.signing import sign_lease
from leases.services.writing import write_terms
from leases.terms import ChargeTerms, DiscountTerms, Rhythm
from sites.choices import TenantKind
from sites.models import Site, VatRule
from tests.factories import clients, doors, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 15)
QUARTER = f"from={START}&to=2026-03-31"


@pytest.fixture
def site() -> Site:
    made = scene.site("CAS")
    VatRule.objects.create(
        lessor=made.lessor, subject="office", period=Period(dt.date(2020, 1, 1)), rate=Decimal(20)
    )
    return made


def let(site: Site, *, offices: int = 1) -> Lease:
    """24.50 m² each at 50 DH since 15 January 2026; parking by the quarter, February cheaper."""
    spaces = [scene.office(site, area_m2="24.50") for _number in range(offices)]
    company = scene.company("Atlas Démo")
    lease = tenancies.drafted(site, *spaces, start=START, kind=TenantKind.STARTUP, company=company)
    february = Period(dt.date(2026, 2, 1), dt.date(2026, 3, 1))
    parking = ChargeTerms(
        None, "parking", "place 12", lease.period, "per_term", Decimal(300), Rhythm(3)
    )
    terms = discount(terms_of(lease), 0, DiscountTerms(february, "percent", Decimal(10), "travaux"))
    with transaction.atomic():
        row = locked(lease, states={lease.state})  # type: ignore[arg-type]
        write_terms(row, add_charge(terms, None, parking), acting_user=None)
    return lease


def ask(role: Role, path: str, where: Site | None = None) -> Any:
    """(status, answer)"""
    response = clients.client(role, where).get(f"/api/v1/leases/{path}")
    return response.status_code, response.json()


def test_each_line_says_how_its_amount_came_about(site: Site) -> None:
    lease = let(site)
    status, answer = ask(Role.AUDITOR, f"{lease.number}/statement/?{QUARTER}")
    letting = lease.lettings.get()
    rent, parking = letting.charges.get(), lease.charges.get(kind="parking")
    assert status == 200
    assert letting.space is not None
    assert answer["lines"][0] == {
        "letting": letting.pk,
        "charge": rent.pk,
        "kind": "rent",
        "label": "",
        "space": letting.space.code,
        "start": "2026-01-15",
        "end": "2026-01-31",
        "unit": "per_m2",
        "rate": "50.0000",
        "area_m2": "24.50",
        "months": [{"month": "2026-01", "days": 17, "of": 31}],
        "per_months": 1,
        "in_advance": True,
        "amount": "671.77",
        "vat_rate": "20.00",
        "vat_ground": "",
        "vat": "134.35",
        "explanation": "24.50\u00a0m² × 50\u00a0MAD × 17/31 = 671.77\u00a0MAD",
    }
    assert [
        (line["charge"], line["kind"], line["label"], line["vat_rate"], line["explanation"])
        for line in answer.pop("lines")[1:]
    ] == [
        (rent.pk, "rent", "", "20.00", "24.50\u00a0m² × 50\u00a0MAD = 1,225.00\u00a0MAD"),
        (rent.pk, "rent", "", "20.00", "24.50\u00a0m² × 50\u00a0MAD = 1,225.00\u00a0MAD"),
        (rent.pk, "discount", "travaux", "20.00", "24.50\u00a0m² × -5\u00a0MAD = -122.50\u00a0MAD"),
        (
            parking.pk,
            "parking",
            "place 12",
            None,
            "300\u00a0MAD × (17/31 + 2) ÷ 3 = 254.84\u00a0MAD",
        ),
    ]
    assert answer == {
        "lease": lease.number,
        "start": "2026-01-15",
        "end": "2026-03-31",
        "known_on": None,
        "net": "3254.11",
        "vat": "599.85",
        "total": "3853.96",
        "by_vat_rate": [
            {"rate": "20.00", "net": "2999.27", "vat": "599.85"},
            {"rate": None, "net": "254.84", "vat": "0.00"},
        ],
        "forgone": "0.00",
    }


def test_many_spaces_cost_no_more_queries(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.client(Role.AUDITOR)
    for offices in (1, 12):
        lease = let(site, offices=offices)
        with django_assert_num_queries(7):
            answer = client.get(f"/api/v1/leases/{lease.number}/statement/?{QUARTER}")
        assert len(answer.json()["lines"]) == 3 * offices + 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "from"),
        ("from=2026-01-01", "to"),
        ("from=2026-01-32&to=2026-01-01", "from"),
        ("from=2026-02-01&to=2026-01-31", "to"),
        ("from=2016-01-01&to=2026-01-01", "to"),
        (f"{QUARTER}&known_on={add_months(today(), 1)}", "known_on"),
        (f"{QUARTER}&known_on=2026-01-01", "known_on"),
        (f"{QUARTER}&until=2026-01-01", "until"),
    ],
)
def test_a_question_that_cannot_be_answered_names_what_is_wrong(
    site: Site, query: str, field: str
) -> None:
    status, problem = ask(Role.AUDITOR, f"{let(site).number}/statement/?{query}")
    assert (status, list(problem["errors"])) == (400, [field])


def test_elsewhere_and_without_the_right_there_is_no_statement(site: Site) -> None:
    path = f"{let(site).number}/statement/?{QUARTER}"
    assert ask(Role.SITE_MANAGER, path, scene.site("RAB"))[0] == 404
    assert ask(Role.ADMINISTRATOR, path)[0] == 403


def test_the_shell_prints_it_in_three_languages_and_for_programs(site: Site) -> None:
    lease = let(site)
    letting = lease.lettings.get()
    assert letting.space is not None

    def said(**options: Any) -> str:
        out = StringIO()
        given = ("--from", "2026-01-15", "--to", "2026-01-31")
        call_command("rent_statement", lease.number, *given, stdout=out, **options)
        return out.getvalue()

    assert said(language="en").replace("\u00a0", " ") == (
        f"{lease.number} · Atlas Démo · 15/01/2026 – 31/01/2026\n"
        "\n"
        f"rent · {letting.space.code} · 15/01/2026 – 31/01/2026\n"
        "    24.50 m² × 50 MAD × 17/31 = 671.77 MAD\n"
        "    VAT 20%: 134.35 MAD\n"
        "\n"
        "parking (place 12) · 15/01/2026 – 31/01/2026\n"
        "    300 MAD × 17/31 ÷ 3 = 54.84 MAD\n"
        "    No VAT rule says.\n"
        "\n"
        "671.77 MAD · VAT 20%: 134.35 MAD\n"
        "54.84 MAD · No VAT rule says.\n"
        "Excl. tax: 726.61 MAD\n"
        "VAT: 134.35 MAD\n"
        "Incl. tax: 860.96 MAD\n"
    )
    assert "    24,50\u00a0m² × 50\u00a0MAD × 17/31 = 671,77\u00a0MAD\n" in said()
    rate, amount = "\u206650\u00a0د.م.\u2069", "\u2066671,77\u00a0د.م.\u2069"
    assert f"\u206624,50\u00a0m² × {rate} × 17/31 = {amount}\u2069" in said(language="ar")
    over_rest = ask(Role.AUDITOR, f"{lease.number}/statement/?from=2026-01-15&to=2026-01-31")[1]
    assert json.loads(said(json=True, language="en")) == over_rest
    with pytest.raises(CommandError, match="signed by then"):
        said(known_on=START, language="en")
    with pytest.raises(CommandError, match="no lease X1"):
        call_command("rent_statement", "X1", "--from=2026-01-15", "--to=2026-01-31", language="en")


def test_nothing_is_due_of_a_cancelled_lease(site: Site) -> None:
    """Although its first days went by; by what was known before, it was."""
    with time_machine.travel(dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)) as clock:
        lease = sign_lease(lease=let(site), signed_on=START, acting_user=None)
        clock.shift(dt.timedelta(days=30))
        cancel_lease(lease=lease, reason="Désistement", acting_user=None)
        clock.shift(dt.timedelta(days=30))
        status, answer = ask(Role.AUDITOR, f"{lease.number}/statement/?{QUARTER}")
        assert (status, answer["lines"], answer["total"]) == (200, [], "0.00")
        _status, then = ask(
            Role.AUDITOR, f"{lease.number}/statement/?{QUARTER}&known_on=2026-02-28"
        )
        assert len(then["lines"]) == 5
        page = doors.staff_client(Role.SITE_MANAGER, site).get(
            reverse("admin:leases_lease_change", args=[lease.pk]), {"month": "2026-02"}
        )
        assert page.context["page"].statement.lines == ()
