"""Splitting a space and merging several, from the page of one."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.forms import DayFormField, DecimalFormField
from core.periods import Period, today
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work
from sites.models import Space
from sites.models.places import code_validator
from sites.services import splitting

PARTS: Final = 4
"""That a space is split into at most; the first two are needed."""
_HINT: Final = _(
    "Past days stay as they were. A lease that has the space goes on, and what it charges does "
    "not change."
)


def _area_field(**given: Any) -> DecimalFormField:
    return DecimalFormField(min_value=Decimal("0.01"), max_digits=9, decimal_places=2, **given)


class SplitForm(WorkForm):
    since = DayFormField(label=_("from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, PARTS + 1):
            needed = number <= 2
            self.fields[f"code_{number}"] = forms.CharField(
                label=_("part %(number)s: code") % {"number": number},
                max_length=30,
                validators=[code_validator],
                required=needed,
            )
            self.fields[f"area_{number}"] = _area_field(
                label=_("part %(number)s: area, m²") % {"number": number}, required=needed
            )
        self.fields["note"] = forms.CharField(
            label=_("note"),
            max_length=300,
            required=False,
            help_text=_("Needed where the parts measure more or less than the whole."),
        )
        self.dress()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = []
        for number in range(1, PARTS + 1):
            code, area = cleaned.pop(f"code_{number}", ""), cleaned.pop(f"area_{number}", None)
            if code and area is not None:
                parts.append((code, area))
            elif code or area is not None:
                missing = "area" if code else "code"
                if f"{missing}_{number}" not in self.errors:
                    self.add_error(f"{missing}_{number}", _("Give its code and its m²."))
        return {**cleaned, "parts": parts}


class _Spaces(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        measured = obj.area_m2
        return f"{obj.code} · {formats.area(measured, language())}" if measured else obj.code


class MergeForm(WorkForm):
    since = DayFormField(label=_("from"))
    others = _Spaces(Space.objects.none(), label=_("merged with"))
    code = forms.CharField(
        label=_("code of the new space"), max_length=30, validators=[code_validator]
    )
    area_m2 = _area_field(label=_("area, m²"))
    note = forms.CharField(label=_("note"), max_length=300, required=False)

    def __init__(self, *args: Any, space: Space, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["others"]
        others.queryset = (
            Space.objects.visible_to(user)
            .filter(floor=space.floor_id, parent=space.parent_id)
            .exclude(pk=space.pk)
            .leaves()
            .lettable_throughout(Period(today()))
            .with_area_on(today())
            .order_by("code")
        )


class Walls(WorkPages):
    """To stand before the admin class of spaces: the buttons « Split » and « Merge »."""

    @work(_("Split"), path="split", right=Action.CHANGE, icon="splitscreen")
    def split(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            made = splitting.split_space(space=space, acting_user=acting(request), **given)
            codes = ", ".join(part.code for part in made)
            return gettext("The space is split into %(codes)s.") % {"codes": codes}

        return self.work_page(
            request, space, act=act, form_class=SplitForm, title=_("Split"), hint=_HINT,
            submit=_("Split"),
            initial={"since": today()},
        )  # fmt: skip

    @work(_("Merge"), path="merge", right=Action.CHANGE, icon="cell_merge")
    def merge(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            spaces = [space, *given.pop("others")]
            made = splitting.merge_spaces(spaces=spaces, acting_user=acting(request), **given)
            return gettext("The spaces are merged into %(code)s.") % {"code": made.code}

        return self.work_page(
            request, space, act=act, form_class=MergeForm, title=_("Merge"), hint=_HINT,
            submit=_("Merge"),
            form_kwargs={"space": space, "user": request.user}, initial={"since": today()},
        )  # fmt: skip
