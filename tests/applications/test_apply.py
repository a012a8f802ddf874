"""The public form: begun with an address, kept as one types, checked, sent; nothing is lost."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.errors import ImpossibleStep, TooManyLetters
from applications.forms import opened_now
from applications.models import Application, CallVersion, Question
from applications.services import co_applicants, drafting
from core.errors import NotAllowed
from core.models import Message, MessageState
from core.periods import ONE_DAY, Period, end_of, today
from sites.models import Site
from tenants.models import Sector
from tests.factories import calls, doors, scene

pytestmark = pytest.mark.django_db
MIXED = "Été à Fès 🚀 <b>**gras**</b> مشروع \u200fيمين\u200e & l’“idée”\n"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def begin(site: Site, /, **changed: Any) -> dict[str, Any]:
    """The first page, open for a minute."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        opened = opened_now()
    values = {"site": site.code, "email": "Contact@Demo.example", "keep": "on", "opened": opened}
    return {**values, "fax": "", **changed}


def begun(client: Client, site: Site, **changed: Any) -> str:
    """The address of the draft that the client began."""
    answer = client.post("/apply/?lang=en", begin(site, **changed))
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def fill(client: Client, address: str, **changed: Any) -> None:
    """Type the same into every chapter, as the button saves it."""
    for chapter in ("applicant", "project", "space"):
        client.post(f"{address}{chapter}/", scene.typed(**changed))


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_deep_link_opens_the_form_for_a_site_in_a_language(client: Client, site: Site) -> None:
    page = client.get("/apply/?site=CAS&lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<input type="hidden" name="site" value="CAS">' in page
    assert Application.objects.count() == 0


def test_chapter_by_chapter_to_the_sent_application(client: Client, site: Site) -> None:
    sector = Sector.objects.create(code="tic", name_fr="TIC")
    address = begun(client, site)
    (letter,) = Message.objects.all()
    assert (letter.to, letter.language) == ("contact@demo.example", "en")
    assert client.get(address)["Location"] == f"{address}applicant/"
    typed = scene.typed(sectors=["tic"])
    went = [
        client.post(f"{address}{chapter}/", typed)["Location"].removeprefix(address)
        for chapter in ("applicant", "project", "space")
    ]
    assert went == ["project/", "space/", "send/"]
    assert client.get(address)["Location"] == f"{address}send/"
    answer = client.get(f"{address}send/")
    page = text(answer)
    for words in ("Argan Démo", "A company", "18,5", "SARL", "TIC", "contact@demo.example"):
        assert words in page
    # As people write a day, and close to its name: the element keeps every space it holds.
    day = f'dir="auto">{today():%d/%m/%Y}</dd>'
    assert day in answer.content.decode()
    refused = client.post(f"{address}send/", {})
    assert refused.status_code == 422
    assert "We may study your application only with your consent." in text(refused)
    sent = client.post(f"{address}send/", {"consent": "on"})
    file = Application.objects.get()
    assert file.reference in text(client.get(sent["Location"]))
    assert client.get(address)["Location"] == f"/my/{file.reference}/"
    shown = {
        field: getattr(file, field)
        for field in ("site", "name", "legal_form", "team_size", "wanted_m2", "wanted_start")
    }
    assert shown == {
        "site": site,
        "name": "Argan Démo",
        "legal_form": "sarl",
        "team_size": 3,
        "wanted_m2": Decimal("18.50"),
        "wanted_start": today(),
    }
    assert (file.contact_email, str(file.contact_phone), file.language, file.state) == (
        "contact@demo.example",
        "+212612345678",
        "en",
        "submitted",
    )
    assert list(file.sectors.all()) == [sector]
    assert Message.objects.filter(matter=f"application:{file.pk}:received").count() == 1


def test_the_form_keeps_20000_characters_of_mixed_scripts(client: Client, site: Site) -> None:
    address = begun(client, site)
    given = (MIXED * 1000)[:19_999] + "x"
    fill(client, address, project=given.replace("\n", "\r\n"), team=given)
    page = client.get(f"{address}project/").content.decode()
    assert page.count("&lt;b&gt;**gras**&lt;/b&gt;") == 2 * given.count("<b>**gras**</b>")
    assert "<b>**" not in page
    assert "maxlength" not in page.partition("<textarea")[2].partition(">")[0]
    client.post(f"{address}send/", {"consent": "on"})
    file = Application.objects.get()
    assert (file.state, file.project, file.team) == ("submitted", given, given)
    assert (file.revisions.get().answers or {})["project"] == given


@pytest.mark.parametrize(
    ("chapter", "changed", "field"),
    [
        ("applicant", {"name": ""}, "name"),
        ("applicant", {"name": "a" * 201}, "name"),
        ("applicant", {"legal_form": "xyz"}, "legal_form"),
        ("applicant", {"contact_phone": "12"}, "contact_phone"),
        ("applicant", {"ice": "123"}, "ice"),
        ("applicant", {"website": f"https://demo.example/{'a' * 200}"}, "website"),
        ("project", {"team_size": "0"}, "team_size"),
        ("project", {"project": "x" * 20_001}, "project"),
        ("space", {"wanted_m2": "douze"}, "wanted_m2"),
        ("space", {"wanted_m2": "0"}, "wanted_m2"),
        ("space", {"wanted_start": (today() - ONE_DAY).isoformat()}, "wanted_start"),
        ("space", {"wanted_start": "9999-12-31"}, "wanted_start"),
    ],
)
def test_what_is_wrong_is_kept_named_and_keeps_the_rest_from_being_sent(
    client: Client, site: Site, chapter: str, changed: dict[str, str], field: str
) -> None:
    address = begun(client, site)
    fill(client, address)
    refused = client.post(f"{address}{chapter}/", scene.typed(**changed), follow=True)
    assert refused.redirect_chain == [(f"{address}{chapter}/?check#errors", 302)]
    assert set(refused.context["form"].errors) == {field}
    assert f'href="#id_{field}"' in refused.content.decode()
    draft = Application.objects.get()
    assert draft.typed is not None
    assert draft.typed[field] == changed[field]
    last = client.post(f"{address}send/", {"consent": "on"})
    assert last.status_code == 422
    assert f'href="{address}{chapter}/?check#id_{field}"' in last.content.decode()
    assert not client.get(f"{address}{chapter}/").context["form"].errors
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_typing_is_kept_and_shows_what_hangs_on_an_answer(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"))
    calls.question(version, "customers", "number", required=True,
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.in_use(version)
    address = f"{begun(client, site)}project/"
    page = client.get(address).content.decode()
    assert page.count('id="slot_q_customers"') == 1
    assert 'name="q_customers"' not in page
    typing = {"project": "Un", "team_size": "", "shown": ""}
    headers = {"HX-Request": "true"}
    with time_machine.travel("2026-11-25 10:32:05+00:00", tick=False):
        kept = client.post(address, {**typing, "q_stage": "idea"}, headers=headers)
    assert (kept.status_code, text(kept)) == (200, "Saved at 10:32")
    kept = client.post(address, {**typing, "q_stage": "sales"}, headers=headers)
    assert 'name="q_customers"' in kept.content.decode()
    assert 'value="q_customers"' in kept.content.decode()
    draft = Application.objects.get()
    assert draft.typed == {"project": "Un", "team_size": "", "q_stage": "sales"}
    # Without scripts the button comes back with the question that the answer asks.
    again = client.post(address, {**scene.typed(), "q_stage": "sales", "shown": ""}, follow=True)
    assert set(again.context["form"].errors) == {"q_customers"}
    on = client.post(
        address, {**scene.typed(), "q_stage": "sales", "q_customers": "12", "shown": "q_customers"}
    )
    assert on["Location"].endswith("/space/")
    left = client.post(address, {"project": "Deux", "leaving": "1"})
    assert left.status_code == 204
    draft.refresh_from_db()
    assert draft.typed is not None
    assert (draft.typed["project"], draft.typed["q_customers"]) == ("Deux", "12")


def test_two_tabs_take_nothing_back_from_each_other(client: Client, site: Site) -> None:
    address = begun(client, site)
    fill(client, address, project="Un\nDeux", team="Amina", sectors=[])
    page = f"{address}project/"

    def opened() -> str:
        (seen,) = re.findall(r'name="seen" value="([^"]*)"', client.get(page).content.decode())
        return str(seen)

    def types(seen: str, **fields: str) -> str:
        """Both texts stand in the page, whatever was changed; the answer has the page's marks."""
        typed = {"project": "Un\r\nDeux", "team": "Amina", "team_size": "3", **fields}
        kept = client.post(page, {**typed, "seen": seen}, headers={"HX-Request": "true"})
        (seen,) = re.findall(r'name="seen"\s+value="([^"]*)"', kept.content.decode())
        return str(seen)

    def stands() -> tuple[Any, Any]:
        typed = Application.objects.get().typed or {}
        return typed["project"], typed["team"]

    one = other = opened()
    one = types(one, project="Un seul")
    other = types(other, team="Amina, Yassine")
    assert stands() == ("Un seul", "Amina, Yassine")
    # What was changed comes back too, in the tab where it was changed.
    types(one)
    assert stands() == ("Un\nDeux", "Amina, Yassine")
    types(other, team="Yassine")
    assert stands() == ("Un\nDeux", "Yassine")
    # Without scripts likewise; and a page that shows nothing yet says everything.
    client.post(page, {**scene.typed(), "project": "Un\r\nDeux", "team": "", "seen": opened()})
    assert stands() == ("Un\nDeux", "")


def test_who_may_apply_is_said_before_anything_is_kept(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.in_use(version)
    asked = client.get("/apply/?site=CAS&lang=en")
    assert list(asked.context["form"].fields) == ["q_stage"]
    refused = client.get("/apply/?site=CAS&call=call&q_stage=idea")
    assert refused.status_code == 422
    assert "With this answer one cannot apply here." in text(refused)
    assert client.post("/apply/", begin(site, q_stage="idea")).status_code == 422
    assert Application.objects.count() == 0
    page = client.get("/apply/?site=CAS&call=call&q_stage=sales").content.decode()
    assert '<input type="hidden" name="q_stage" value="sales">' in page
    begun(client, site, q_stage="sales")
    assert Application.objects.get().typed == {"q_stage": "sales"}


def test_what_staff_write_into_a_call_is_text_and_no_markup(client: Client, site: Site) -> None:
    version = calls.draft(site)
    written = calls.words("<b>label</b>") | calls.words("<b>help</b>", "help")
    question = calls.question(version, "one", "text")
    Question.objects.filter(pk=question.pk).update(**written)
    texts = calls.words("<b>text</b>", "text")
    CallVersion.objects.filter(pk=version.pk).update(**texts)
    calls.in_use(version)
    pages = (client.get("/apply/?site=CAS&lang=en"), client.get(f"{begun(client, site)}project/"))
    shown = "".join(page.content.decode() for page in pages)
    assert "<b>" not in shown
    for words in ("label", "help", "text"):
        assert f"&lt;b&gt;{words}&lt;/b&gt; (en)" in shown


def test_several_open_calls_are_a_choice(client: Client, site: Site) -> None:
    for code in ("one", "two"):
        calls.in_use(calls.draft(site, code=code))
    page = client.get("/apply/?site=CAS").content.decode()
    assert [f"?site=CAS&amp;call={code}" in page for code in ("one", "two", "three")] == [
        True,
        True,
        False,
    ]
    begun(client, site, call="two")
    draft = Application.objects.get()
    assert draft.call_version is not None
    assert draft.call_version.call.code == "two"


def test_a_draft_is_its_authors_alone(client: Client, site: Site) -> None:
    address = begun(client, site)
    draft = Application.objects.get()
    stranger = Client()
    pages = [address, *(f"{address}{page}/" for page in ("applicant", "send", "no-such-chapter"))]
    # Who is not signed in is sent to do so, whether there is such a draft or not.
    for unknown in (*pages, "/apply/A2020-0001/send/"):
        assert stranger.get(unknown)["Location"] == f"/account/login/code/?next={unknown}"
    somebody = doors.signed_in(User.objects.create_user("x@demo.example"), second_factor=False)
    assert [somebody.get(page).status_code for page in pages] == [404] * 4
    assert stranger.post(f"{address}applicant/", scene.typed()).status_code == 404
    assert stranger.post(f"{address}give-up/").status_code == 404
    # The letter opens it on another device; so does signing in, here and there.
    (link,) = re.findall(r"/apply/resume/\S+/", Message.objects.get().body)
    assert stranger.get(link)["Location"] == address
    assert stranger.get(f"{address}applicant/").status_code == 200
    assert Client().get(link.replace("resume/", "resume/x")).status_code == 404
    assert draft.applicant is not None
    assert doors.signed_in(draft.applicant, second_factor=False).get(address).status_code == 302
    client.force_login(draft.applicant, backend=doors.BACKEND)
    assert client.get(f"{address}applicant/").status_code == 200
    page = client.get(f"{address}applicant/")
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_address_is_put_right_and_its_link_dies(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.wanted(version, "plan")
    calls.in_use(version)
    address = begun(client, site, email="typo@demo.example")
    draft = Application.objects.get()
    (letter,) = Message.objects.all()
    (old,) = re.findall(r"/apply/resume/\S+/", letter.body)
    stranger, begun_elsewhere = Client(), Client()
    for other in (stranger, begun_elsewhere):
        assert other.get(old)["Location"] == address
    assert "was refused" not in text(client.get(f"{address}applicant/"))
    Message.objects.update(state=MessageState.FAILED)
    for chapter in ("applicant", "documents", "send"):
        assert "Our letter to typo@demo.example was refused" in text(
            client.get(f"{address}{chapter}/")
        )
    refused = client.post(f"{address}address/", {"email": "nobody"}, follow=True)
    assert "Enter a valid email address." in text(refused)
    assert Client().post(f"{address}address/", {"email": "thief@demo.example"}).status_code == 404
    put_right = client.post(f"{address}address/", {"email": " Right@Demo.example "}, follow=True)
    assert "The link to this draft is on its way to right@demo.example." in text(put_right)
    assert "was refused" not in text(put_right)
    draft.refresh_from_db()
    assert draft.applicant == User.objects.get(email="right@demo.example")
    assert draft.contact_email == "right@demo.example"
    # Whoever has the wrong address reads nothing any more; the right one opens it anywhere.
    assert stranger.get(old).status_code == 404
    assert begun_elsewhere.get(f"{address}applicant/").status_code == 302
    assert begun_elsewhere.post(f"{address}applicant/", scene.typed()).status_code == 404
    assert "right@demo.example" in text(client.get(f"{address}send/"))
    (new,) = re.findall(r"/apply/resume/\S+/", Message.objects.latest("id").body)
    assert Client().get(new)["Location"] == address
    # The same address has the letter sent once more, in measure.
    for _number in range(4):
        client.post(f"{address}address/", {"email": "right@demo.example"})
    assert Message.objects.filter(to="right@demo.example").count() == 5
    many = client.post(f"{address}address/", {"email": "right@demo.example"}, follow=True)
    assert "Many letters have left for this draft" in text(many)
    assert Message.objects.filter(to="right@demo.example").count() == 5


def test_only_its_author_gives_a_draft_to_another_address(site: Site) -> None:
    draft = scene.draft(site)
    invitation = co_applicants.invite(
        application=draft, email="friend@demo.example", acting_user=draft.applicant
    )
    co_applicants.may_sign_in(invitation=invitation)
    friend = User.objects.get(email="friend@demo.example")
    co_applicants.join(invitation=invitation, acting_user=friend)
    for user in (friend, scene.staff(Role.ADMISSIONS_OFFICER, site)):
        with pytest.raises(NotAllowed):
            drafting.correct_address(application=draft, email=user.email, acting_user=user)
    for number in range(drafting.MOST_LETTERS):
        drafting.correct_address(
            application=draft, email=f"{number}@demo.example", acting_user=None
        )
    with pytest.raises(TooManyLetters):
        drafting.correct_address(application=draft, email="x@demo.example", acting_user=None)
    draft.refresh_from_db()
    drafting.discard(application=draft, acting_user=draft.applicant)
    with pytest.raises(ImpossibleStep):
        drafting.correct_address(
            application=draft, email="x@demo.example", acting_user=draft.applicant
        )


def test_an_expired_draft_is_taken_up_by_a_button(client: Client, site: Site) -> None:
    address = begun(client, site)
    draft = Application.objects.get()
    (link,) = re.findall(r"/apply/resume/\S+/", Message.objects.get().body)
    assert draft.applicant is not None
    # The browser that began it, one that has the letter, and its author signed in.
    author = doors.signed_in(draft.applicant, second_factor=False)
    for browser, way in ((client, address), (Client(), link), (author, f"/my/{draft.reference}/")):
        drafting.discard(application=draft, acting_user=draft.applicant)
        for page in (way, f"{address}applicant/"):
            shown = browser.get(page, follow=True)
            assert shown.templates[0].name == "applications/draft_expired.html"
        draft.refresh_from_db()
        assert draft.state == "expired"
        assert browser.post(address)["Location"] == address
        assert browser.get(f"{address}applicant/").status_code == 200
        draft.refresh_from_db()
        assert draft.state == "draft"
    assert Client().post(address).status_code == 404
    given_up = client.post(f"{address}give-up/", follow=True)
    assert "The draft is given up." in text(given_up)
    Application.objects.update(anonymised_at=timezone.now())
    assert client.get(address).status_code == 404


def test_whom_the_applicant_invited_does_not_take_up_what_was_given_up(site: Site) -> None:
    draft = scene.draft(site)
    invitation = co_applicants.invite(
        application=draft, email="friend@demo.example", acting_user=draft.applicant
    )
    co_applicants.may_sign_in(invitation=invitation)
    friend = User.objects.get(email="friend@demo.example")
    co_applicants.join(invitation=invitation, acting_user=friend)
    drafting.discard(application=draft, acting_user=draft.applicant)
    browser = doors.signed_in(friend, second_factor=False)
    refused = browser.post(f"/apply/{draft.reference}/?lang=en", follow=True)
    assert "You do not have the right to do this." in text(refused)


def test_a_call_that_closed_leads_to_another(client: Client, site: Site) -> None:
    calls.in_use(calls.draft(site, code="spring", period=Period.through(today(), today())))
    address = begun(client, site)
    fill(client, address, wanted_start=(today() + 9 * ONE_DAY).isoformat())
    chapter = f"{address}project/"

    def told(at: datetime) -> list[str]:
        """On the page, and on one that was open already, as it is typed on."""
        headers = {"HX-Request": "true"}
        with time_machine.travel(at, tick=False):
            pages = (client.get(chapter), client.post(chapter, {"project": "x"}, headers=headers))
        return [
            next((said for said in ("within the hour", "is closed") if said in text(page)), "")
            for page in pages
        ]

    over = end_of(today())
    assert told(over - timedelta(minutes=1)) == ["", ""]
    assert told(over + timedelta(minutes=59)) == ["within the hour"] * 2
    assert told(over + timedelta(minutes=61)) == ["is closed"] * 2
    other = calls.in_use(calls.draft(site, code="standing"))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        refused = client.post(f"{address}send/", {"consent": "on"})
        assert refused.status_code == 422
        assert "This call is closed" in text(refused)
        assert "Go on under « Call standing (en) »" in text(refused)
        client.post(f"{address}move/", {"call": other.pk})
        assert client.post(f"{address}send/", {"consent": "on"}).status_code == 302
    file = Application.objects.get()
    assert (file.state, file.call_version, file.name) == ("submitted", other, "Argan Démo")


def test_two_sites_are_two_linked_applications(client: Client, site: Site) -> None:
    other = scene.site("RAB")
    calls.in_use(calls.draft(site, other))
    address = begun(client, site)
    fill(client, address, also_at=["RAB"])
    sent = client.post(f"{address}send/", {"consent": "on"})
    first, second = Application.objects.order_by("id")
    assert (second.sister_of, second.site, second.state) == (first, other, "submitted")
    page = text(client.get(sent["Location"]))
    assert (first.reference in page, second.reference in page) == (True, True)


def test_received_page_opens_with_its_own_address_only(client: Client, site: Site) -> None:
    scene.application(site)
    assert client.get("/apply/received/A2026-0001/").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"fax": "+1 555"}, {"opened": "forged"}, {"opened": None}, {"keep": ""}, {"email": "nobody"}],
    ids=str,
)
def test_machines_and_mistakes_get_the_form_back(
    client: Client, site: Site, changed: dict[str, Any]
) -> None:
    changed = {"opened": opened_now()} if changed.get("opened", "") is None else changed
    response = client.post("/apply/?lang=en", begin(site, **changed))
    assert (response.status_code, Application.objects.count()) == (422, 0)
    assert f'value="{changed.get("email", "Contact@Demo.example")}"' in response.content.decode()
    hasty = "Please read your answers once more, then send them again."
    assert (hasty in text(response)) == ("fax" in changed or "opened" in changed)


def test_limits_per_address_and_per_email(client: Client, site: Site) -> None:
    """Known or not, an address is answered the same."""
    many = [
        client.post("/apply/", begin(site, email=f"a{n}@demo.example")).status_code
        for n in range(21)
    ]
    assert many == [302] * 20 + [429]
    same = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post("/apply/", begin(site)).status_code for n in range(6)
    ]
    assert same == [302] * 5 + [429]


def test_a_site_that_takes_none_says_so(client: Client, site: Site) -> None:
    other = scene.site("RAB")
    other.takes_applications = False
    other.save()
    assert "Site RAB takes no applications at present." in text(
        client.get("/apply/?site=RAB&lang=en")
    )
    assert client.post("/apply/", begin(other)).status_code == 422


def test_a_chapter_costs_the_same_however_much_is_asked(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "one", "text")
    calls.wanted(version, "plan")
    calls.in_use(version)
    other = calls.draft(scene.site("RAB"), code="long")
    for number in range(30):
        calls.question(other, f"q{number}", "choice", choices=calls.choices("a", "b"))
        calls.wanted(other, f"d{number}")
    calls.in_use(other)
    costs = []
    for where in (site, Site.objects.get(code="RAB")):
        address = begun(client, where)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address}project/")
        costs.append(len(asked))
    assert costs == [9, 9]
