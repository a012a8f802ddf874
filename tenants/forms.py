"""Forms of the staff pages of companies."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from core.forms import DayFormField
from core.uploads import accepted_extensions
from sites.models import Site
from tenants.choices import DeclaredStatus, LegalForm
from tenants.identifiers import compact, ice_key_ok, is_ice
from tenants.models import Company

SHOWN = 8


class IdentityForm(forms.Form):
    """What a company is called and registered as from a day on."""

    since = DayFormField(label=_("since"), help_text=_("The first day of the new identity."))
    name = forms.CharField(label=_("name"), max_length=200)
    legal_form = forms.ChoiceField(label=_("legal form"), choices=LegalForm.choices)
    ice = forms.CharField(label="ICE", max_length=25, required=False)
    if_number = forms.CharField(label="IF", max_length=12, required=False)
    rc_number = forms.CharField(label="RC", max_length=20, required=False)
    rc_court = forms.CharField(label=_("trade register court"), max_length=60, required=False)


class PresenceForm(forms.Form):
    """A site that has to do with the company; its staff see the whole record from then on."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("site"))

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = sites


class DeclarationForm(forms.Form):
    """What became of a company, with where that is seen."""

    status = forms.ChoiceField(
        # Nothing is chosen beforehand: what nobody said is not declared.
        label=_("What became of the company"),
        choices=[("", "—"), *DeclaredStatus.choices],
    )
    on = DayFormField(
        label=_("day it speaks of"),
        help_text=_("Today where it goes on; else the day it merged, was sold or closed."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    headcount = forms.IntegerField(
        label=_("people employed"),
        min_value=0,
        max_value=999_999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    evidence = forms.CharField(
        label=_("evidence"),
        max_length=1000,
        required=False,
        help_text=_("Where it is seen: a page of the trade register, a website, an article."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    file = forms.FileField(label=_("file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(accepted_extensions())


class OwnDeclarationForm(DeclarationForm):
    """As the company itself answers: it knows."""

    status = forms.ChoiceField(
        label=_("What has become of your company?"),
        choices=[
            choice for choice in DeclaredStatus.choices if choice[0] != DeclaredStatus.UNKNOWN
        ],
        widget=forms.RadioSelect,
    )


def check_ice_key(ice: str, reason: str) -> str:
    """What is wrong with the key of an ICE that has the right length, if nobody vouches for it."""
    number = compact(ice)
    if not is_ice(number) or ice_key_ok(number) or reason.strip():
        return ""
    return str(_("The control key of this ICE is wrong. Correct it, or say why it is right."))


def look_alikes(*, name: str, ice: str) -> str:
    """The companies that may be the same one, as a list of links; empty when there is none."""
    found = list(Company.objects.look_alikes(name=name, ice=compact(ice))[:SHOWN])
    if not found:
        return ""
    lines = format_html_join(
        "",
        '<li><a class="underline" href="{}">{}</a> {} {}</li>',
        (
            (
                reverse("admin:tenants_company_change", args=(company.pk,)),
                company.name,
                company.get_legal_form_display(),
                company.ice,
            )
            for company in found
        ),
    )
    return format_html(
        "{}<ul>{}</ul>",
        _("Is it one of these? If not, tick “a new company all the same” and save again."),
        lines,
    )
