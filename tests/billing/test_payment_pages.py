"""Payments on the staff site: entered by keyboard, looked at, taken back, certified."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import CreditKind
from billing.models import Certificate, Invoice, Payment, Refund, WithholdingRule
from billing.selectors.paying import companies_like, named
from billing.services.crediting import credit_all
from core.periods import Period
from sites.models import Site
from tenants.models import Company
from tenants.services import note_presence
from tests.factories import bills, doors, scene, uploads
from tests.factories.money import free_of, opened, paid, rent, sale

day = dt.date
pytestmark = pytest.mark.django_db
ADD, LIST = "/staff/billing/payment/add/?lang=en", "/staff/billing/payment/?lang=en"


@pytest.fixture(autouse=True)
def _in_september() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


@pytest.fixture
def company(site: Site) -> Company:
    made = scene.company("Argan Démo", ice="001234567000089")
    note_presence(company=made, site=site, acting_user=None)
    WithholdingRule.objects.create(
        company=made, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    return made


@pytest.fixture
def client(site: Site) -> Client:
    return doors.staff_client(Role.FINANCE_OFFICER, site)


def typed(site: Site, **given: str) -> dict[str, str]:
    return {
        "company": "argan demo",
        "amount": "1 150,00",
        "site": str(site.pk),
        "method": "transfer",
        "received_on": "2026-09-10",
        **given,
    }


def act(client: Client, payment: Payment, path: str, **given: Any) -> Any:
    """Follows to the payment's page."""
    return client.post(f"/staff/billing/payment/{payment.pk}/{path}/?lang=en", given, follow=True)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_payment_is_shown_then_saved_and_the_next_can_be_typed(
    site: Site, company: Company, client: Client
) -> None:
    invoice = rent(site, company, "1000")
    first = client.post(ADD, typed(site))
    assert not Payment.objects.exists()
    assert "Look at what it settles, then save." in words(first)
    shares = first.context["entry"].shares
    (row,) = shares.rows
    assert (row.invoice, row.open, shares.used) == (invoice, 1200, 1150)
    sent = {cell.name: cell.value for cell in row.cells}
    assert sent == {
        f"paid_{invoice.pk}": "1150",
        f"rent_{invoice.pk}": "50",
        f"vat_{invoice.pk}": "",
    }
    shown = {"shown": first.context["entry"].key, **sent}
    for wrong, said in (
        ({f"paid_{invoice.pk}": "abc"}, "Enter a number."),
        ({f"paid_{invoice.pk}": "1200"}, "Only 1,150"),
        ({"received_on": "2026-09-11"}, "then save"),
    ):
        answer = client.post(ADD, {**typed(site), **shown, **wrong})
        assert said in words(answer)
    assert not Payment.objects.exists()
    answer = client.post(ADD, {**typed(site, reference="VIR 9"), **shown})
    kept = f"?site={site.pk}&method=transfer&received_on=2026-09-10"
    assert answer.headers["Location"] == f"/staff/billing/payment/add/{kept}"
    payment = Payment.objects.get(method="transfer")
    assert (payment.amount, payment.reference, opened(invoice)) == (1150, "VIR 9", [0])
    assert payment.withheld.get().amount == 50
    following = client.get(answer.headers["Location"])
    assert payment.number in words(following)
    assert following.context["form"].initial == {
        "site": str(site.pk), "method": "transfer", "received_on": "2026-09-10",
    }  # fmt: skip


def test_a_day_that_is_refused_is_said_at_its_field(
    site: Site, company: Company, client: Client
) -> None:
    asked = typed(site, received_on="2026-09-11")  # tomorrow
    asked["shown"] = client.post(ADD, asked).context["entry"].key
    answer = client.post(ADD, asked)
    assert list(answer.context["form"].errors) == ["received_on"]
    assert "This day is still to come" in words(answer)
    assert not Payment.objects.exists()


