"""A file's page, a reviewer's page of it and the preview of a bulk act, among 50,000 applications.

Budget: 40 ms of CPU of the web process; 12 queries, for the staff's page of a file 26 to 30: some
twenty kinds of rows stand there together; no query that takes PostgreSQL longer than 100 ms. The
full file is one that lives: two versions, 20 remarks, 10 tasks, and reviews.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from applications.labels import Visibility
from applications.models import Application, Criterion, Review
from applications.services.conversation import say
from applications.services.requests import answer_request, request_information
from applications.services.reviews import assign, open_review, save_scores
from applications.services.tasks import add_task
from benchmarks.applications import BUDGET, QUERIES, SLOWEST, milliseconds, prepare
from benchmarks.measuring import cpu
from benchmarks.people import person, signed_in
from core.periods import today

QUERIES_OF: Final = {"file": 26, "file, full": 30}
CHOSEN: Final = 50
_SOON: Final = dt.timedelta(days=10)


def lines() -> Iterator[str]:
    """One line per page: CPU, queries, PostgreSQL's slowest."""
    prepare()
    review = full_review()
    newest = Application.objects.filter(state="review").exclude(pk=review.application_id)
    chosen = list(Application.objects.filter(state="submitted").values_list("pk", flat=True))
    staff, reviewer = signed_in(), signed_in(Role.REVIEWER)
    bulk = {"action": "screen_selected", "_selected_action": chosen[:CHOSEN]}
    pages: dict[str, Callable[[], bytes]] = {
        "file": partial(staff.get, _page(newest[0].pk)),
        "file, full": partial(staff.get, _page(review.application_id)),
        "review": partial(reviewer.get, reverse("admin:review", args=(review.pk,))),
        f"bulk preview of {CHOSEN}": partial(
            staff.post, reverse("admin:applications_application_changelist"), bulk
        ),
    }
    for name, ask in pages.items():
        ask()
        with CaptureQueriesContext(connection) as captured:
            ask()
        asked = [query["sql"] for query in captured]
        (taken,) = cpu([ask])
        slowest = max(milliseconds(sql) for sql in asked)
        allowed = QUERIES_OF.get(name, QUERIES)
        good = taken <= BUDGET and len(asked) <= allowed and slowest <= SLOWEST
        yield (
            f"{name:18} {taken:6.1f} ms CPU (budget {BUDGET:.0f}), {len(asked)} queries "
            f"(budget {allowed}), slowest in PostgreSQL {slowest:5.1f} ms (budget {SLOWEST:.0f})"
            f"{'' if good else '   OVER BUDGET'}"
        )


def _page(pk: int) -> str:
    return reverse("admin:applications_application_change", args=(pk,))


def full_review() -> Review:
    """The demo reviewer's open review of a file in which much was said and done; made once."""
    reviewer = person(Role.REVIEWER)
    if known := Review.objects.filter(reviewer=reviewer).first():
        return known
    director = person(Role.DIRECTOR)
    file = Application.objects.filter(state="review", site__code="CAS").earliest("pk")
    criteria = Criterion.objects.filter(version=file.call_version_id)
    due_on = today() + _SOON
    review = assign(application=file, reviewer=reviewer, due_on=due_on, acting_user=director)
    review = open_review(review=review, acting_user=reviewer)
    save_scores(
        review=review,
        points={row.key: 3 for row in criteria},
        words={},
        recommendation="admit",
        comment="Une équipe solide.",
        acting_user=reviewer,
    )
    assign(application=file, reviewer=director, due_on=due_on, acting_user=director)
    request_information(
        application=file, fields=["project"], message="?", due_on=due_on, acting_user=director
    )
    answer_request(
        application=file,
        changes={"project": "\n\n".join([file.project] * 50)},
        acting_user=file.applicant,
    )
    for number in range(20):
        say(
            application=file,
            body=f"{number}. Le prototype tourne depuis mars.",
            visibility=Visibility.STAFF,
            acting_user=director,
        )
    for number in range(10):
        add_task(application=file, words=f"Appeler ({number})", acting_user=director)
    return review
