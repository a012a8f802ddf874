"""Rate plans and their steps."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet

from sites.admin.base import ScopedAdmin, ScopedTabular
from sites.admin.columns import period
from sites.admin.scoping import acting
from sites.models import RatePlan, RatePlanStep
from sites.services import tariffs as services


class StepFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """A plan prices a stay from its first day."""

    def clean(self) -> None:
        super().clean()
        steps = [form.cleaned_data for form in self.forms if form.is_valid()]
        kept = [step for step in steps if step and not step.get("DELETE")]
        if not any(step.get("after_months") == 0 for step in kept):
            raise ValidationError(_("One step must begin after 0 months: the first rate."))


class Steps(ScopedTabular):
    model = RatePlanStep
    formset = StepFormSet
    strikable = True
    extra = 1


@admin.register(RatePlan)
class RatePlanAdmin(ScopedAdmin):
    related = ("site",)
    list_display = ("site", "tenant_kind", period(), "unit", "rates", "deposit_months")
    list_filter = ("site", "tenant_kind", "unit")
    search_fields = ("site__code", "site__name_fr", "site__name_en", "site__name_ar")
    inlines = (Steps,)
    history_with = ((RatePlanStep, "plan_id"),)
    fields = (("site", "tenant_kind"), "period", ("unit", "deposit_months", "maximum_stay_months"))

    def listed(self, request: HttpRequest, rows: QuerySet[RatePlan]) -> QuerySet[RatePlan]:
        return rows.prefetch_related("steps")

    def save_model(self, request: HttpRequest, obj: RatePlan, form: Any, change: bool) -> None:
        services.save_plan(plan=obj, acting_user=acting(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        kept = formset.save(commit=False)
        services.change_steps(
            plan=form.instance,
            kept=kept,
            struck=formset.deleted_objects,
            acting_user=acting(request),
        )

    @admin.display(description=_("rates"))
    def rates(self, plan: RatePlan) -> str:
        return ", ".join(str(step) for step in plan.steps.all())