def test_it_says_that_what_is_open_is_at_another_site(site: Site, company: Company) -> None:
    other = bills.site("RAB", starts_on=day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER)
    sale(other, company, "100")
    said = "Nothing of it is open at the site that is chosen: it is at RAB."
    assert said in words(client.post(ADD, typed(site)))
    assert said not in words(client.post(ADD, typed(other)))
    # One click takes that site, and enters nothing yet.
    asked = typed(site)
    asked["shown"] = client.post(ADD, asked).context["entry"].key
    answer = client.post(ADD, {**asked, "site": [site.pk, other.pk]})
    assert answer.context["entry"].site == other
    assert f'<option value="{other.pk}" selected>' in answer.content.decode()
    assert not Payment.objects.exists()
    sale(site, company, "100")
    assert said not in words(client.post(ADD, typed(site)))


def test_a_payment_is_entered_where_the_company_owes_unless_a_site_is_chosen(
    site: Site, company: Company
) -> None:
    other = bills.site("RAB", starts_on=day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER)

    def entered(amount: str, **given: str) -> Site:
        asked = {**typed(site, amount=amount), "site": "", **given}
        asked["shown"] = client.post(ADD, asked).context["entry"].key
        assert client.post(ADD, asked).status_code == 302
        return Payment.objects.latest("pk").site

    unbilled = scene.company("Rif Neuf")
    note_presence(company=unbilled, site=other, acting_user=None)
    nowhere = client.post(ADD, {**typed(site), "site": "", "company": named(unbilled)})
    assert "say at which site it pays" in words(nowhere)
    sale(other, company, "100")
    assert (entered("10"), entered("20", site=str(site.pk))) == (other, site)
    sale(site, company, "50")
    assert entered("30") == other
    paid(other, company, "170")
    assert entered("5") == site
    # Of whoever may at one site alone.
    client = doors.staff_client(Role.FINANCE_OFFICER, other)
    assert (entered("6"), entered("7", company=named(unbilled))) == (other, other)


def test_what_is_sent_twice_is_entered_once(site: Site, company: Company, client: Client) -> None:
    """Nothing is open: nothing but the payment itself tells that it was sent before."""
    asked = typed(site, amount="120")
    shown = {"shown": client.post(ADD, asked).context["entry"].key}
    assert client.post(ADD, {**asked, **shown}).status_code == 302
    again = client.post(ADD, {**asked, **shown})
    (payment,) = Payment.objects.all()
    assert "The same is entered already" in words(again)
    assert payment.number in words(again)
    meant = {"shown": again.context["entry"].key}
    assert client.post(ADD, {**asked, **meant}).status_code == 302
    assert Payment.objects.count() == 2


def test_shares_may_be_changed_by_hand(site: Site, company: Company, client: Client) -> None:
    older, newer = sale(site, company, "100"), sale(site, company, "200")
    key = client.post(ADD, typed(site, amount="120")).context["entry"].key
    client.post(ADD, {**typed(site, amount="120"), "shown": key, f"paid_{newer.pk}": "100,5"})
    assert opened(older, newer) == [120, Decimal("139.50")]
    assert free_of(Payment.objects.get()) == Decimal("19.50")


def test_what_was_settled_meanwhile_is_shown_again_before_anything_is_saved(
    site: Site, company: Company, client: Client
) -> None:
    invoice = sale(site, company, "100")
    asked = typed(site, amount="120")
    shown = {"shown": client.post(ADD, asked).context["entry"].key, f"paid_{invoice.pk}": "120"}
    advance = paid(site, company, "500", shares=())
    page = f"/staff/billing/payment/{advance.pk}/settle/?lang=en"
    paid(site, company, "120", method="card")
    answer = client.post(ADD, {**asked, **shown})
    assert "Look at what it settles, then save." in words(answer)
    sent = {f"paid_{invoice.pk}": "120"}
    assert "This has changed since you opened it." in words(client.post(page, sent))
    assert Payment.objects.count() == 2


