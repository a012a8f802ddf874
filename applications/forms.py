"""The public application form: shapes and cleans, never writes."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from applications.labels import ApplicantKind
from applications.models import Application
from applications.services.submission import Answers
from core.forms import DecimalFormField
from core.periods import today
from sites.models import Site
from tenants.choices import LegalForm
from tenants.models import Sector

FASTEST: Final = 3.0
"""Seconds: nobody fills the form in less; machines do."""

_SALT: Final = "apply"


def opened_now() -> str:
    """When the form was opened, signed."""
    return signing.dumps(time.time(), salt=_SALT)


def opened_at(stamp: str) -> float | None:
    """When that was, in seconds; None when the stamp is not ours. An old tab is still good."""
    try:
        since: float = signing.loads(stamp, salt=_SALT)
    except signing.BadSignature:
        return None
    return since


if TYPE_CHECKING:
    _SiteField = forms.ModelChoiceField[Site]
else:
    _SiteField = forms.ModelChoiceField  # generic for the type checker only


class SiteChoiceField(_SiteField):
    """Sites by their code, as deep links name them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Site.objects.filter(takes_applications=True), to_field_name="code", **kwargs
        )

    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.name} ({obj.city})" if obj.city not in obj.name else obj.name


class ApplicationForm(forms.Form):
    """What a newcomer tells us; `answers()` is what the service takes."""

    FIELDSETS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
        (_("Where"), ("site",)),
        (
            _("Who you are"),
            ("applicant_kind", "name", "legal_form", "ice", "website", "sectors"),
        ),
        (_("Your project"), ("project", "team", "team_size")),
        (_("The space you need"), ("wanted_m2", "wanted_start")),
        (_("How to reach you"), ("contact_name", "contact_email", "contact_phone")),
    )

    site = SiteChoiceField(label=_("site"), empty_label=_("Choose a site"))
    applicant_kind = forms.ChoiceField(
        label=_("who applies"), choices=ApplicantKind, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("name of the company or project"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
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
    project = forms.CharField(
        label=_("the project"),
        max_length=20_000,
        help_text=_("What you make, for whom, and how far you are."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    team = forms.CharField(
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
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_email = forms.EmailField(
        label=_("e-mail"),
        help_text=_("You will open your file with a code sent to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
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
    consent = forms.BooleanField(
        label=_("I have read the notice above and agree that my answers are used for this."),
        error_messages={"required": _("We may study your application only with your consent.")},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput)
    # A field that people do not see and machines fill in.
    fax = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "submission_key": uuid4(),
            "opened": opened_now(),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["wanted_start"].widget.attrs["min"] = today().isoformat()
        if not Sector.objects.exists():
            del self.fields["sectors"]

    def clean_wanted_start(self) -> Any:
        day = self.cleaned_data["wanted_start"]
        if day < today():
            raise ValidationError(_("Choose a day from today on."), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since = opened_at(cleaned.get("opened", ""))
        if cleaned.get("fax") or since is None or time.time() - since < FASTEST:
            # People who are merely fast lose nothing: their answers stay in the form.
            raise ValidationError(
                _("Please read your answers once more, then send them again."), code="hasty"
            )
        return cleaned

    def fieldsets(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """The visible fields by chapter."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.FIELDSETS
        ]

    def answers(self) -> Answers:
        """Of a valid form."""
        given = self.cleaned_data
        return Answers(
            applicant_kind=given["applicant_kind"],
            name=given["name"],
            project=given["project"],
            team_size=given["team_size"],
            wanted_m2=given["wanted_m2"],
            wanted_start=given["wanted_start"],
            contact_name=given["contact_name"],
            contact_email=given["contact_email"],
            contact_phone=str(given["contact_phone"]),
            legal_form=given["legal_form"] or LegalForm.NONE,
            ice=given["ice"],
            website=given["website"],
            team=given["team"],
            sectors=list(given.get("sectors", [])),
        )


class RequestedAnswers(ApplicationForm):
    """The fields that a request for information opened, with what they say now."""

    def __init__(
        self, *args: Any, asked: Iterable[str], application: Application, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            name: getattr(application, name) for name in asked if name != "sectors"
        }
        if "sectors" in asked:
            kwargs["initial"]["sectors"] = list(application.sectors.values_list("code", flat=True))
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(asked):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        # No machine gets here: only the applicant's own page shows these fields.
        return self.cleaned_data
