"""The demo: loaded once, into an empty database only; its figures are the product's own."""

import datetime as dt
import hashlib
import io
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from pypdf import PdfReader
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from accounts.models import User
from applications.models import (
    Application,
    Declaration,
    Document,
    Letter,
    Member,
    Offer,
    Review,
    Session,
)
from applications.workflow import ENDS, NEVER_SENT, State
from billing.models import (
    BankLine,
    Certificate,
    ChequeStep,
    DunningLetter,
    Invoice,
    Payment,
    Penalty,
)
from billing.selectors.bank_book import proposals_for
from billing.selectors.open_items import notes_with_free, with_open
from core.periods import today
from indicators.selectors.network import Network
from leases.models import Lease, Letting
from leases.selectors.hosting import listed_companies
from leases.services.locking import check_now
from sites.models import Booking, Membership, RatePlan, Site
from technopark.demo import story, words
from technopark.demo.sign_ins import DEMO_PASSWORD, DOMAIN
from tenants.identifiers import ice_key_ok
from tenants.models import Company
from tenants.names import name_key
from tests.factories import doors

pytestmark = pytest.mark.django_db

INTERVIEW = dt.date(2018, 7, 31)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the module, and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def network(demo: None, django_db_blocker: DjangoDbBlocker) -> Network:
    with django_db_blocker.unblock():
        return Network()


def test_one_person_per_role_with_a_second_factor_and_never_twice() -> None:
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    people = User.objects.filter(is_staff=True)
    assert people.count() == len(Role)
    for user in people:
        assert user.check_password(DEMO_PASSWORD)
        assert is_mfa_enabled(user)
    call_command("load_demo", if_empty=True, stdout=io.StringIO())
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demo", stdout=io.StringIO())
    assert Site.objects.count() == 4


def test_the_planner_knows_what_was_loaded() -> None:
    """Else queries right after the load are planned for empty tables, and can last for minutes."""
    with connection.cursor() as cursor:
        for model in (Letting, Booking, Company):
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table]
            )
            (known,) = cursor.fetchone() or (0,)
            assert known >= model._default_manager.count() * 0.9


def test_the_interview_of_2018_by_the_products_own_figures(network: Network) -> None:
    hosted = {
        code: network.figure("hosted", INTERVIEW, code).numerator
        for code in (None, "CAS", "RAB", "TNG", "AGA")
    }
    assert hosted == {None: 300, "CAS": 204, "RAB": 37, "TNG": 62, "AGA": 0}
    turnover = network.figure("turnover", INTERVIEW)
    assert turnover.value is not None
    assert abs(turnover.value - Decimal("0.25")) <= Decimal("0.005")
    assert network.figure("entries", INTERVIEW).numerator > 70
    assert network.figure("ever_hosted", INTERVIEW).numerator > 1000
    # Three hubs together cannot host 300, Tangier more than 100 of them: it counts its members too.
    tangier = network.figure("hosted", INTERVIEW, "TNG")
    assert tangier.numerator + tangier.beside["others"] > 100
    success = network.figure("success_since_entry_60", INTERVIEW)
    assert success.value == Decimal("0.829787")  # 83 %
    assert Site.objects.open_on(INTERVIEW).count() == 3
    agadir = Site.objects.get(code="AGA")
    assert (agadir.built_m2, agadir.capacities.get().companies) == (Decimal(10_000), 80)
    plan = RatePlan.objects.for_tenant(
        site_id=Site.objects.get(code="TNG").pk, tenant_kind="startup", day=INTERVIEW
    ).get()
    assert plan.steps.get(after_months=0).rate == Decimal(50)


