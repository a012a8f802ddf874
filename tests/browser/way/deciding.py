"""A session of the committee, from its plan to the signed minutes."""

import io

from playwright.sync_api import expect
from pypdf import PdfReader

from applications.models import Session
from core.periods import today
from tests.browser.way.cast import Way
from tests.browser.way.people import Person, does_next


def is_decided_in_a_session(way: Way) -> None:
    session = _planned(way)
    _votes(way, session)
    _settled(way, session)
    way.chair.page.reload()
    way.chair.looks("03_to_sign")
    _does(way.chair, "sign")
    way.chair.looks("04_signed")
    session.refresh_from_db()
    assert (session.state, session.signed_by) == ("signed", session.chair)


def _planned(way: Way) -> Session:
    """With its members and a substitute, the file on its agenda, all of them present."""
    officer, file = way.officer, way.file
    officer.opens(f"/staff/applications/application/{file.pk}/change/")
    officer.looks("12_reviewed")
    does_next(officer, "prepare-for-committee")
    officer.looks("14_ready")
    officer.opens("/staff/applications/session/add/")
    officer.page.select_option("[name=site]", str(way.site.pk))
    officer.page.fill("[name=held_at_0]", today().isoformat())
    officer.page.fill("[name=held_at_1]", "10:00")
    officer.page.fill("[name=place]", "Salle A")
    officer.page.select_option("[name=chair]", label="Chair Démo")
    officer.page.fill("[name=quorum]", "3")
    officer.looks("15_plan")
    with officer.page.expect_navigation():
        officer.page.click("[name=_save]")
    session = Session.objects.get()
    officer.page.wait_for_url(f"**/staff/sittings/{session.pk}/")
    officer.looks("16_planned")
    for name in ("reviewer", "conflicted", "substitute"):
        form = officer.page.locator("form", has=officer.page.locator("[value=add_member]"))
        if not form.is_visible():
            officer.page.locator("details", has=form).locator("summary").click()
        form.locator("select").select_option(label=f"{name.title()} Démo")
        if name == "substitute":
            form.locator("[name=substitute]").check()
        officer.sends(form)
    officer.page.check("[name=applications]")
    _does(officer, "put_on_agenda")
    officer.looks("18_agenda")
    _does(officer, "open")
    for box in officer.page.locator("[name=present]").all():
        box.check()
    _does(officer, "presence")
    officer.looks("19_open")
    return session


def _settled(way: Way, session: Session) -> None:
    officer = way.officer
    officer.opens(f"/staff/applications/application/{way.file.pk}/change/")
    officer.looks("19_on_the_agenda")
    officer.page.locator("a.file-next").click()
    officer.page.wait_for_url(f"**/staff/sittings/{session.pk}/")
    item = officer.page.locator("article")
    item.locator("select").last.select_option("admit")  # who takes the conflicted member's place
    _does(officer, "vote")
    officer.looks("20_voted")
    item.locator("details", has=officer.page.locator("[value=settle]")).locator("summary").click()
    officer.looks("21_settle")
    officer.looks_on_a_phone("21_settle_phone")
    _does(officer, "settle")
    officer.looks("22_settled")
    _does(officer, "close")
    officer.looks("23_closed")


def _votes(way: Way, session: Session) -> None:
    """Each on their own page; who is in conflict has nothing to vote on."""
    for who in (way.chair, way.reviewer):
        who.opens("/staff/sittings/")
        who.looks("01_sessions" if who is way.chair else "06_sessions")
        who.page.locator(f"a[href$='/sittings/{session.pk}/']").click()
        select = who.page.locator("article select:enabled")
        own = select.last if who is way.reviewer else select.first
        own.select_option("admit")
        who.looks("02_vote" if who is way.chair else "07_vote")
        _does(who, "vote")
    who = way.conflicted
    who.opens(f"/staff/sittings/{session.pk}/")
    who.looks("04_session")
    expect(who.page.locator("article")).to_have_count(0)
    expect(who.page.locator("p[role=note]")).to_be_visible()
    expect(who.page.locator("body")).not_to_contain_text(way.file.name)
    papers = {reader.name: _papers(reader, session) for reader in (way.chair, who)}
    assert [name for name, words in papers.items() if way.file.reference in words] == ["chair"]


def _papers(who: Person, session: Session) -> str:
    """The words of the session's papers, as this reader gets them."""
    pdf = who.page.request.get(f"{who.base}/staff/sittings/{session.pk}/papers/").body()
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _does(who: Person, act: str) -> None:
    """A button of the session's page."""
    who.sends(who.page.locator("form", has=who.page.locator(f"[name=act][value={act}]")))
