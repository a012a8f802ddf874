"""What a client keeps back: it settles, it awaits its certificate, and is never arrears."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.choices import Role
from billing.choices import PaymentMethod
from billing.errors.money import BadDay, NotWithheld
from billing.models import Certificate, Payment, WithholdingRule
from billing.services.allocating import take_back
from billing.services.certificates import keep_certificate, take_certificate_back
from billing.services.crediting import credit_amount
from billing.services.payments import settle_with
from billing.services.refunds import refund
from billing.services.withholding import keep_withholding
from billing.sharing import Portion
from core.errors import NotAllowed
from core.periods import Period, today
from leases.errors import ReasonNeeded
from sites.models import Site
from tenants.models import Company
from tenants.services import note_presence
from tests.concurrency.crowd import at_once
from tests.factories import bills, scene, uploads
from tests.factories.money import free_of, opened, paid, rent, sale

day = dt.date
pytestmark = pytest.mark.django_db
JULY = Period(day(2026, 7, 1))


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


@pytest.fixture
def company() -> Company:
    return scene.company()


def rule(company: Company, kind: str = "rent", rate: str = "5") -> WithholdingRule:
    row = WithholdingRule(company=company, kind=kind, period=JULY, rate=Decimal(rate))
    return keep_withholding(rule=row, acting_user=None)


def withheld(payment: Payment) -> Any:
    return list(payment.withheld.order_by("pk").values_list("method", "amount"))


def test_rent_is_settled_by_what_is_paid_and_what_is_withheld_at_the_rate_of_the_day(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    rule(company)
    first, second = rent(site, company, "1000"), rent(site, company, "1000")
    half = paid(site, company, "600")  # in June, nothing is withheld
    now.move_to(dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC))
    rest = paid(site, company, "575")
    assert (opened(first, second), withheld(half), withheld(rest)) == (
        [0, 1200], [], [("rent_wht", Decimal(25))],
    )  # fmt: skip
    credit_amount(invoice=second, net=Decimal(100), reason="Geste", acting_user=None)
    whole = paid(site, company, "1035", payer="M. Alaoui")
    assert (opened(second), withheld(whole)) == ([0], [("rent_wht", Decimal(45))])
    (kept,) = whole.withheld.all()
    assert (kept.payer, kept.received_on, free_of(kept)) == ("M. Alaoui", day(2026, 7, 2), 0)


def test_services_are_no_rent_and_vat_is_withheld_by_its_own_rule(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    rule(company)
    rule(company, "vat", "75")
    now.move_to(dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC))
    service, let = sale(site, company, "100"), rent(site, company, "1000")
    payment = paid(site, company, "1105")  # 120 - 15, 1200 - 50 - 150
    assert opened(service, let) == [0, 0]
    assert withheld(payment) == [("rent_wht", Decimal(50)), ("vat_wht", Decimal(165))]
    assert free_of(payment) == 0


def test_an_advance_settles_later_with_what_is_withheld_of_it(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    rule(company)
    now.move_to(dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC))
    advance = paid(site, company, "2300")
    first, second = rent(site, company, "1000"), rent(site, company, "1000")
    settle_with(payment=advance, shares=None, acting_user=None)
    assert (opened(first, second), free_of(advance)) == ([0, 0], 0)
    (kept,) = advance.withheld.all()
    assert kept.amount == 100
    take_back(invoice=second, source=advance, reason="Mauvais mois", acting_user=None)
    assert (opened(second), free_of(advance), free_of(kept)) == ([1200], 1150, 50)
    shares = [Portion(second.pk, Decimal(1000), (Decimal(60),))]
    settle_with(payment=advance, shares=shares, acting_user=None)
    assert (opened(second), free_of(advance), free_of(kept)) == ([140], 150, 0)
    assert withheld(advance) == [("rent_wht", Decimal(100)), ("rent_wht", Decimal(10))]


def test_what_nobody_expected_to_be_withheld_is_entered_by_hand(
    site: Site, company: Company
) -> None:
    service, let = sale(site, company, "100"), rent(site, company, "1000")
    paid(site, company, "1150", shares=[Portion(let.pk, Decimal(1150))])
    paid(site, company, "50", method="rent_wht")
    assert opened(service, let) == [120, 0]


def test_rules_are_kept_by_who_may_where_the_company_is(site: Site, company: Company) -> None:
    officer, other = scene.staff(Role.FINANCE_OFFICER, site), scene.site("RAB")
    row = WithholdingRule(company=company, kind="rent", period=JULY, rate=Decimal(5))
    note_presence(company=company, site=other, acting_user=None)
    with pytest.raises(NotAllowed):
        keep_withholding(rule=row, acting_user=officer)
    note_presence(company=company, site=site, acting_user=None)
    keep_withholding(rule=row, acting_user=officer)
    again = WithholdingRule(company=company, kind="rent", period=JULY, rate=Decimal(10))
    with pytest.raises(ValidationError):
        keep_withholding(rule=again, acting_user=officer)
    row.period = Period(day(2026, 7, 1), day(2027, 1, 1))
    row.company = scene.company()
    keep_withholding(rule=row, acting_user=None)
    row.refresh_from_db()
    assert (row.company, row.period.end) == (company, day(2027, 1, 1))


# --- Certificates -------------------------------------------------------------------------------
def kept_back(site: Site, company: Company) -> Payment:
    rent(site, company, "1000")
    rule_ = WithholdingRule(company=company, kind="rent", period=JULY, rate=Decimal(5))
    keep_withholding(rule=rule_, acting_user=None)
    payment = paid(site, company, "1150")
    return payment.withheld.get()


def test_a_certificate_ends_the_waiting_and_may_be_put_right(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    now.move_to(dt.datetime(2026, 7, 20, 12, tzinfo=dt.UTC))
    kept = kept_back(site, company)
    assert list(Payment.objects.awaiting_certificate()) == [kept]
    data = uploads.pdf()
    given = {"payment": kept, "received_on": day(2026, 7, 20), "acting_user": None}
    keep_certificate(number=" A-1 ", file=(BytesIO(data), "attestation.pdf", len(data)), **given)  # type: ignore[arg-type]
    row = keep_certificate(number="A-17", **given)  # type: ignore[arg-type]
    assert (row.number, row.name, row.media_type) == ("A-17", "attestation.pdf", "application/pdf")
    with row.file.open("rb") as there:
        assert there.read() == data
    assert list(Payment.objects.awaiting_certificate()) == []
    with pytest.raises(ReasonNeeded):
        take_certificate_back(payment=kept, reason="", acting_user=None)
    take_certificate_back(payment=kept, reason="D’un autre client", acting_user=None)
    assert list(Payment.objects.awaiting_certificate()) == [kept]


def test_only_what_is_withheld_has_one_from_its_day_on_by_who_may(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    now.move_to(dt.datetime(2026, 7, 20, 12, tzinfo=dt.UTC))
    kept = kept_back(site, company)
    assert kept.withheld_with is not None
    manager = scene.staff(Role.SITE_MANAGER, site)
    for payment, number, on, user, refusal in (
        (kept.withheld_with, "A-1", day(2026, 7, 20), None, NotWithheld),
        (kept, "A-1", day(2026, 7, 19), None, BadDay),
        (kept, "A-1", day(2026, 7, 21), None, BadDay),
        (kept, " ", day(2026, 7, 20), None, ValidationError),
        (kept, "A-1", day(2026, 7, 20), manager, NotAllowed),
    ):
        with pytest.raises(refusal):
            keep_certificate(payment=payment, number=number, received_on=on, acting_user=user)
    assert not Certificate.objects.exists()
    take_back(
        invoice=kept.allocations.get().invoice, source=kept, reason="Erreur", acting_user=None
    )
    refund(
        source=kept,
        amount=Decimal(50),
        on=day(2026, 7, 20),
        method=PaymentMethod.WITHHOLDING,
        reason="Erreur",
        acting_user=None,
    )
    assert list(Payment.objects.awaiting_certificate()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_a_certificate_at_once_enter_one(site: Site, company: Company) -> None:
    kept = paid(site, company, "50", method="rent_wht", shares=())

    def enter(number: int) -> str:
        return keep_certificate(
            payment=kept, number=f"A-{number}", received_on=today(), acting_user=None
        ).number

    assert at_once(2, enter) == ["A-0", "A-1"]
    assert Certificate.objects.get().number in {"A-0", "A-1"}