def test_the_dashboard_moved_to_that_day_shows_them() -> None:
    director = User.objects.get(email=f"director@{DOMAIN}")
    client = doors.signed_in(director, second_factor=False)
    page = client.get(f"/staff/?lang=fr&on={INTERVIEW}")
    cards = {card.name: card for card in page.context["cards"]}
    shown = ("hosted", "ever_hosted", "entries", "turnover", "success_since_entry_60")
    assert {name: cards[name].value for name in shown} == {
        "hosted": "300",
        "ever_hosted": "1\u202f050",
        "entries": "73",
        "turnover": "24,8\u00a0%",
        "success_since_entry_60": "83,0\u00a0%",
    }
    assert {name for name, card in cards.items() if card.aim and card.aim.met} == {
        "entries", "occupancy_area", "success_since_entry_60", "turnover",
    }  # fmt: skip
    assert [(name, *values[:2]) for name, _address, values in page.context["map"].rows] == [
        ("Technopark Casablanca", "204", "7"),
        ("Technopark Rabat", "37", "1"),
        ("Technopark Tanger", "62", "45"),
    ]
    assert [(one.what, one.where) for one in page.context["alerts"]] == [
        ("Taux d’occupation en surface\u00a0: 94,4\u00a0%", "Technopark Rabat"),
        ("Taux de rotation\u00a0: 38,4\u00a0%", "Technopark Tanger"),
    ]


def test_the_command_prints_the_same() -> None:
    printed = io.StringIO()
    call_command("indicators", "hosted", on="2018-07-31", json=True, stdout=printed)
    figure = json.loads(printed.getvalue())
    assert (figure["name"], figure["numerator"]) == ("hosted", "300")


def test_lettable_areas_are_those_of_the_hubs(network: Network) -> None:
    areas = {
        code: network.figure("occupancy_area", today(), code).denominator
        for code in ("CAS", "RAB", "TNG", "AGA")
    }
    works = Booking.objects.filter(kind="out_of_service", period__contains=today())
    out = dict.fromkeys(areas, Decimal(0))
    for booking in works.select_related("space__site"):
        out[booking.space.site.code] += booking.space.measures.get().area_m2
    wanted = {"CAS": 15_000, "RAB": 2_000, "TNG": 5_000, "AGA": 4_000}
    assert {code: (area or 0) + out[code] for code, area in areas.items()} == wanted


def test_it_runs_on_to_today(network: Network) -> None:
    assert 400 < network.figure("hosted", today()).numerator < 500
    assert network.figure("hosted", today(), "AGA").numerator > 40
    for code in ("CAS", "RAB", "TNG", "AGA"):
        value = network.figure("occupancy_area", today(), code).value
        assert value is not None
        assert Decimal("0.85") < value <= 1
    assert Lease.objects.holding_over(today()).exists()
    assert Lease.objects.filter(state="signed").exists()
    assert listed_companies(today()).count() > 150


def test_the_tables_hold_what_the_services_promise() -> None:
    check_now()
    assert Lease.objects.filter(lettings__isnull=True).count() == 0
    assert Letting.objects.filter(steps__isnull=True).count() == 0
    assert Lease.objects.exclude(state="draft").filter(versions__isnull=True).count() == 0
    numbers = Lease.objects.values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers)


def test_files_lie_in_every_state() -> None:
    states = set(Application.objects.values_list("state", flat=True))
    assert states == {str(state) for state in State} - {State.LAPSED, *NEVER_SENT}
    assert Offer.objects.filter(state="open").exists()


def test_files_are_reviewed_and_a_committee_will_sit() -> None:
    reviews = Review.objects.values_list("state", flat=True)
    assert Counter(reviews) == {"submitted": 5, "assigned": 1}
    session = Session.objects.get()
    assert (session.state, session.members.count(), session.agenda.count()) == ("planned", 4, 2)
    assert Member.objects.filter(convened_at__isnull=False).count() == 3
    assert Declaration.objects.filter(conflicted=True).count() == 1
    assert Letter.objects.filter(state="draft").count() == 1
    late_from = Application.objects.filter(state="submitted").values_list("due_at", flat=True)
    assert all(late_from)


