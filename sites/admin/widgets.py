"""The look of our own form fields on the staff site."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from core.forms import PeriodFormField

_CLASSES = (
    (forms.CheckboxInput, widgets.CHECKBOX_CLASSES),
    (forms.RadioSelect, widgets.RADIO_CLASSES),
    (forms.Select, widgets.SELECT_CLASSES),
    (forms.Textarea, widgets.TEXTAREA_CLASSES),
    (forms.FileInput, widgets.FILE_CLASSES),
    (
        (forms.TextInput, forms.PasswordInput, forms.NumberInput, forms.EmailInput, forms.URLInput),
        widgets.INPUT_CLASSES,
    ),
)
_CHOICES = "sites/admin/choices.html"
_DAY = " ".join(widgets.DATETIME_CLASSES)


class DayInput(forms.DateInput):
    """The browser's own date picker: known to everybody, in their language, without scripts."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": _DAY, **(attrs or {})}, format="%Y-%m-%d")


def dress(field: forms.Field) -> None:
    """Give a field that Django made the staff site's look."""
    widget = field.widget
    if field.label:
        field.label = capfirst(field.label)
    if isinstance(field, PeriodFormField):
        first, last = widget.widgets
        first.attrs |= {"class": _DAY, "aria-label": _("first day")}
        last.attrs |= {"class": _DAY, "aria-label": _("last day, included")}
        field.help_text = field.help_text or _(
            "First day – last day, both included. No last day: open-ended."
        )
        return
    if isinstance(widget, forms.DateInput):
        field.widget = DayInput(widget.attrs)
        return
    if isinstance(widget, forms.CheckboxSelectMultiple):
        # Unfold's own class: its label then stands above the boxes, not beside them as for one.
        choices = widget.choices
        widget = field.widget = widgets.UnfoldAdminCheckboxSelectMultipleWidget()
        widget.choices = choices
    if isinstance(widget, forms.RadioSelect):
        widget.template_name = _CHOICES  # Django's dresses the group like one of its buttons
    if type(widget) is forms.Select:
        widget.template_name = "unfold/widgets/select.html"  # with the arrow that tells a choice
    for kind, classes in _CLASSES:
        if isinstance(widget, kind):
            widget.attrs.setdefault("class", " ".join(classes))
            return
