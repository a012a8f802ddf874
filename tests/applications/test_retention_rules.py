"""Rules say until when a file is kept; they are the network's."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.choices import Role
from applications.models import Application, RetentionRule
from applications.services import retention, screening
from core.periods import today
from sites.models import Site
from tests.applications.forgetting import rule, spam
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


def test_dates_follow_ends_reopening_and_rules(site: Site) -> None:
    file, other = spam(site), spam(site)
    assert file.retain_until is None  # no rule: kept
    made = rule("spam", 10)
    file.refresh_from_db()
    assert file.retain_until == today() + dt.timedelta(days=10)
    screening.reopen(application=file, reason="x", acting_user=None)
    made.days = 20
    retention.save_rule(rule=made, acting_user=None)
    assert list(Application.objects.order_by("id").values_list("retain_until", flat=True)) == [
        None, today() + dt.timedelta(days=20),
    ]  # fmt: skip
    assert screening.mark_spam(application=file, acting_user=None).retain_until == (
        today() + dt.timedelta(days=20)
    )
    retention.delete_rule(rule=made, acting_user=None)
    assert set(Application.objects.values_list("retain_until", flat=True)) == {None}
    assert other.anonymised_at is None


def test_rules_are_the_networks(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    address = "/staff/applications/retentionrule/add/"
    assert director.post(address, {"state": "spam", "days": "0"}).status_code == 200
    assert director.post(address, {"state": "spam", "days": "5"}).status_code == 302
    made = RetentionRule.objects.get()
    file = spam(site)
    assert file.retain_until == today() + dt.timedelta(days=5)
    assert director.post(
        f"/staff/applications/retentionrule/{made.pk}/delete/", {"post": "yes"}
    ).status_code == 302  # fmt: skip
    file.refresh_from_db()
    assert file.retain_until is None
    here = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert here.post(address, {"state": "spam", "days": "5"}).status_code == 403


def test_a_rule_that_lets_go_of_files_at_once_is_saved_the_second_time(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    address = "/staff/applications/retentionrule/add/?lang=en"
    gone, young, held, other = spam(site), spam(site), spam(site), scene.application(site)
    retention.place_hold(application=held, reason="x", acting_user=None)
    long_ago = timezone.now() - dt.timedelta(days=9)
    kept = Application.objects.exclude(pk=young.pk)
    kept.update(state_since=long_ago)
    asked = director.post(address, {"state": "spam", "days": "10"})
    told = "1 file would be anonymised for good in the coming night. Save again to agree."
    form = asked.context["adminform"].form
    assert (form.errors, form["agreed"].value()) == ({"days": [told]}, "1")
    assert not RetentionRule.objects.exists()
    # Another one has come of age meanwhile.
    Application.objects.filter(pk=young.pk).update(state_since=long_ago)
    again = director.post(address, {"state": "spam", "days": "10", "agreed": "1"})
    assert again.context["adminform"].form["agreed"].value() == "2"
    agreed = director.post(address, {"state": "spam", "days": "10", "agreed": "2"})
    assert agreed.status_code == 302
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert retention.anonymise_due() == 2
    left = Application.objects.filter(anonymised_at=None)
    assert set(left) == {held, other}
    assert {gone, young}.isdisjoint(left)


def test_a_rule_that_speaks_of_another_end_frees_the_first(site: Site) -> None:
    file, made = spam(site), rule("spam", 10)
    file.refresh_from_db()
    assert file.retain_until is not None
    made.state = "withdrawn"
    retention.save_rule(rule=made, acting_user=None)
    file.refresh_from_db()
    assert file.retain_until is None
