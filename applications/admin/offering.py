"""Making an offer: which of the free spaces, at what terms, until when; taking it back."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.acts import ReasonForm, can_step, step_page
from applications.models import Application
from applications.selectors.terms import (
    Candidate,
    candidates_for,
    terms_without_space,
    usual_period,
)
from applications.services import offers, onboarding
from applications.terms import Terms
from applications.workflow import Step
from core import formats
from core.errors import DomainError
from core.periods import Period, today
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work
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
    """From the wanted day, as a start-up."""
    period = usual_period(max(wanted_start, today()))
    return {
        "tenant_kind": TenantKind.STARTUP.value,
        "start": str(period.start),
        "last_day": str(period.last_day),
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
        self.fields["open_until"].help_text = ""


class OfferActs(WorkPages):
    """From the admission to the keys."""

    withdraw_offer = step_page(
        Step.WITHDRAW_OFFER,
        offers.withdraw_offer,
        title=_("Take the offer back"),
        done=_("The offer is taken back; the space is free again."),
        icon="remove_shopping_cart",
        form_class=ReasonForm,
    )
    start_onboarding = step_page(
        Step.START_ONBOARDING,
        onboarding.start_onboarding,
        title=_("Start onboarding"),
        done=_("The onboarding has begun."),
        icon="checklist",
    )

    @work(
        _("Make an offer"),
        path="offer",
        right=Action.DECIDE,
        icon="handshake",
        when=can_step(Step.OFFER),
    )
    def offer(self, request: HttpRequest, file: Application) -> HttpResponse:
        search = SearchForm({**usual_search(file.wanted_start), **request.GET.dict()})
        found: list[Candidate] = []
        hint = ""
        searched = search.is_valid()
        domiciled = searched and (search.cleaned_data["tenant_kind"] == TenantKind.DOMICILIATION)
        if searched:
            asked = {"tenant_kind": search.cleaned_data["tenant_kind"], "period": search.period}
            try:
                if domiciled:
                    terms = terms_without_space(file, **asked)
                    hint = formats.apart(_money_in_words(terms), language())
                else:
                    found = candidates_for(file, user=request.user, **asked)
            except DomainError as refusal:
                searched, hint = False, refusal.message

        def act(given: dict[str, Any]) -> str:
            made = offers.make_offer(
                application=file,
                space=next((e.space for e in found if str(e.space.pk) == given.get("space")), None),
                open_until=given["open_until"],
                acting_user=acting(request),
                **search.cleaned_data,
            )
            said = (
                gettext("The offer was made: %(rent)s a month.")
                if domiciled
                else gettext("The offer was made and the space is held: %(rent)s a month.")
            )
            return said % {"rent": formats.money(made.monthly_rent, language())}

        return self.work_page(
            request,
            file,
            act=act,
            form_class=DomiciliationOfferForm if domiciled else OfferForm,
            form_kwargs={"candidates": found},
            title=_("Make an offer"),
            submit=_("Make an offer") if domiciled else _("Make the offer and hold the space"),
            hint=hint
            or gettext("Wanted: %(area)s from %(day)s.")
            % {
                "area": formats.area(file.wanted_m2, language()),
                "day": formats.day(file.wanted_start, language()),
            },
            template="applications/admin/offer.html",
            context={"search": search, "nothing_free": searched and not (found or domiciled)},
        )


def _in_words(candidate: Candidate) -> str:
    """« A-B1-03 · 1 · 15,2 m² · 760,00 MAD · deposit 760,00 MAD · then … »"""
    space, terms = candidate.space, candidate.terms
    words = [
        f"{space.building.code}-{space.code}",
        str(_("floor %(floor)s") % {"floor": space.floor.code}),
        formats.area(space.area_m2, language()),
        *_money_in_words(terms),
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
    return formats.apart(words, language())


def _money_in_words(terms: Terms) -> list[str]:
    """The first monthly rent, and the deposit."""
    rent, deposit = [
        formats.money(sum_, language()) for sum_ in (terms.monthly_rent, terms.deposit)
    ]
    return [gettext("%(rent)s a month") % {"rent": rent}, f"{gettext('deposit')} {deposit}"]
