"""How pages of the staff site look where Django's or unfold's own look misleads."""

import pytest
from django import forms
from django.urls import reverse
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.choices import Role
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


@pytest.mark.django_db
def test_the_head_of_a_page_names_the_row_and_not_the_app() -> None:
    space = scene.office(scene.site("CAS"), code="B12")
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get(reverse("admin:sites_space_change", args=(space.pk,)), {"lang": "en"})
    head = page.content.decode().partition("<h1")[2].partition("</h1>")[0]
    assert "Sites and spaces" not in head
    assert head.index("Spaces") < head.index("B12")
