"""From when on a site bills, and how."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.choices import NumberSeries
from billing.models import SiteBilling
from billing.selectors.series import next_numbers
from billing.services.numbers import written
from billing.services.series import start_series
from billing.services.settings import set_billing
from core.periods import today
from sites.admin.base import ScopedAdmin
from sites.admin.columns import day_column
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work
from sites.models import Lessor


class SeriesForm(WorkForm):
    """A series, named with the number that it gives next this year."""

    series = forms.ChoiceField(label=_("series"))
    year = forms.IntegerField(label=_("year"), min_value=2000, max_value=2999)
    number = forms.IntegerField(label=_("first number"), min_value=1)

    def __init__(self, *args: Any, lessor: Lessor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = today().year
        choices: Any = self.fields["series"]
        choices.choices = [
            (series, f"{series.label} ({written(lessor, series, year, number)})")
            for series, number in next_numbers(lessor, year).items()
        ]


@admin.register(SiteBilling)
class SiteBillingAdmin(ScopedAdmin):
    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("site__lessor",)
    list_display = ("site", "starts", "drafted_on", "issues_by_itself", "payment_days")
    list_filter = ("site",)
    fields = (
        *("site", "starts_on", "drafted_on", "issues_by_itself", "payment_days"),
        *("days_to_answer", "sends_papers", "sends_receipts"),
    )
    starts = day_column("starts_on", SiteBilling._meta.get_field("starts_on").verbose_name)

    actions_detail = ("start_series",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("site",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: SiteBilling, form: Any, change: bool) -> None:
        made = set_billing(
            site=obj.site,
            starts_on=obj.starts_on,
            drafted_on=obj.drafted_on,
            issues_by_itself=obj.issues_by_itself,
            payment_days=obj.payment_days,
            days_to_answer=obj.days_to_answer,
            sends_papers=obj.sends_papers,
            sends_receipts=obj.sends_receipts,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    @work(_("Start a number series"), path="series", right=Action.CHANGE, icon="tag")
    def start_series(self, request: HttpRequest, row: SiteBilling) -> HttpResponse:
        lessor = row.site.lessor

        def act(given: dict[str, Any]) -> str:
            series, year, number = NumberSeries(given["series"]), given["year"], given["number"]
            start_series(
                lessor=lessor, series=series, year=year, number=number, acting_user=acting(request)
            )
            return gettext("The series begins at %(number)s.") % {
                "number": written(lessor, series, year, number)
            }

        return self.work_page(
            request,
            row,
            act=act,
            form_class=SeriesForm,
            form_kwargs={"lessor": lessor},
            initial={"year": today().year},
            title=_("Start a number series"),
            hint=_(
                "For a year whose first documents the old system numbered. The series are the"
                " lessor's, for all of its sites; one that has given a number begins no more."
            ),
        )
