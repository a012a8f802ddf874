"""Beginning an application: where, under which call, who may; machines, and too much at once."""

from typing import Any

import pytest
from django.test import Client

from applications.forms import opened_now
from applications.models import Application, CallVersion, Question
from sites.models import Site
from tests.factories import calls, scene
from tests.factories.visitor import begin, begun, text

pytestmark = pytest.mark.django_db


def test_deep_link_opens_the_form_for_a_site_in_a_language(client: Client, site: Site) -> None:
    page = client.get("/apply/?site=CAS&lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<input type="hidden" name="site" value="CAS">' in page
    assert Application.objects.count() == 0


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


def test_a_site_that_takes_none_says_so(client: Client, site: Site) -> None:
    other = scene.site("RAB")
    other.takes_applications = False
    other.save()
    assert "Site RAB takes no applications at present." in text(
        client.get("/apply/?site=RAB&lang=en")
    )
    assert client.post("/apply/", begin(other)).status_code == 422


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
