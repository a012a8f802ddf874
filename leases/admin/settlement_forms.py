"""What a deposit settlement's acts ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import Language
from core.uploads import accepted_extensions
from leases.choices import SettlementLineKind
from leases.models import DepositSettlement, HandoverItem, SettlementEvidence, SettlementLine
from leases.selectors.settlements import items_to_settle
from sites.admin.work import WorkForm


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class _Placed(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.placed)


class LineForm(WorkForm):
    kind = forms.ChoiceField(label=_("kind"), choices=SettlementLineKind.choices)
    words = forms.CharField(
        label=_("for what"), max_length=300, widget=forms.TextInput({"dir": "auto"})
    )
    amount = forms.DecimalField(
        label=_("amount, DH"), max_digits=14, decimal_places=2, min_value=0, localize=True
    )
    item = _Placed(HandoverItem.objects.none(), label=_("in the handover report"), required=False)

    def __init__(self, *args: Any, settlement: DepositSettlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = items_to_settle(settlement.lease)
        if not item.queryset:
            del self.fields["item"]


class ChangeLineForm(LineForm):
    """The line stays the one that was asked for."""

    line = _Named(SettlementLine.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, settlement: DepositSettlement, **kwargs: Any) -> None:
        super().__init__(*args, settlement=settlement, **kwargs)
        self.fields["line"].queryset = settlement.lines.all()  # type: ignore[attr-defined]


class WhichLineForm(WorkForm):
    line = _Named(SettlementLine.objects.none(), label=_("line"))

    def __init__(self, *args: Any, settlement: DepositSettlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = settlement.lines.all()  # type: ignore[attr-defined]


class EvidenceForm(WhichLineForm):
    file = forms.FileField(
        label=_("file"), help_text=_("An invoice, an estimate, a photo: what shows it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(accepted_extensions())


class WhichEvidenceForm(WorkForm):
    evidence = _Named(SettlementEvidence.objects.none(), label=_("file"))

    def __init__(self, *args: Any, settlement: DepositSettlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SettlementEvidence.objects.filter(line__settlement=settlement)
        self.fields["evidence"].queryset = rows  # type: ignore[attr-defined]


class NoteForm(WorkForm):
    note = forms.CharField(
        label=_("note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("For the company: it stands in the letter."),
    )


class LanguageForm(WorkForm):
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)
