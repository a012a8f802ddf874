"""The forms of a handover report's page: who was there, keys, meters, one more element."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DayFormField, DecimalFormField
from core.languages import Language
from core.periods import today
from leases.choices import MeterKind
from leases.models import HandoverReport
from leases.selectors.handovers import KeyLine, MeterLine
from leases.services.handover_counts import Counted, Read
from sites.admin.work import WorkForm

SPARE: int = 2
"""Empty rows for keys and meters that are not listed yet."""


class BeginForm(WorkForm):
    day = DayFormField(label=_("day"), initial=today)
    language = forms.ChoiceField(
        label=_("language"),
        choices=Language.choices,
        help_text=_("In which it is written; an exit is in the words of its entry."),
    )


class FactsForm(WorkForm):
    day = DayFormField(label=_("day"))
    present_for_lessor = forms.CharField(
        label=_("present for the lessor"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Names and capacities, one a line."),
    )
    present_for_tenant = forms.CharField(
        label=_("present for the tenant"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    remark = forms.CharField(
        label=_("remark"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    @classmethod
    def of(cls, report: HandoverReport) -> "FactsForm":
        return cls(initial={name: getattr(report, name) for name in cls.base_fields})


class _CountedForm(WorkForm):
    """A row; what stood in the entry keeps its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    @property
    def named(self) -> bool:
        """Whether it stood in the entry."""
        return bool(self.initial.get("row") and self.initial["row"].before)


class KeyForm(_CountedForm):
    what = forms.CharField(
        label=_("keys"), max_length=80, widget=forms.TextInput({"list": "key-sorts", "dir": "auto"})
    )
    identifier = forms.CharField(label=_("number or mark"), max_length=80, required=False)
    count = forms.IntegerField(
        label=_("count"),
        min_value=0,
        max_value=9999,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class MeterForm(_CountedForm):
    kind = forms.ChoiceField(label=_("meter"), choices=MeterKind.choices)
    number = forms.CharField(label=_("number of the meter"), max_length=60)
    reading = DecimalFormField(
        label=pgettext_lazy("meter", "reading"),
        max_digits=14,
        decimal_places=3,
        min_value=0,
        required=False,
    )
    replaced = forms.BooleanField(label=_("meter replaced"), required=False)

    def has_changed(self) -> bool:
        """The kind of a meter that nobody named says nothing."""
        return bool({"number", "reading"} & set(self.changed_data))


_KeyRows = forms.formset_factory(KeyForm, extra=SPARE, absolute_max=200, max_num=200)
_MeterRows = forms.formset_factory(MeterForm, extra=SPARE, absolute_max=100, max_num=100)


def key_rows(lines: list[KeyLine], data: Any = None) -> Any:
    initial = [
        {
            "row": line.key,
            "what": line.key.what,
            "identifier": line.key.identifier,
            "count": line.key.count,
        }
        for line in lines
    ]
    return _KeyRows(data, initial=initial, prefix="keys")


def meter_rows(lines: list[MeterLine], data: Any = None) -> Any:
    initial = [
        {
            "row": line.meter,
            "kind": line.meter.kind,
            "number": line.meter.number,
            "reading": line.meter.reading,
            "replaced": line.meter.replaced,
        }
        for line in lines
    ]
    return _MeterRows(data, initial=initial, prefix="meters")


def counted(rows: Any) -> list[Counted]:
    """The rows of a valid form that name something."""
    return [
        Counted(given["what"], given["identifier"], given["count"])
        for given in (form.cleaned_data for form in rows)
        if given.get("what")
    ]


def read(rows: Any) -> list[Read]:
    return [
        Read(MeterKind(given["kind"]), given["number"], given["reading"], given["replaced"])
        for given in (form.cleaned_data for form in rows)
        if given.get("number")
    ]
