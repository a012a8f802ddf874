"""What is typed of a rent run."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from billing.choices import RunState
from billing.models import RentRun, RunItem
from billing.selectors.totals import preview_of
from billing.services import runs
from core import formats
from core.errors import Stale
from core.periods import add_months, first_of_month, today
from sites.admin.base import StaffForm
from sites.admin.columns import language
from sites.admin.work import WorkForm

BACK: Final = 12
"""Months before the next that may be chosen: a run asks for all that is due until its month's end,
so that older ones add nothing."""


class RunForm(StaffForm):
    """Of a site, or of all, and a month."""

    class Meta:
        model = RentRun
        fields = ("site", "month")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields.get("site")
        if site is not None:
            site.required = site.widget.is_required = False
            site.empty_label = _("all sites that bill")
        month: Any = self.fields.get("month")
        if month is not None:
            this = first_of_month(today())
            months = (add_months(this, by) for by in range(runs.MONTHS_AHEAD, -BACK, -1))
            month.widget = UnfoldAdminSelectWidget(
                choices=[(each.isoformat(), formats.month(each, language())) for each in months]
            )

    def clean_month(self) -> dt.date:
        day: dt.date = self.cleaned_data["month"]
        return first_of_month(day)


class ItemForm(WorkForm):
    """One lease of the run, by its number."""

    lease = forms.CharField(label=_("lease"), max_length=30)

    def __init__(self, *args: Any, run: RentRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run

    def clean_lease(self) -> RunItem:
        number = self.cleaned_data["lease"].strip()
        rows = RunItem.objects.select_related("run", "lease").filter(run=self.run)
        item = rows.filter(lease__number=number).first()
        if item is None:
            raise ValidationError(_("The run has no such lease."))
        return item


class IssueForm(WorkForm):
    """Of the preview that is shown beside it; one that has changed is shown first."""

    preview = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, run: RentRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run

    def clean_preview(self) -> str:
        seen: str = self.cleaned_data["preview"]
        now = preview_of(self.run)
        if self.run.state in {RunState.DRAFT, RunState.PAUSED} and seen != now:
            self.data = {"preview": now}  # the next time it is the one shown
            self.add_error(None, Stale().message)
        return seen


class LeaveOutForm(ItemForm):
    reason = forms.CharField(label=_("reason"), max_length=300)
