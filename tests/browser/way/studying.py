"""The officer screens and asks; the applicant answers; reviewers declare, and one scores."""

import re

from playwright.sync_api import FilePayload, expect

from accounts.models import User
from applications.models import Declaration, Document
from tests.browser.way.cast import EMAIL, Way
from tests.browser.way.people import Person, does_next, letters, link, opens_act, submits, uploads
from tests.factories.uploads import jpeg


def is_asked_and_answers(way: Way) -> None:
    officer, who = way.officer, way.applicant
    officer.opens("/staff/applications/board/")
    officer.looks("01_board")
    officer.page.locator(".staff-card a").first.click()
    officer.looks("02_submitted")
    does_next(officer, "start-screening")
    officer.looks("04_screening")
    opens_act(officer, "request-information")
    officer.page.check("[name=fields_wanted][value=team]")
    officer.page.check("[name=documents_wanted][value=statutes]")
    officer.page.fill("[name=message]", {"fr": "Qui êtes-vous ?", "ar": "من أنتم؟"}[way.language])
    officer.looks("05_request")
    submits(officer)
    officer.looks("06_requested")
    expect(officer.page.locator(".file-waits")).to_be_visible()

    [letter] = letters()
    signs_in(who, link(letter, "/my/"))
    who.looks("13_asked")
    # Nothing but what was named is open.
    asked = who.page.locator("form[action$='/answer/']")
    names = asked.locator("[name]:not([type=hidden])").evaluate_all("all => all.map(e => e.name)")
    assert names == ["team"]
    expect(asked.locator(".optional")).to_have_count(0)
    opened = who.page.locator("input[type=file]").evaluate_all("all => all.map(e => e.id)")
    assert opened == ["files-statutes", "files-other"]
    picture = FilePayload(name="statuts.jpg", mimeType="image/jpeg", buffer=jpeg())
    uploads(who, "statutes", picture)
    who.page.fill("[name=team]", "Deux ingénieures, مهندستان.")
    who.sends(asked)
    who.looks("14_answered")
    assert (way.file.state, way.file.team) == ("screening", "Deux ingénieures, مهندستان.")
    assert list(Document.objects.order_by("id").values_list("name", flat=True)) == [
        "خطة.pdf", "statuts.jpg",
    ]  # fmt: skip


def signs_in(who: Person, address: str) -> None:
    """By the code of a letter."""
    who.opens(address)
    who.looks("11_address_asked")
    who.page.fill("input[name=email]", EMAIL)
    who.sends("main form")
    code = who.page.locator("input[name=code]")
    who.looks("12_code_asked")
    [letter] = letters()
    (known,) = re.findall(r"^\s*([A-Z0-9]{4,}-?[A-Z0-9]{3,})\s*$", letter, re.MULTILINE)
    code.fill(known)
    with who.page.expect_navigation():
        code.press("Enter")


def is_reviewed(way: Way) -> None:
    officer = way.officer
    officer.opens(f"/staff/applications/application/{way.file.pk}/change/")
    officer.looks("07_answered")
    officer.looks_on_a_phone("07_answered_phone")
    does_next(officer, "send-to-review")
    officer.looks("09_in_review")
    officer.page.locator("a.file-next").click()
    for user in User.objects.filter(email__in=["reviewer@example.org", "conflicted@example.org"]):
        officer.page.check(f"[name=reviewers][value='{user.pk}']")
    officer.looks("10_reviewers")
    submits(officer)
    officer.looks("11_assigned")
    assert len(letters()) == 2
    _declares_a_conflict(way)
    _scores(way)


def _declares_a_conflict(way: Way) -> None:
    conflicted = way.conflicted
    review = way.file.reviews.get(reviewer__email="conflicted@example.org")
    conflicted.opens("/staff/reviews/")
    conflicted.looks("01_reviews")
    conflicted.page.locator(f"a[href$='/reviews/{review.pk}/']").click()
    conflicted.page.check("input[name=conflicted][value=yes]")
    conflicted.page.fill("[name=words]", "Ma sœur y travaille.")
    conflicted.looks("02_declare")
    submits(conflicted)
    conflicted.looks("03_declared")
    _cannot_see(way)


def _scores(way: Way) -> None:
    """On a phone; as far as it goes, by keyboard."""
    reviewer = way.reviewer
    review = way.file.reviews.get(reviewer__email="reviewer@example.org")
    reviewer.opens("/staff/reviews/")
    reviewer.looks("01_reviews")
    reviewer.page.locator(f"a[href$='/reviews/{review.pk}/']").click()
    reviewer.looks("02_declare")
    reviewer.page.check("input[name=conflicted][value=no]")
    with reviewer.page.expect_navigation():
        reviewer.page.keyboard.press("Enter")
    reviewer.page.focus("input[name=points_team]")
    for _press in range(4):
        reviewer.page.keyboard.press("ArrowDown")
    reviewer.page.check("input[name=points_market][value='7']")
    reviewer.page.check("input[name=recommendation][value=admit]")
    reviewer.page.fill("textarea[name=comment]", "Une équipe solide.\nفريق متين.")
    reviewer.looks("03_score")
    with reviewer.page.expect_navigation():
        reviewer.page.click("button[name=submit]")
    reviewer.looks("04_scored")
    reviewer.page.locator(f"a[href$='/reviews/{review.pk}/']").click()
    reviewer.looks("05_read")
    review.refresh_from_db()
    points = {row.criterion.key: row.points for row in review.scores.all()}
    assert (review.state, review.recommendation, points) == (
        "submitted", "admit", {"team": 4, "market": 7},
    )  # fmt: skip


def _cannot_see(way: Way) -> None:
    """Neither the file, nor its documents, nor its papers: for them it is not there."""
    who, file = way.conflicted, way.file
    assert Declaration.objects.get().conflicted
    expect(who.page.locator("#content, main").first).not_to_contain_text(file.name)
    asked = [
        f"/staff/reviews/{file.reviews.get(reviewer__email='conflicted@example.org').pk}/",
        f"/staff/applications/application/{file.pk}/change/",
        f"/staff/applications/application/{file.pk}/pdf/",
        *(f"/staff/documents/{document.pk}/" for document in file.documents.all()),
    ]
    answers = [who.page.request.get(who.base + path) for path in asked]
    assert answers[0].url == f"{who.base}/staff/reviews/"
    assert [answer.status for answer in answers[1:]] == [403, 403, 404, 404]
    assert not any(file.name in answer.text() for answer in answers)
