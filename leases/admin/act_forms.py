"""What each act on a lease asks on its page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import DayFormField
from core.periods import today
from leases.choices import (
    DEPOSIT_PAID,
    DepositAct,
    DepositMethod,
    ExitReason,
    NoticeBy,
)
from leases.models import DepositEntry, Lease
from sites.admin.columns import language
from sites.admin.work import WorkForm
from tenants.models import Company


class DayForm(WorkForm):
    day = DayFormField(label=_("day"), initial=today)


class ExitForm(WorkForm):
    last_day = DayFormField(label=_("last day the tenant was there"), initial=today)
    # An assignment is an act of its own.
    exit_reason = forms.ChoiceField(
        label=_("why it ended"),
        choices=[(code, text) for code, text in ExitReason.choices if code != ExitReason.ASSIGNED],
    )
    reason = forms.CharField(label=_("reason"), max_length=300)
    forwarding_address = forms.CharField(
        label=_("forwarding address"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Where the company is written to from now on."),
    )


class AssignForm(WorkForm):
    company = forms.ModelChoiceField(Company.objects.none(), label=_("goes to"))
    since = DayFormField(label=_("from"), initial=today)
    succeeds = forms.BooleanField(
        label=_("it succeeds the present tenant"),
        required=False,
        help_text=_(
            "By a merger, or as another legal person: the stay goes on, with its months, as that "
            "of one company."
        ),
    )
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.widget = AutocompleteSelect(Lease._meta.get_field("company"), admin.site)
        company.queryset = Company.objects.current().visible_to(user)


class ReasonForm(WorkForm):
    reason = forms.CharField(label=_("reason"), max_length=300)


class NoticeForm(WorkForm):
    given_by = forms.ChoiceField(label=_("given by"), choices=NoticeBy.choices)
    given_on = DayFormField(label=_("given on"), initial=today)
    last_day = DayFormField(
        label=_("last day"),
        required=False,
        help_text=_("Empty: at the end of the notice period. An earlier day wants a reason."),
    )
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)


class WithdrawalForm(WorkForm):
    on = DayFormField(label=_("day"), initial=today)
    reason = forms.CharField(label=_("reason"), max_length=300)


class DepositForm(WorkForm):
    # What is kept is a settlement's.
    act = forms.ChoiceField(
        label=_("act"),
        choices=[(code, text) for code, text in DepositAct.choices if code != DepositAct.KEPT],
    )
    amount = forms.DecimalField(
        label=_("amount, DH"), max_digits=14, decimal_places=2, min_value=0, localize=True
    )
    on = DayFormField(label=_("on"), initial=today)
    method = forms.ChoiceField(label=_("method"), choices=DEPOSIT_PAID)
    note = forms.CharField(
        label=_("note"),
        max_length=300,
        required=False,
        help_text=_("Why, where money goes back."),
    )


class EntryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        parts = (
            formats.day(obj.on, language()),
            str(obj.get_act_display()),
            formats.money(obj.amount, language()),
        )
        return " · ".join(parts)


class TakeBackForm(WorkForm):
    entry = EntryField(DepositEntry.objects.none(), label=_("entry"))
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, lease: Lease, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Any = self.fields["entry"]
        entry.queryset = lease.deposit_entries.filter(
            reverses=None, reversed_by=None, line=None
        ).exclude(method=DepositMethod.MOVED)


class WaiverForm(WorkForm):
    reason = forms.CharField(
        label=_("why no deposit is asked"),
        max_length=300,
        required=False,
        help_text=_("Empty: the deposit is asked again."),
    )


def that_stand(entries: Iterable[DepositEntry]) -> list[DepositEntry]:
    """Entries that were not taken back, take none back, and belong to no settlement and no
    assignment."""
    found = list(entries)
    back = {entry.reverses_id for entry in found}
    return [
        entry
        for entry in found
        if entry.reverses_id is None
        and entry.line_id is None
        and entry.pk not in back
        and entry.method != DepositMethod.MOVED
    ]
