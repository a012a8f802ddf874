"""The forms in which staff decide on an application."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.labels import DeclineReason
from applications.selectors import Candidate
from core import formats
from core.periods import ONE_DAY, Period, add_months, today
from sites.admin.columns import language
from sites.admin.work import WorkForm
from sites.choices import TenantKind

OPEN_FOR = dt.timedelta(days=10)


class SearchForm(WorkForm):
    """From when, until when and as what: what the free spaces and the terms follow from."""

    tenant_kind = forms.ChoiceField(label=_("kind of tenant"), choices=TenantKind)
    start = forms.DateField(label=_("first day"))
    last_day = forms.DateField(label=_("last day, included"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, last = given.get("start"), given.get("last_day")
        if start and last and last < start:
            raise ValidationError({"last_day": _("The last day is before the first.")})
        return given

    @property
    def period(self) -> Period:
        return Period.through(self.cleaned_data["start"], self.cleaned_data["last_day"])


def usual_search(wanted_start: dt.date) -> dict[str, str]:
    """Three years from the wanted day, as a start-up."""
    start = max(wanted_start, today())
    return {
        "tenant_kind": TenantKind.STARTUP.value,
        "start": start.isoformat(),
        "last_day": (add_months(start, 36) - ONE_DAY).isoformat(),
    }


class OfferForm(WorkForm):
    """Which of the free spaces, and until when the offer stands."""

    space = forms.ChoiceField(label=_("space"), widget=forms.RadioSelect)
    open_until = forms.DateField(
        label=_("open until"), help_text=_("The space is held until the end of that day.")
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(each.space.pk): each for each in candidates}
        space: Any = self.fields["space"]
        space.choices = [(key, _in_words(each)) for key, each in self.by_key.items()]
        self.fields["open_until"].initial = today() + OPEN_FOR

    def clean_open_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["open_until"]
        if day < today():
            raise ValidationError(_("Choose a day from today on."))
        return day


class DomiciliationOfferForm(OfferForm):
    """An offer without a space."""

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, candidates=candidates, **kwargs)
        del self.fields["space"]


class DeclineForm(WorkForm):
    reason_code = forms.ChoiceField(label=_("reason of the refusal"), choices=DeclineReason)
    reason = forms.CharField(
        label=_("in words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Kept in the file; the letter names the reason above."),
    )


class ReasonForm(WorkForm):
    reason = forms.CharField(
        label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


def _in_words(candidate: Candidate) -> str:
    """« A-B1-03 · 1 · 15,2 m² · 760,00 MAD, then … »"""
    space, terms = candidate.space, candidate.terms
    rent = formats.money(terms.monthly_rent, language())
    words = [
        f"{space.building.code}-{space.code}",
        str(_("floor %(floor)s") % {"floor": space.floor.code}),
        formats.area(space.area_m2, language()),
        str(_("%(rent)s a month") % {"rent": rent}),
    ]
    for step in terms.steps[1:]:
        words.append(
            str(
                _("from %(day)s at %(rate)s per m²")
                % {
                    "day": formats.day(step.period.start, language()),
                    "rate": formats.money(step.rate, language()),
                }
            )
        )
    return " · ".join(words)
