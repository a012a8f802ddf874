"""Once a file is forgotten, nothing personal of it is left anywhere, nor an account for it."""

import datetime as dt
import io
from collections import Counter
from pathlib import Path

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.rights import resource_of
from applications import models as tables
from applications.errors import Anonymised
from applications.models import Application, CoApplicant, Transition
from applications.services import decisions, drafting, letters, retention, screening, waiting
from applications.services.answers import withdraw
from applications.services.co_applicants import invite, may_sign_in
from applications.services.conversation import say
from applications.services.documents import add_document
from applications.services.erasure import WRITTEN
from applications.services.requests import close_request
from applications.services.tasks import add_task
from core.history import personal_columns
from core.models import Erasure, Message
from core.periods import today
from sites.models import Site
from sites.services.people import account_of_applicant
from tests.applications.forgetting import rule, spam
from tests.factories import opinions, scene
from tests.factories.uploads import pdf

pytestmark = pytest.mark.django_db
WORD = "zorglub"
PHONE = "522987654"


def places_that_say(*words: str) -> list[str]:
    """Every table of the database with a row in whose text one of the words stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" r WHERE r::text ILIKE ANY (%s)',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


def written_about(site: Site) -> Application:
    """A file of which everybody has written everywhere, on its site's waiting list."""
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    judge = opinions.reviewer(site)
    file = opinions.in_review(
        site,
        opinions.rubric(site),
        name="Zorglub SARL",
        project="Le Zorglub volant",
        team="Monsieur Zorglub",
        website="https://zorglub.example",
        contact_name="Achille Zorglub",
        contact_email="zorglub@example.org",
        contact_phone=f"+212{PHONE}",
    )
    assert file.applicant is not None
    file.answers = {"stage": WORD}
    file.save(update_fields=["answers"])
    opinions.reviewed(file, judge, comment="Zorglub est solide.")
    content = pdf()
    add_document(
        application=file, key="", file=io.BytesIO(content), name="zorglub.pdf",
        size=len(content), acting_user=officer,
    )  # fmt: skip
    for visibility in ("applicant", "staff"):
        say(application=file, body=f"Zorglub {visibility}", visibility=visibility,
            acting_user=officer)  # fmt: skip
    add_task(
        application=file, words="Rappeler Zorglub", assignee=officer, due_on=today(),
        acting_user=officer,
    )  # fmt: skip
    scene.asked(file, ["project"]).items.get()
    close_request(application=file, reason="Zorglub a rappelé.", acting_user=officer)
    CoApplicant.objects.create(
        application=file,
        email="autre-zorglub@example.org",
        user=User.objects.create_user("autre-zorglub@example.org", name="Zorglub"),
        invited_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    screening.prepare_for_committee(application=file, acting_user=officer)
    session = opinions.sitting(site, [file])
    item = session.agenda.get()
    item.discussion = "Zorglub divise."
    item.save(update_fields=["discussion"])
    opinions.declare_conflict(file, session.members.order_by("-id")[0].user)
    file.declarations.update(words="cousin de Zorglub")
    decisions.decide(
        application=file, outcome="admit_with_conditions", conditions="Sans Zorglub.",
        note="Zorglub!", acting_user=officer,
    )  # fmt: skip
    letters.write_letter(application=file, acting_user=officer)
    decisions.revoke_decision(application=file, reason="Zorglub ment.", acting_user=officer)
    decisions.decide(application=file, outcome="waitlist", acting_user=officer)
    decisions.publish(application=file, acting_user=officer)
    scene.application(site)
    other = scene.decided(scene.application(site), "waitlist")
    decisions.publish(application=other, acting_user=None)
    waiting.move(place=file.places.get(), rank=2, reason="Zorglub attend.", acting_user=officer)
    retention.place_hold(application=file, reason="Zorglub plaide.", acting_user=None)
    message = Message.objects.filter(to=file.contact_email).latest("id")
    LogEntry.objects.create(
        user=officer,
        content_type=ContentType.objects.get_for_model(Message),
        object_id=str(message.pk),
        object_repr=str(message),
        action_flag=CHANGE,
    )
    file.refresh_from_db()
    return file


def funnel() -> Counter[tuple[str, str]]:
    return Counter(Transition.objects.values_list("application__reference", "target"))


def test_nothing_personal_is_left_in_any_table_or_on_disk(site: Site, media: Path) -> None:
    rule("withdrawn", 30)
    file = written_about(site)
    withdraw(application=file, reason="Zorglub renonce.", acting_user=file.applicant)
    file.refresh_from_db()
    assert file.retain_until == today() + dt.timedelta(days=30)
    before, said = funnel(), places_that_say(WORD, PHONE)
    assert {"accounts_user", "applications_application", "core_message"} < set(said)
    assert len(list(media.rglob("documents/*/*"))) == 1
    later = timezone.now() + dt.timedelta(days=40)
    with time_machine.travel(later, tick=False):
        assert retention.anonymise_due() == 0  # the hold
        retention.lift_hold(application=file, reason="Zorglub perd.", acting_user=None)
        assert [retention.anonymise_due(), retention.anonymise_due()] == [1, 0]
    assert places_that_say(WORD, PHONE) == []
    assert list(media.rglob("documents/*/*")) == []
    assert funnel() == before
    file.refresh_from_db()
    taken = file.decisions.order_by("id").values_list("outcome", "conditions", "note")
    assert list(taken) == [("admit_with_conditions", "", ""), ("waitlist", "", "")]
    assert (file.state, file.anonymised_at, file.applicant) == ("withdrawn", later, None)
    assert str(file) == f"{file.reference} · anonymised"
    assert Erasure.objects.filter(table="applications_application", row_id=file.pk).count() == 1
    assert set(Erasure.objects.values_list("reason", flat=True)) == {"retention"}
    assert [user.is_active for user in User.objects.filter(email__startswith="erased-")] == [
        False,
        False,
    ]
    with pytest.raises(Anonymised):
        screening.reopen(application=file, reason="x", acting_user=None)
    with pytest.raises(Anonymised):
        retention.place_hold(application=file, reason="x", acting_user=None)


def test_every_table_with_words_about_a_file_is_known() -> None:
    """A model added later with personal columns and a way to a file is erased too."""
    known = {model for model, _path in WRITTEN} | {Application}
    ours = {getattr(tables, name) for name in tables.__all__}
    kept = [m for m in ours if isinstance(m, type) and issubclass(m, models.Model)]
    assert {model for model in kept if personal_columns(model)} == known
    assert {resource_of(model._meta.label_lower) for model in known} == {
        "application", "review", "committee",
    }  # fmt: skip


def test_the_account_stays_while_something_else_of_theirs_is_left(site: Site) -> None:
    rule("spam", 1)
    first = spam(site, contact_email="a@example.org", name="Un")
    second = scene.application(site, contact_email="a@example.org", name="Deux")
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        assert retention.anonymise_due() == 1
    person = User.objects.get(email="a@example.org")
    assert (person.is_active, person.name) == (True, "Contact Demo")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applicant, first.name, second.applicant, second.name) == (
        None, "", person, "Deux",
    )  # fmt: skip


