"""Two sites with one row of every kind each, whose words tell where they belong."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.files.base import ContentFile
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.choices import Role
from accounts.models import User
from applications.models import (
    LetterTemplate,
    Place,
    RetentionRule,
    StageTarget,
    TaskTemplate,
)
from applications.services.answers import accept_offer
from applications.services.committee import plan_session
from applications.services.decisions import publish
from applications.services.tasks import add_task
from applications.services.transfers import ask_transfer
from billing.choices import Journal, LedgerKey, PauseKind, PaymentMethod, VatBasis, VatRhythm
from billing.models import (
    Account,
    DunningLetter,
    Invoice,
    JournalExport,
    MonthClosing,
    Penalty,
    VatReturn,
    WithholdingRule,
)
from billing.services.dunning_steps import begin_steps
from billing.services.exporting import set_account
from billing.services.holidays import set_holiday
from billing.services.pauses import pause_reminders
from billing.services.payments import record_payment
from billing.services.penalties import set_clause
from billing.services.runs import compute, draft_run
from billing.services.sales import SaleLine, issue_sale
from billing.services.settings import set_billing
from billing.services.statements import import_statement, keep_mapping
from billing.services.vat import set_regime
from billing.services.withholding import keep_withholding
from billing.services.write_offs import ask_write_off
from core import messages, numbering
from core.history import erase
from core.models import Counter, Erasure
from core.periods import ONE_DAY, Period, today
from indicators.choices import Bound
from indicators.models import FigureSettings, Snapshot, SnapshotAlarm, Target
from leases.models import ChecklistLine, ClauseTemplate, Lease, LeaseVersion, Letting, RentStep
from leases.services.settlements import begin_settlement
from leases.services.signing import sign_lease
from sites.choices import BookingKind
from sites.models import (
    Building,
    ClientToken,
    Floor,
    Lessor,
    Membership,
    RatePlan,
    Site,
    VatRule,
    WebhookEndpoint,
)
from sites.services.bookings import book
from sites.services.people import issue_token
from sites.services.webhooks import keep_endpoint, send_test
from tenants.following import Departure
from tenants.models import Company, Contact, FollowUp, Sector, Technology
from tenants.services import note_presence
from tenants.services.declarations import Said, declare
from tenants.services.departures import note_departures
from tests.factories import calls, handovers, scene, tenancies

_PARTS: Final[dict[str, Any]] = {"numerator": 7, "denominator": None, "value": "7", "beside": {}}


@dataclass(frozen=True)
class Corner:
    """A site and, by model label, the row of each kind that belongs to it."""

    site: Site
    rows: dict[str, Any]
    secrets: tuple[str, ...]
    """Words that only this site's rows bear."""