def test_a_mistake_is_taken_out_of_the_books_on_its_page(
    site: Site, company: Company, client: Client
) -> None:
    invoice = rent(site, company, "1000")
    cash = paid(site, company, "1150", method="cash")
    page = act(client, cash, "undo", reason="Autre société")
    assert f"{cash.number} is taken out of the books." in words(page)
    assert [each["path"].rstrip("/").rsplit("/", 1)[-1] for each in page.context["acts"]] == []
    assert (opened(invoice), free_of(cash)) == ([1200], 0)
    listed = words(client.get(LIST))
    assert listed.count("entered by mistake") == 2  # what was withheld with it too
    assert "was given back by" in words(act(client, cash, "undo", reason="Encore"))
    # A file of payments does not count it as money either.
    page = client.post("/staff/billing/payment/export/", {"format": "0"})
    told = list(csv.DictReader(page.content.decode("utf-8-sig").splitlines()))
    assert [(row["amount"], row["mistaken"], row["free"]) for row in told] == [
        ("50.00", "True", "0.00"), ("1150.00", "True", "0.00"),
    ]  # fmt: skip


def test_scripts_ask_for_names_and_for_what_would_be_settled(
    site: Site, company: Company, client: Client
) -> None:
    invoice = sale(site, company, "100")

    def asked(target: str, **given: str) -> str:
        headers = {"HX-Request": "true", "HX-Target": target}
        return words(client.post(ADD, typed(site, **given), headers=headers))

    assert asked("companies", company="arg") == f'<option value="{named(company)}"></option>'
    assert f'name="paid_{invoice.pk}" value="100"' in asked("proposal", amount="100")
    cash = asked("proposal", amount="100", method="cash", company=invoice.number[-6:])
    assert "Stamp duty 0.25 MAD on top: 100.25 MAD to collect." in cash.replace("\xa0", " ")
    assert f'name="paid_{invoice.pk}" value=""' in asked("proposal", amount="")
    assert "There is no such company." in asked("proposal", company="Zzz")
    other = scene.company("Argan Second")
    several = asked("proposal", company="argan")
    assert f'value="{named(company)}"' in several
    assert f'value="{named(other)}"' in several
    assert not Payment.objects.exists()


def test_a_company_is_found_by_name_ice_invoice_or_what_was_picked(
    site: Site, company: Company
) -> None:
    other = scene.company("Argan Second")
    note_presence(company=other, site=site, acting_user=None)
    user = scene.staff(Role.FINANCE_OFFICER, site)
    number = sale(site, company, "100").number
    assert companies_like("argan", user) == [company, other]
    for text in ("001234567000089", number.lower(), number[-6:], named(company), "ARGAN DÉMO"):
        assert companies_like(text, user) == [company], text
    assert companies_like(named(other), user) == [other]
    assert companies_like("a", user) == companies_like("zzz", user) == []


def test_who_may_not_enter_is_shown_no_form(site: Site, company: Company) -> None:
    payment = paid(site, company, "100")
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    assert manager.get(ADD).status_code == 403
    page = f"/staff/billing/payment/{payment.pk}/change/"
    assert manager.get(page).status_code == 200
    assert manager.get(page).context["acts"] == []
    assert act(manager, payment, "refund").status_code == 403
    other = bills.site("RAB", starts_on=day(2026, 1, 1))
    elsewhere = doors.staff_client(Role.FINANCE_OFFICER, other)
    assert "Select a valid choice" in words(elsewhere.post(ADD, typed(site)))
    assert elsewhere.get(page).status_code == 302
    assert Payment.objects.count() == 1