def test_a_partners_account_stays_while_what_its_portal_began_is_kept(site: Site) -> None:
    """Also when its token ended, and a file in which the partner itself applied is forgotten."""
    rule("spam", 1)
    partner = account_of_applicant(email="p@example.org", name="Incubateur", language="fr")
    drafting.start_draft(site=site, call_version=None, email="porteur@example.org", language="fr",
                channel="api", acting_user=partner)  # fmt: skip
    own = spam(site, contact_email=partner.email)
    assert own.applicant == partner
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        assert retention.anonymise_due() == 1
    partner.refresh_from_db()
    assert (partner.is_active, partner.name, partner.email) == (True, "Incubateur", "p@example.org")


def test_what_was_typed_into_an_expired_draft_goes_too(site: Site) -> None:
    rule("expired", 30)
    draft = drafting.start_draft(
        site=site,
        call_version=None,
        email="zorglub@example.org",
        language="fr",
        typed={"name": "Zorglub", "project": "Zorglub volant"},
    )
    drafting.discard(application=draft, acting_user=None)
    with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
        assert retention.anonymise_due() == 1
    assert places_that_say(WORD) == []
    with pytest.raises(Anonymised):
        drafting.resume_draft(application=draft, acting_user=None)


def test_the_account_goes_of_whoever_was_invited_and_never_came(site: Site) -> None:
    file = scene.application(site)
    invitation = invite(application=file, email="friend@example.org", acting_user=None)
    may_sign_in(invitation=invitation)
    assert User.objects.filter(is_active=True).count() == 2
    screening.mark_spam(application=file, acting_user=None)
    retention.anonymise_now(application=file, reason="x", acting_user=None)
    assert not User.objects.filter(is_active=True).exists()
    assert not User.objects.filter(email__endswith="@example.org").exists()
