"""Assigned, declared, scored, handed in; and who sees whose scores."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.errors import BadAssignment, BadReview, NotYours, ReviewClosed
from applications.models import Application, Review
from applications.scoring import Spread
from applications.selectors.assigning import propose, reviewers_at
from applications.selectors.file_page import FilePage
from applications.selectors.scores import scores_of
from applications.selectors.standing import opinions_on, with_standing
from applications.services import reviews
from applications.services.decisions import decide
from applications.services.requests import answer_request
from applications.services.reviews import remind_reviewers
from applications.services.screening import prepare_for_committee
from core.errors import NotAllowed
from core.models import Message
from core.periods import today
from sites.models import Site
from tenants.models import Sector
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def mails(about: str) -> list[str]:
    return list(
        Message.objects.filter(matter__contains=about).order_by("id").values_list("to", flat=True)
    )


def test_a_review_is_assigned_once_told_by_mail_and_may_be_withdrawn(site: Site) -> None:
    officer, who = scene.staff(Role.ADMISSIONS_OFFICER, site), opinions.reviewer(site)
    file = opinions.in_review(site)
    given: dict[str, Any] = {"application": file, "reviewer": who, "acting_user": officer}
    review = reviews.assign(due_on=today(), **given)
    again = reviews.assign(due_on=today() + timedelta(days=5), **given)
    assert (again.pk, again.due_on) == (review.pk, today() + timedelta(days=5))
    assert mails(f"review:{who.pk}") == [who.email]
    reviews.withdraw_review(review=review, reason="Absent.", acting_user=officer)
    assert reviews.assign(due_on=today(), **given).state == "assigned"
    assert Review.objects.count() == 1
    assert len(mails(f"review:{who.pk}")) == 2
    with pytest.raises(NotAllowed):
        reviews.assign(due_on=today(), **{**given, "acting_user": who})
    for wrong, field in (
        ({"due_on": today() - timedelta(days=1)}, "due_on"),
        ({"reviewer": scene.staff(Role.REVIEWER, scene.site("RAB"))}, "reviewer"),
        ({"reviewer": scene.staff(Role.FINANCE_OFFICER, site)}, "reviewer"),
    ):
        with pytest.raises(BadAssignment) as refused:
            reviews.assign(**{"due_on": today(), **given, **wrong})
        assert refused.value.field == field
    with pytest.raises(ReviewClosed):
        reviews.assign(due_on=today(), **{**given, "application": scene.application(site)})


def test_scores_are_kept_in_parts_and_handed_in_whole(site: Site) -> None:
    who = opinions.reviewer(site)
    file = opinions.in_review(site, opinions.rubric(site))
    review = opinions.assigned(file, who)
    kept: dict[str, Any] = {"review": review, "words": {}, "recommendation": "", "comment": "",
                            "acting_user": who}  # fmt: skip
    with pytest.raises(ReviewClosed):  # not declared yet
        reviews.save_scores(points={"team": 3}, **kept)
    reviews.open_review(review=review, acting_user=who)
    with pytest.raises(NotYours):
        reviews.save_scores(points={}, **{**kept, "acting_user": opinions.reviewer(site)})
    for points, field in (({"team": 6}, "points_team"), ({"other": 1}, None)):
        with pytest.raises(BadReview) as wrong:
            reviews.save_scores(points=points, **kept)
        assert wrong.value.field == field
    for missing, points, more in (
        ("points_market", {"team": 3}, {}),
        ("recommendation", {"team": 3, "market": 0}, {}),
        ("comment", {"team": 3, "market": 0}, {"recommendation": "admit"}),
    ):
        reviews.save_scores(points=points, **{**kept, **more})
        with pytest.raises(BadReview) as unfinished:
            reviews.submit_review(review=review, revision=1, acting_user=who)
        assert unfinished.value.field == missing
    reviews.save_scores(
        points={"team": 3, "market": 0},
        **{**kept, "recommendation": "admit", "comment": "Bien."},
    )
    for _click in range(2):
        done = reviews.submit_review(review=review, revision=1, acting_user=who)
    assert (done.state, done.revision) == ("submitted", 1)
    with pytest.raises(ReviewClosed):
        reviews.save_scores(points={}, **kept)


def test_scores_come_together_and_are_hidden_until_ones_own_is_in(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    first, second, third = (opinions.reviewer(site) for _who in range(3))
    file = opinions.in_review(site, opinions.rubric(site))
    opinions.reviewed(file, first, team=5, market=10)
    opinions.reviewed(file, second, team=2, market=2, recommendation="refuse")
    late = reviews.open_review(review=opinions.assigned(file, third), acting_user=third)
    scores = scores_of(file, officer)
    assert [row.percent for row in scores.opinions] == [Decimal("100.00"), Decimal("35.00")]
    assert scores.overall == Spread(
        2, Decimal("67.50"), Decimal("67.50"), Decimal("35.00"), Decimal("100.00"),
        Decimal("32.50"),
    )  # fmt: skip
    assert [(row.criterion.key, row.points.mean, row.points.low) for row in scores.criteria] == [
        ("team", Decimal("3.50"), Decimal(2)),
        ("market", Decimal("6.00"), Decimal(2)),
    ]
    assert scores.recommendations == {"admit": 1, "refuse": 1}
    assert (scores_of(file, third).hidden, scores_of(file, third).opinions) == (True, ())
    assert len(scores_of(file, first).opinions) == 2
    page = doors.signed_in(third).get(f"/staff/reviews/{late.pk}/?lang=en").content.decode()
    assert "Une équipe solide." not in page


def test_aggregates_take_the_same_queries_for_one_review_and_for_many(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = opinions.rubric(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    for count in (1, 5):
        file = opinions.in_review(site, version)
        for _who in range(count):
            opinions.reviewed(file, opinions.reviewer(site))
        file = Application.objects.get(pk=file.pk)
        scores_of(file, officer)  # reads the roles, once per user
        with django_assert_num_queries(4):
            assert len(scores_of(file, officer).opinions) == count


def test_a_review_of_an_earlier_version_says_so_and_can_be_taken_up_again(site: Site) -> None:
    who, officer = opinions.reviewer(site), scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = opinions.in_review(site, opinions.rubric(site))
    review = opinions.reviewed(file, who)
    with pytest.raises(ReviewClosed):
        reviews.reopen_review(review=review, acting_user=who)
    scene.asked(file, ["project"])
    file = answer_request(
        application=file, changes={"project": "Mieux."}, acting_user=file.applicant
    )
    assert [row.outdated for row in scores_of(file, officer).opinions] == [True]
    reviews.reopen_review(review=review, acting_user=who)
    assert scores_of(file, officer).opinions == ()
    # What was read is what counts: the page was opened before the answer came.
    reviews.submit_review(review=review, revision=1, acting_user=who)
    assert [row.outdated for row in scores_of(file, officer).opinions] == [True]
    reviews.reopen_review(review=review, acting_user=officer)
    reviews.submit_review(review=review, revision=2, acting_user=who)
    assert [row.outdated for row in scores_of(file, officer).opinions] == [False]


def test_reminders_come_three_days_before_and_on_the_day_even_after_downtime(site: Site) -> None:
    who = opinions.reviewer(site)
    start = date(2026, 3, 2)
    sent: dict[str, list[int]] = {"daily": [], "after downtime": []}
    with time_machine.travel(start, tick=False):
        daily = opinions.assigned(opinions.in_review(site), who)
        assert daily.due_on == date(2026, 3, 12)
    for day in range(1, 14):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            sent["daily"].append(remind_reviewers() + remind_reviewers())
    assert sent["daily"] == [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0]
    with time_machine.travel(start, tick=False):
        opinions.assigned(opinions.in_review(site), who)
    for day in (3, 20, 21):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            sent["after downtime"].append(remind_reviewers())
    assert sent["after downtime"] == [0, 1, 0]


def test_an_even_share_follows_knowledge_and_load_and_says_what_stands_in_the_way(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    ict = Sector.objects.create(code="ict", name_fr="TIC")
    expert, novice = opinions.reviewer(site), opinions.reviewer(site)
    scene.staff(Role.REVIEWER, scene.site("RAB"))
    opinions.reviewed(opinions.in_review(site, sectors=[ict]), expert)
    file = opinions.in_review(site, sectors=[ict])
    early = scene.application(site)
    rows = Application.objects.filter(pk__in=[file.pk, early.pk])
    propose(rows, officer, wanted=1)  # reads the roles, once per user
    with django_assert_num_queries(10):
        proposed = propose(rows, officer, wanted=1)
    assert [(row.application, row.reviewers, str(row.obstacle)) for row in proposed] == [
        (file, [expert], ""),
        (early, [], "It is not to be reviewed now."),
    ]
    opinions.assigned(file, expert)
    opinions.declare_conflict(file, expert)
    [row, _early] = propose(rows, officer, wanted=2)
    assert (row.reviewers, str(row.obstacle)) == (
        [novice],
        "Not enough reviewers are free of conflict.",
    )
    done = reviews.assign_shares(
        shares=[(early, novice), (file, novice)], due_on=today(), acting_user=officer
    )
    assert [(row.reviewer, row.refusal is None) for row in done] == [
        (novice, False),
        (novice, True),
    ]
    assert str(propose(rows, officer, wanted=1)[0].obstacle) == "It has its reviewers."


def test_the_reviewer_declares_reads_scores_and_hands_in_on_the_pages(site: Site) -> None:
    who = opinions.reviewer(site)
    file = opinions.in_review(site, opinions.rubric(site), project="A <b>secret</b> plan")
    review = opinions.assigned(file, who)
    client = doors.signed_in(who)
    address = f"/staff/reviews/{review.pk}/?lang=en"
    assert file.name in client.get("/staff/reviews/?lang=en").content.decode()
    card = client.get(address).content.decode()
    assert file.name in card
    assert "secret" not in card
    # Scores sent before the declaration are not taken.
    client.post(address, {"points_team": "5", "submit": "", "revision": "1"})
    assert Review.objects.get().state == "assigned"
    assert client.post(address, {"conflicted": "no"}).status_code == 302
    page = client.get(address).content.decode()
    assert "A &lt;b&gt;secret&lt;/b&gt; plan" in page
    assert "5 · excellent" in page
    assert (
        client.post(address, {"points_team": "4", "save": "", "revision": "1"}).status_code == 302
    )
    given = {"points_team": "4", "points_market": "7", "recommendation": "admit", "revision": "1"}
    refused = client.post(address, {**given, "submit": ""})
    assert set(refused.context["form"].errors) == {"comment"}
    done = client.post(address, {**given, "comment": "Bien vu.", "submit": ""})
    assert (done.status_code, Review.objects.get().state) == (302, "submitted")
    assert "78.50 %" not in client.get(address).content.decode()
    assert "77.50 %" in client.get(address).content.decode()
    other = doors.signed_in(opinions.reviewer(site))
    assert other.get(address).status_code == 404
    assert doors.staff_client(Role.FINANCE_OFFICER, site).get(address).status_code == 403


def test_the_reviewer_sees_what_changed_since_they_read(site: Site) -> None:
    who = opinions.reviewer(site)
    file = opinions.in_review(site, project="Un capteur <b>bleu</b> de sol.", team="Deux.")
    review = opinions.reviewed(file, who)
    client = doors.signed_in(who)
    address = f"/staff/reviews/{review.pk}/?lang=en"
    assert "What changed" not in client.get(address).content.decode()
    # Two newer versions: it is the one they read that counts, not the last but one.
    for changes in ({"project": "Un capteur rouge de sol."}, {"team": "Trois."}):
        scene.asked(file, list(changes))
        answer_request(application=file, changes=changes, acting_user=file.applicant)
    page = client.get(address).content.decode()
    assert "Version 3, against version 1" in page
    assert "Un capteur <del>&lt;b&gt;bleu&lt;/b&gt;</del><ins>rouge</ins> de sol." in page
    assert "<del>Deux.</del><ins>Trois.</ins>" in page
    assert file.contact_email not in page
    reviews.reopen_review(review=review, acting_user=who)
    assert "<ins>rouge</ins>" in client.get(address).content.decode()
    reviews.submit_review(review=review, revision=3, acting_user=who)
    assert "<ins>rouge</ins>" not in client.get(address).content.decode()


def test_a_reviewer_in_conflict_sees_no_name_and_no_page(site: Site) -> None:
    who = opinions.reviewer(site)
    file = opinions.in_review(site, name="Argan Secret")
    review = opinions.assigned(file, who)
    client = doors.signed_in(who)
    address = f"/staff/reviews/{review.pk}/?lang=en"
    noted = client.post(address, {"conflicted": "yes", "words": "Associé."}, follow=True)
    assert "The application is no longer shown to you." in noted.content.decode()
    assert client.get(address).status_code == 302
    assert "Argan Secret" not in client.get("/staff/reviews/?lang=en").content.decode()
    assert Review.objects.get().state == "recused"


def test_a_review_that_can_no_longer_be_given_is_awaited_nowhere_and_hides_nothing(
    site: Site,
) -> None:
    file = opinions.in_review(site, opinions.rubric(site))
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    opinions.assigned(file, officer)
    opinions.reviewed(file, opinions.reviewer(site), team=5, market=10)

    client = doors.signed_in(officer)

    def told() -> list[object]:
        (row,) = with_standing(Application.objects.filter(pk=file.pk), officer)
        page = client.get("/staff/applications/application/?lang=en&mine=yes")
        current = Application.objects.get(pk=file.pk)
        return [
            opinions_on(row).pending,
            opinions_on(row).mean is not None,
            scores_of(current, officer).hidden,
            FilePage(current, officer).scores.hidden,
            reviewers_at(site.pk).get(pk=officer.pk).load,
            page.context["cl"].result_count,
        ]

    assert told() == [1, False, True, True, 1, 1]
    prepare_for_committee(application=file, acting_user=None)
    decide(application=file, outcome="admit", acting_user=None)
    assert told() == [0, True, False, False, 0, 0]