def test_a_cheque_goes_its_way_on_its_page(site: Site, company: Company, client: Client) -> None:
    invoice = rent(site, company, "1000")
    cheque = paid(site, company, "1150", method="cheque", reference="0042")
    page = act(client, cheque, "bank", on="2026-09-10")
    assert [each["path"].rstrip("/").rsplit("/", 1)[-1] for each in page.context["acts"]] == [
        "clear", "bounce", "take-back", "undo",
    ]  # fmt: skip
    refused = act(client, cheque, "bounce", on="2026-09-10", reason="")
    assert "This field is required." in words(refused)
    page = act(client, cheque, "bounce", on="2026-09-10", reason="Sans provision")
    assert opened(invoice) == [1200]
    assert "Sans provision" in words(page)
    assert [str(step) for step in page.context["steps"]] == [
        f"{cheque.pk} · banked", f"{cheque.pk} · bounced",
    ]  # fmt: skip
    listed = client.get(f"{LIST}&cheque=bounced").context["cl"].result_list
    assert [row.pk for row in listed] == [cheque.pk]


def test_credit_is_used_taken_back_and_given_back(
    site: Site, company: Company, client: Client
) -> None:
    payment = paid(site, company, "1210")
    invoice = rent(site, company, "1000")
    asked = client.get(f"/staff/billing/payment/{payment.pk}/settle/?lang=en")
    sent = {cell.name: cell.value for cell in asked.context["shares"].rows[0].cells}
    assert "Say what it settles." in words(act(client, payment, "settle"))
    page = act(client, payment, "settle", **sent)
    assert (opened(invoice), page.context["free"]) == ([0], 60)
    page = act(client, payment, "take-back", invoice=invoice.pk, amount="", reason="Erreur")
    assert (opened(invoice), page.context["free"]) == ([1200], 1210)
    given = {"amount": "1210", "on": "2026-09-10", "method": "transfer", "reason": "Erreur"}
    assert "Only 1,210" in words(act(client, payment, "refund", **{**given, "amount": "1300"}))
    page = act(client, payment, "refund", **given)
    assert Refund.objects.get().number in words(page)
    assert page.context["acts"] == []


def test_the_credit_of_a_credit_note_is_used_and_given_back(
    site: Site, company: Company, client: Client
) -> None:
    invoice = sale(site, company, "100")
    paid(site, company, "120")
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Annulée", acting_user=None
    )
    other = sale(site, company, "50")
    address = f"/staff/billing/invoice/{note.pk}"
    acts = client.get(f"{address}/change/?lang=en").context["acts"]
    assert [each["title"] for each in acts][-2:] == ["Settle invoices", "Give back"]
    client.post(f"{address}/use-credit/?lang=en")
    assert (opened(other), free_of(note)) == ([0], 60)
    given = {"amount": "60", "on": "2026-09-10", "method": "transfer", "reason": "Départ"}
    answer = client.post(f"{address}/give-back/?lang=en", given, follow=True)
    assert (free_of(note), Refund.objects.get().number in words(answer)) == (0, True)
    left = [each["title"] for each in answer.context["acts"]]
    assert "Give back" not in left
    credit = answer.context["credit"]
    assert [(each.invoice, each.amount) for each in credit.settles] == [(other, 60)]
    assert (credit.free, f"<bdi>{Refund.objects.get().number}</bdi>" in words(answer)) == (0, True)
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    assert manager.get(f"{address}/give-back/").status_code == 403


def test_credit_that_finds_nothing_to_settle_says_so(
    site: Site, company: Company, client: Client
) -> None:
    invoice = sale(site, company, "100")
    paid(site, company, "120")
    note = credit_all(invoice=invoice, kind=CreditKind.COMMERCIAL, reason="Geste", acting_user=None)
    answer = client.post(f"/staff/billing/invoice/{note.pk}/use-credit/?lang=en")
    assert (answer.status_code, free_of(note)) == (200, 120)
    assert "Nothing is open of this company here." in words(answer)


