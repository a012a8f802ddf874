"""The questions that every application answers: shapes and cleans, never writes."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from applications.forms.questions import PREFIX, fields_of, given_in
from applications.labels import ApplicantKind
from applications.models import Application, Question
from core.errors import DomainError
from core.forms import DecimalFormField
from core.periods import add_months, today
from tenants.choices import LegalForm
from tenants.models import Sector
from tenants.services import check_identifiers

_ANY_SCRIPT: Final = {"dir": "auto"}
"""People write French, Arabic and English into the same fields."""

_MOST_YEARS: Final = 10
"""A later start is a slip of the finger, and its years run out of the calendar."""


class LongTextField(forms.CharField):
    """A text of several lines. Browsers count an emoji as two characters and would cut what is
    pasted: the length is checked here alone."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**_ANY_SCRIPT}


class AnswersForm(forms.Form):
    """All of the questions; the chapters and the requests for information show some."""

    applicant_kind = forms.ChoiceField(
        label=_("who applies"), choices=ApplicantKind, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("name of the company or project"),
        max_length=200,
        widget=forms.TextInput(attrs={**_ANY_SCRIPT, "autocomplete": "organization"}),
    )
    legal_form = forms.ChoiceField(
        label=_("legal form"), choices=LegalForm, initial=LegalForm.NONE, required=False
    )
    ice = forms.CharField(
        label="ICE",
        max_length=20,
        required=False,
        help_text=_("15 digits, if your company has one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    website = forms.URLField(
        label=_("website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(),
        label=_("sectors"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    project = LongTextField(
        label=_("the project"),
        max_length=20_000,
        help_text=_("What you make, for whom, and how far you are."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    team = LongTextField(
        label=_("the team"),
        max_length=20_000,
        required=False,
        help_text=_("Who does what; no identity numbers, please."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    team_size = forms.IntegerField(
        label=_("people in the team"), min_value=1, max_value=2000, initial=1
    )
    wanted_m2 = DecimalFormField(
        label=_("wanted area, m²"),
        min_value=1,
        max_value=10_000,
        max_digits=7,
        decimal_places=2,
        help_text=_("An office for a start-up has 12 to 19 m²."),
    )
    wanted_start = forms.DateField(
        label=_("wanted start"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact_name = forms.CharField(
        label=_("your name"),
        max_length=150,
        widget=forms.TextInput(attrs={**_ANY_SCRIPT, "autocomplete": "name"}),
    )
    contact_phone = PhoneNumberField(
        label=_("phone"),
        region="MA",
        help_text=_("05 22 12 34 56, or with the country's code: +33 …"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
        error_messages={
            "invalid": _("Enter a phone number, such as 06 12 34 56 78 or +212 6 12 34 56 78.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted_start"].widget.attrs["min"] = today().isoformat()

    def keep_only(self, names: Iterable[str]) -> None:
        """Leave these fields, in this order; sectors only where the network has any."""
        asked = [name for name in names if name in self.fields]
        self.fields = {name: self.fields[name] for name in asked}
        if "sectors" in self.fields and not Sector.objects.exists():
            del self.fields["sectors"]

    def clean_ice(self) -> str:
        given: str = self.cleaned_data["ice"]
        try:
            return str(check_identifiers({"ice": given})["ice"])
        except DomainError as error:
            raise ValidationError(error.message) from error

    def clean_wanted_start(self) -> Any:
        day = self.cleaned_data["wanted_start"]
        if day < today():
            raise ValidationError(_("Choose a day from today on."), code="past")
        if day > add_months(today(), 12 * _MOST_YEARS):
            raise ValidationError(_("Choose a day within the next ten years."), code="far")
        return day


class RequestedAnswers(AnswersForm):
    """The fields and the questions of the call that a request for information opened, with what
    they say now. What the request names is asked, whatever else would hide it."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[str],
        application: Application,
        questions: Iterable[Question] = (),
        **kwargs: Any,
    ) -> None:
        initial = {name: getattr(application, name) for name in asked if name != "sectors"}
        if "sectors" in asked:
            initial["sectors"] = list(application.sectors.values_list("code", flat=True))
        for key, answer in (application.answers or {}).items():
            initial[f"{PREFIX}{key}"] = answer
        super().__init__(*args, initial=initial, **kwargs)
        self.keep_only([name for name in self.base_fields if name in asked])
        if "team" in self.fields:  # everybody can say who they are, once it is asked of them
            self.fields["team"].required = True
        self.fields.update(fields_of(questions))

    def changes(self) -> dict[str, Any]:
        """Of a valid form, the clean value of each field of ours."""
        return {
            name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)
        }

    def own_answers(self) -> dict[str, Any]:
        """Of a valid form, the clean answer to each question of the call; None for none."""
        return given_in(self.cleaned_data)