def test_files_have_a_past_and_some_are_late() -> None:
    now = timezone.now()
    for file in Application.objects.all():
        moments = [step.at for step in file.transitions.order_by("id")]
        assert moments == sorted(moments)
        assert (moments[0], moments[-1]) == (file.submitted_at, file.state_since)
        assert moments[-1] <= now
    ages = {
        (now - since).days for since in Application.objects.values_list("state_since", flat=True)
    }
    assert len(ages) > 12
    assert max(ages) > 50
    late = Counter(Application.objects.late().values_list("state", flat=True))
    assert set(late) >= {"submitted", "screening", "review", "committee_ready", "decided"}
    assert Application.objects.open().count() > 2 * sum(late.values())
    assert not Offer.objects.run_out().exists()
    in_hands = Application.objects.filter(tasks__list="screening", tasks__done_at=None)
    assert set(in_hands.values_list("state", flat=True)) <= {"screening", "info_requested", *ENDS}
    assert timezone.now() - now < dt.timedelta(minutes=1)  # the clock is the real one again


def test_files_bring_documents_that_open() -> None:
    names = Document.objects.values_list("key", "name")
    assert Counter(key for key, _name in names).keys() == {"business_plan", "presentation"}
    assert Application.objects.filter(documents__key="business_plan").count() > 20
    document = Document.objects.filter(key="business_plan").latest("id")
    with document.file.open("rb") as kept:
        text = PdfReader(kept).pages[0].extract_text()
    assert document.application.name in text
    assert document.uploaded_at == document.application.submitted_at


def test_companies_changed_their_names_and_a_duplicate_was_merged() -> None:
    assert Company.objects.filter(former_identities__isnull=False).distinct().count() == 4
    assert Company.objects.filter(merged_into__isnull=False).count() == 1


def test_the_same_seed_tells_the_same_past() -> None:
    def digest(told: story.Story) -> str:
        lines = [
            f"{lease.site} {lease.kind} {lease.company.number} {lease.start}"
            for lease in told.leases()
            if lease.start < dt.date(2019, 1, 1)
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    assert digest(story.tell(dt.date(2020, 1, 15))) == digest(story.tell(dt.date(2031, 5, 3)))


def test_names_are_distinct_and_identifiers_well_formed() -> None:
    called = list(words.names(random.Random(1)))
    assert len({name_key(name) for name in called}) == len(called) > 10_000
    assert all(ice_key_ok(words.ice(number)) for number in range(500))


@pytest.mark.parametrize("day", ["2027-02-28", "2030-12-31"])
def test_it_can_be_told_on_a_later_day(day: str) -> None:
    told = story.tell(dt.date.fromisoformat(day))
    taken: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for lease in told.leases():
        for let in lease.lets:
            if let.room is not None:
                end = let.end or dt.date.max
                taken.setdefault(f"{let.room.site}{let.room.code}", []).append((let.start, end))
    for stays in taken.values():
        stays.sort()
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(stays))


def test_one_hub_bills_for_two_months_and_has_its_first_arrears() -> None:
    methods = Counter(Payment.objects.values_list("method", flat=True))
    assert methods.pop("transfer") > 50
    assert methods == {"cheque": 2, "cash": 1, "rent_wht": 2}
    assert Counter(ChequeStep.objects.values_list("state", flat=True)) == {
        "banked": 2,
        "bounced": 1,
    }
    assert (Certificate.objects.count(), DunningLetter.objects.count()) == (1, 1)
    assert set(Penalty.objects.values_list("state", flat=True)) == {"proposed"}
    assert [note.free for note in notes_with_free(Invoice.objects.filter(kind="credit"))] == [
        note.total for note in Invoice.objects.filter(kind="credit")
    ]
    found = proposals_for(BankLine.objects.first().lessor_id)  # type: ignore[union-attr]
    sure = [bool(each) and each[0].sure for each in found.values()]
    assert (BankLine.objects.count(), sorted(sure)) == (4, [False, False, True, True])
    late = with_open(Invoice.objects.filter(kind="invoice", due_on__lt=today())).filter(open__gt=0)
    assert len({invoice.company_id for invoice in late}) == 5
