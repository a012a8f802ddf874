"""How pages of the staff site look where Django's or unfold's own look misleads."""

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.choices import Role
from sites.admin.columns import phone_in_words
from sites.admin.work import WorkForm
from tests.factories import doors, scene


class Reasons(WorkForm):
    reasons = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )


def test_several_boxes_have_their_label_above_and_keep_their_choices() -> None:
    field = Reasons().fields["reasons"]
    assert type(field.widget) is UnfoldAdminCheckboxSelectMultipleWidget
    assert list(field.widget.choices) == [("a", "A"), ("b", "B")]
    assert 'type="checkbox"' in str(Reasons()["reasons"])


class Secret(WorkForm):
    word = forms.CharField(widget=forms.PasswordInput)


def test_a_password_has_a_frame_to_type_in() -> None:
    assert "border" in Secret().fields["word"].widget.attrs["class"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", "05\xa022\xa000\xa000\xa039"), ("ar", "\u206605\xa022\xa000\xa000\xa039\u2069")],
)
def test_a_phone_reads_as_people_say_it(language: str, shown: str) -> None:
    with translation.override(language):
        assert phone_in_words("+212522000039") == shown


@pytest.mark.django_db
def test_the_head_of_a_page_names_the_row_and_not_the_app() -> None:
    space = scene.office(scene.site("CAS"), code="B12")
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get(reverse("admin:sites_space_change", args=(space.pk,)), {"lang": "en"})
    head = page.content.decode().partition("<h1")[2].partition("</h1>")[0]
    assert "Sites and spaces" not in head
    assert head.index("Spaces") < head.index("B12")


@pytest.mark.django_db
def test_the_export_says_which_columns_the_file_will_hold() -> None:
    scene.office(scene.site("CAS"))
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get(reverse("admin:sites_space_export"), {"lang": "en"}).content.decode()
    assert "site_code, building_code, floor_code, code, kind" in page