def test_no_certificate_is_awaited_of_what_was_never_withheld(
    site: Site, company: Company, client: Client
) -> None:
    """The cheque bounced; or the withheld payment was a mistake, and was taken back whole."""
    rent(site, company, "1000")
    said = "certificate awaited"
    filters = words(client.get(LIST)).count(said)
    cheque = paid(site, company, "1150", method="cheque")
    kept = cheque.withheld.get()
    pages = [f"/staff/billing/payment/{one.pk}/change/?lang=en" for one in (cheque, kept)]
    assert [said in words(client.get(page)) for page in pages] == [True, True]
    act(client, cheque, "bounce", on="2026-09-10", reason="Vide")
    assert [said in words(client.get(page)) for page in pages] == [False, False]
    mistaken = paid(site, company, "1150").withheld.get()
    act(client, mistaken, "take-back", invoice=mistaken.allocations.get().invoice_id, reason="Faux")
    act(client, mistaken, "refund", amount="50", on="2026-09-10", method="rent_wht", reason="Faux")
    assert mistaken.refunds.get().amount == 50
    assert said not in words(client.get(f"/staff/billing/payment/{mistaken.pk}/change/?lang=en"))
    assert words(client.get(LIST)).count(said) == filters


def test_certificates_are_awaited_as_a_list_of_tasks_and_kept(
    site: Site, company: Company, client: Client
) -> None:
    rent(site, company, "1000")
    with time_machine.travel(dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC), tick=False):
        kept = paid(site, company, "1150").withheld.get()
    start = client.get("/staff/?lang=en").context["worklist"]
    ((title, address),) = [(str(heap.title), heap.address) for heap in start]
    assert title == "withheld amount whose certificate is awaited"
    answer = client.get(address, {"lang": "en"})
    answer = client.get(f"{address}&lang=en")
    assert [row.pk for row in answer.context["cl"].result_list] == [kept.pk]
    assert "40 days" in words(answer)
    file = BytesIO(uploads.pdf())
    file.name = "attestation.pdf"
    page = act(client, kept, "certificate", number="A-17", received_on="2026-09-09", file=file)
    assert "A-17" in words(page)
    back = client.get(reverse("admin:billing_payment_certificate_file", args=[kept.pk]))
    assert b"".join(back.streaming_content) == uploads.pdf()  # type: ignore[attr-defined]
    elsewhere = doors.staff_client(Role.FINANCE_OFFICER, scene.site("RAB"))
    refused = elsewhere.get(reverse("admin:billing_payment_certificate_file", args=[kept.pk]))
    assert refused.status_code == 404
    act(client, kept, "drop-certificate", reason="D’un autre")
    assert not Certificate.objects.exists()


def test_withholding_is_kept_for_a_company_with_the_usual_rate(site: Site, client: Client) -> None:
    company = scene.company("Rif Énergie")
    note_presence(company=company, site=site, acting_user=None)
    page = client.get("/staff/billing/withholdingrule/add/")
    form = page.context["adminform"].form
    assert {name: form.initial[name] for name in ("kind", "rate", "period")} == {
        "kind": "rent", "rate": 5, "period": Period(day(2026, 7, 1)),
    }  # fmt: skip
    sent = {"company": company.pk, "kind": "rent", "rate": "5", "period_0": "2026-07-01"}
    client.post("/staff/billing/withholdingrule/add/", sent)
    rule = WithholdingRule.objects.get(company=company)
    assert (rule.kind, int(rule.rate), rule.period) == ("rent", 5, Period(day(2026, 7, 1)))
    again = client.post("/staff/billing/withholdingrule/add/", sent)
    assert again.status_code == 200
    assert WithholdingRule.objects.filter(company=company).count() == 1


def test_pages_ask_the_same_queries_for_one_and_many(
    site: Site, company: Company, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rent(site, company, "1000")
    payment = paid(site, company, "500", method="cheque")
    key = f"/staff/billing/payment/{payment.pk}/change/"
    counts = {LIST: 6, key: 10, ADD: 5}
    for rows in (1, 4):
        for _row in range(rows - 1):
            rent(site, company, "700")
            paid(site, company, "600", method="cheque")
        for address, count in counts.items():
            with django_assert_num_queries(count):
                assert client.get(address).status_code == 200
        with django_assert_num_queries(14):
            client.post(ADD, typed(site))
    assert Invoice.objects.count() == 4
