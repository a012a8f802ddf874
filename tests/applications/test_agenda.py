"""The agenda's order: changed by whoever keeps the session, followed by papers and minutes."""

import re

import pytest

from accounts.choices import Role
from applications.errors import InConflict, SessionClosed
from applications.models import AgendaItem, Session
from applications.papers import minutes, pack
from applications.selectors.sittings import agenda
from applications.services import agendas, committee
from core.errors import NotAllowed
from sites.models import Site
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def sitting(site: Site, *names: str) -> Session:
    files = [scene.for_committee(scene.application(site, name=name)) for name in names]
    return opinions.sitting(site, files)


def order(session: Session) -> list[str]:
    return [item.application.name for item in session.agenda.order_by("position", "id")]


def named(session: Session, name: str) -> AgendaItem:
    return session.agenda.get(application__name=name)


def test_the_order_is_changed_on_the_page_and_goes_into_papers_and_minutes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sitting(site, "Un", "Deux", "Trois")
    secretary = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    address = f"/staff/sittings/{session.pk}/?lang=en"
    page = secretary.get(address).content.decode()
    assert (page.count("Move up"), page.count("Move down")) == (2, 2)
    item = named(session, "Trois")
    for act in ("move_up", "move_up", "move_up", "move_down"):
        answer = secretary.post(address, {"act": act, "item": item.pk})
        assert answer["Location"].endswith(f"#item-{item.pk}")
    assert order(session) == ["Un", "Trois", "Deux"]
    page = secretary.get(address).content.decode()
    assert re.findall(r"<bdi>(Un|Deux|Trois)</bdi>", page) == order(session)
    for paper, made in ((pack, pack.pack_pdf), (minutes, minutes.minutes_pdf)):
        typed: list[str] = []

        def keep(_template: str, data: object, typed: list[str] = typed) -> bytes:
            typed.append(str(data))
            return b""

        monkeypatch.setattr(paper, "typeset", keep)
        made(session, reader=session.chair)
        first = {name: typed[0].index(f"· {name}") for name in order(session)}
        assert sorted(first, key=lambda name: first[name]) == order(session)


def test_what_somebody_may_not_see_keeps_its_place(site: Site) -> None:
    session = sitting(site, "Un", "Caché", "Deux")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    opinions.declare_conflict(named(session, "Caché").application, officer)
    agendas.move_item(item=named(session, "Deux"), earlier=True, acting_user=officer)
    assert order(session) == ["Deux", "Caché", "Un"]
    assert [row.item.application.name for row in agenda(session, officer)] == ["Deux", "Un"]
    with pytest.raises(InConflict):
        agendas.move_item(item=named(session, "Caché"), earlier=True, acting_user=officer)
    with pytest.raises(NotAllowed):
        agendas.move_item(item=named(session, "Un"), earlier=True, acting_user=session.chair)
    committee.close_session(session=session, acting_user=None)
    with pytest.raises(SessionClosed):
        agendas.move_item(item=named(session, "Un"), earlier=True, acting_user=None)