def corner(code: str) -> Corner:
    """A site of its own lessor; every secret word begins with the code in small letters."""
    mark = code.lower()
    site = scene.site(code)
    lessor = Lessor.objects.create(
        code=f"{mark}-lessor", name=f"{mark}-lessor", legal_form="SA", **scene.MARKS
    )
    site.lessor = lessor
    site.save()
    space = scene.office(site, code=f"{code}-SPACE")
    Building.objects.filter(site=site).update(name=f"{mark}-building")
    booking = book(
        space=space,
        period=Period(dt.date(2020, 1, 1), dt.date(2021, 1, 1)),
        kind=BookingKind.OUT_OF_SERVICE,
        label=f"{mark}-works",
        acting_user=None,
    )
    company = scene.company(f"Company {code}", email=f"{mark}-company@example.org")
    note_presence(company=company, site=site, acting_user=None)
    Contact.objects.create(company=company, name=f"{mark}-contact")
    left = {company.pk: Departure(site.pk, dt.date(2020, 1, 1))}
    note_departures(left=left, acting_user=None)
    said = Said(today(), "trading", evidence=f"{mark}-evidence")
    declare(company=company, said=said, acting_user=None)
    message = messages.queue(
        to=f"{mark}-letter@example.org", subject=f"{mark}-subject", body=f"{mark}-body",
        language="fr", site_code=code,
    )  # fmt: skip
    person = User.objects.create_user(f"{mark}-person@example.org", is_staff=True)
    membership = Membership.objects.create(user=person, role=Role.REVIEWER, site=site)
    file = scene.application(
        site, name=f"Projet {code}", project=f"{mark}-idea",
        contact_email=f"{mark}-applicant@example.org",
    )  # fmt: skip
    offer = scene.offer(file, scene.office(site, code=f"{code}-SPACE-2"))
    accept_offer(offer=offer, acting_user=None)
    lease = Lease.objects.get(application=file)
    sign_lease(lease=lease, signed_on=today(), acting_user=None)
    letting = Letting.objects.get(lease=lease)
    waiting = scene.decided(scene.application(site, name=f"{mark}-waits"), "waitlist")
    publish(application=waiting, acting_user=None)
    moving = scene.application(site, name=f"Projet {code} en route")
    elsewhere = Site.objects.filter(code="AGA").first() or scene.site("AGA")
    version = calls.draft(site, code=mark)
    rows: dict[str, Any] = {
        "applications.application": file,
        "applications.task": add_task(application=file, words=f"{mark}-task", acting_user=None),
        "applications.tasktemplate": TaskTemplate.objects.create(
            site=site, list="screening", title_fr=f"{mark}-line"
        ),
        "applications.transfer": ask_transfer(
            application=moving, target=elsewhere, reason=f"{mark}-move", acting_user=None
        ),
        "applications.offer": offer,
        "applications.session": plan_session(
            site=site,
            held_at=timezone.now(),
            place=f"{mark}-room",
            chair=person,
            quorum=1,
            acting_user=None,
        ),
        "applications.stagetarget": StageTarget.objects.create(site=site, stage="review", days=10),
        "applications.letter": waiting.letters.get(),
        "applications.call": version.call,
        "applications.callversion": version,
        "applications.lettertemplate": LetterTemplate.objects.create(
            site=site, kind="refuse", language="fr", subject="x", body=f"{mark}-words"
        ),
        "applications.place": Place.objects.get(application=waiting),
        "leases.lease": lease,
        "leases.clausetemplate": ClauseTemplate.objects.create(
            site=site, kind="contract", language="fr", body=f"{mark}-heading\n{mark}-clause"
        ),
        "leases.checklistline": ChecklistLine.objects.create(
            site=site, element_fr=f"{mark}-element", element_ar="x", element_en="x"
        ),
        "leases.handoverreport": handovers.begun(lease),
        "leases.letting": letting,
        "leases.depositsettlement": begin_settlement(lease=lease, acting_user=None),
        "leases.rentstep": RentStep.objects.filter(letting=letting).first(),
        "leases.amendment": tenancies.amendment(lease),
        "leases.leaseversion": LeaseVersion.objects.get(lease=lease),
        "sites.site": site,
        "sites.lessor": lessor,
        "sites.building": Building.objects.get(site=site),
        "sites.floor": Floor.objects.get(building__site=site),
        "sites.space": space,
        "sites.booking": booking,
        "sites.rateplan": RatePlan.objects.filter(site=site).first(),
        "sites.membership": membership,
        "accounts.user": person,
        "tenants.company": company,
        "tenants.followup": FollowUp.objects.get(company=company),
        "core.message": message,
    }
    rows |= _bills(site, company, mark)
    rows["indicators.snapshot"] = Snapshot.objects.create(
        name="hosted", site=site, day=today(), numerator=7, value=7, version=1,
        computed_at=timezone.now(),
    )  # fmt: skip
    rows["indicators.snapshotalarm"] = SnapshotAlarm.objects.create(
        name="hosted", site=site, day=today(), kept=_PARTS, computed=_PARTS, found_at=timezone.now()
    )
    rows["indicators.target"] = Target.objects.create(
        name="hosted", site=site, since=today(), bound=Bound.AT_LEAST, value=7
    )
    rows["indicators.figuresettings"] = FigureSettings.objects.get_or_create(pk=1)[0]
    secrets = (f"{mark}-lessor", f"{code}-SPACE", f"{mark}-building", f"{mark}-works",
               f"{mark}-company", f"{mark}-contact", f"{mark}-letter", f"{mark}-subject",
               f"{mark}-body", f"{mark}-person", f"{mark}-task", f"{mark}-line",
               f"{mark}-move", f"{mark}-idea", f"{mark}-applicant",
               f"{mark}-waits", f"{mark}-words", f"{mark}-room", f"{mark}-clause",
               f"{mark}-element", f"{mark}-evidence", f"{mark}-badge", f"{mark}-cheque",
               f"{mark}-reminder", f"{mark}-plan", f"{mark}-article", f"{mark}-gift",
               f"{mark}-loss",
               lease.number)  # fmt: skip
    return Corner(site, rows, secrets)


def _bills(site: Site, company: Company, mark: str) -> dict[str, Any]:
    """How the site bills, a run and an invoice."""
    VatRule.objects.create(
        lessor=site.lessor, subject="service", period=Period(scene.OPENED), rate=20
    )
    billing = set_billing(site=site, starts_on=today().replace(day=1), acting_user=None)
    run = compute(draft_run(site=site, month=today(), acting_user=None))
    invoice = issue_sale(
        site=site,
        company=company,
        lines=[SaleLine(f"{mark}-badge", Decimal(10))],
        acting_user=None,
    )
    account = set_account(lessor=site.lessor, key=LedgerKey.CLIENTS, code="34211", acting_user=None)
    regime = set_regime(
        lessor=site.lessor, period=Period(scene.OPENED), basis=VatBasis.COLLECTION,
        rhythm=VatRhythm.MONTH, acting_user=None,
    )  # fmt: skip
    return {
        "billing.sitebilling": billing,
        "billing.rentrun": run,
        "billing.invoice": invoice,
        "billing.ledgeraccount": account,
        **_books(site.lessor, mark),
        "billing.vatregime": regime,
        "billing.account": Account.objects.get(company=company),
        **_dunned(site, invoice, mark),
        **_bank(site, mark),
        **_paid(site, company, mark),
    }


def _paid(site: Site, company: Company, mark: str) -> dict[str, Any]:
    """A cheque that settles nothing yet, and what the company withholds."""
    cheque = record_payment(
        site=site, company=company, method=PaymentMethod.CHEQUE, received_on=today(),
        amount=Decimal(30), shares=(), reference=f"{mark}-cheque", acting_user=None,
    )  # fmt: skip
    rule = WithholdingRule(company=company, kind="rent", period=Period(today()), rate=5)
    return {
        "billing.payment": cheque,
        "billing.withholdingrule": keep_withholding(rule=rule, acting_user=None),
    }


def _books(lessor: Lessor, mark: str) -> dict[str, Any]:
    """Before anything happened: a closed month, its return and its file."""
    month = dt.date(2019, 1, 1)
    closing = MonthClosing.objects.create(
        lessor=lessor, month=month, closed_at=timezone.now(), reason=f"{mark}-closing"
    )
    declared = VatReturn.objects.create(
        lessor=lessor, period=Period(month, dt.date(2019, 2, 1)), basis=VatBasis.COLLECTION,
        rows=[], totals=[], made_at=timezone.now(),
    )  # fmt: skip
    export = JournalExport(
        lessor=lessor, journal=Journal.SALES, period=Period(month, dt.date(2019, 2, 1)),
        layout="sage", pieces=0, made_at=timezone.now(),
    )  # fmt: skip
    export.file.save("x", ContentFile(b"x"))
    return {
        "billing.monthclosing": closing,
        "billing.vatreturn": declared,
        "billing.journalexport": export,
    }


def _dunned(site: Site, invoice: Invoice, mark: str) -> dict[str, Any]:
    """What becomes of an invoice that nobody pays."""
    step, *_later = begin_steps(site=site, acting_user=None)
    letter = DunningLetter(
        number=f"{mark}-reminder", site=site, company=invoice.company, level=step.level,
        on=today(), pay_by=today(), language="fr", total=invoice.total, made_at=timezone.now(),
    )  # fmt: skip
    letter.file.save("x", ContentFile(b"%PDF"))
    pause = pause_reminders(
        invoice=invoice, kind=PauseKind.PLAN, period=Period(today()), reason=f"{mark}-plan",
        acting_user=None,
    )  # fmt: skip
    clause = set_clause(
        lease=Lease.objects.filter(site=site)[0], yearly_rate=Decimal(10),
        clause=f"{mark}-article", acting_user=None,
    )  # fmt: skip
    penalty = Penalty.objects.create(
        invoice=invoice, period=Period(today(), today() + ONE_DAY), base=10, yearly_rate=10,
        amount=1, state="dropped", reason=f"{mark}-gift", made_at=timezone.now(),
    )  # fmt: skip
    asker = User.objects.create_user(f"{mark}-asker@example.org", is_staff=True)
    Membership.objects.create(user=asker, role=Role.FINANCE_OFFICER, site=site)
    write_off = ask_write_off(invoice=invoice, reason=f"{mark}-loss", acting_user=asker)
    return {
        "billing.dunningstep": step,
        "billing.dunningletter": letter,
        "billing.dunningpause": pause,
        "billing.penaltyclause": clause,
        "billing.penalty": penalty,
        "billing.doubtful": invoice.doubts.get(),
        "billing.writeoff": write_off,
    }


def _bank(site: Site, mark: str) -> dict[str, Any]:
    mapping = keep_mapping(
        lessor=site.lessor,
        name=f"{mark}-mapping",
        columns={"booked": "Date", "amount": "Montant", "words": "Motif"},
        acting_user=None,
    )
    statement = import_statement(
        lessor=site.lessor,
        name=f"{mark}-statement",
        data=f"Date;Montant;Motif\n{today():%d/%m/%Y};10,00;{mark}-words\n".encode(),
        acting_user=None,
    ).statement
    return {
        "billing.csvmapping": mapping,
        "billing.bankstatement": statement,
        "billing.bankline": statement.lines.get(),
    }


def of_no_site() -> dict[str, Any]:
    """One row of every kind that belongs to the whole network."""
    user = User.objects.create_user("client@example.org", is_staff=True)
    issue_token(
        email=user.email, client="net-token", days=30, sites=[], read_only=True, acting_user=None
    )
    numbering.start_at(scope="lessor", series="net-series", year=2026, number=7)
    erase(instances=[User.objects.create_user("gone@example.org")], acting_user=None, reason="x")
    interval = IntervalSchedule.objects.create(every=1, period="minutes")
    endpoint = keep_endpoint(
        endpoint=WebhookEndpoint(name="net-hook", url="https://portal.example/", every_site=True),
        acting_user=None,
    )
    return {
        "sites.clienttoken": ClientToken.objects.get(),
        "sites.webhookendpoint": endpoint,
        "sites.webhookdelivery": send_test(endpoint=endpoint, acting_user=None),
        "core.counter": Counter.objects.get(series="net-series"),
        "core.erasure": Erasure.objects.get(),
        "django_celery_beat.intervalschedule": interval,
        "django_celery_beat.crontabschedule": CrontabSchedule.objects.create(),
        "django_celery_beat.periodictask": PeriodicTask.objects.create(
            name="net-task", task="core.send_messages", interval=interval
        ),
        "billing.holiday": set_holiday(
            day=dt.date(2026, 5, 29), is_holiday=True, name="net-feast", acting_user=None
        ),
        "applications.retentionrule": RetentionRule.objects.create(state="spam", days=30),
        "tenants.sector": Sector.objects.create(code="ict", name_fr="TIC"),
        "tenants.technology": Technology.objects.create(code="ai", name_fr="IA"),
    }
