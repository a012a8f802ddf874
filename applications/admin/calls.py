"""Calls for applications: composed, previewed, put in use, changed by a new version."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.lines import ChoicesField, ScaleField, ValuesField
from applications.errors import VersionFrozen
from applications.forms import ChapterForm, EligibilityForm
from applications.labels import QuestionKind, Section, VersionState
from applications.models import (
    Application,
    Call,
    CallVersion,
    Criterion,
    Question,
    WantedDocument,
)
from applications.models.calls import CallSite
from applications.questions import CHOSEN, screening
from applications.selectors.calls import problems_of, rules_of
from applications.services import calls
from core.languages import Language
from sites.admin.base import ScopedAdmin, ScopedStacked, StaffForm
from sites.admin.columns import period, state
from sites.admin.scoping import ALL_BUT_DELETE, acting
from sites.admin.widgets import dress
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {VersionState.DRAFT: "warning", VersionState.IN_USE: "success"}
_WORDS: Final = (
    ("label_fr", "label_ar", "label_en"),
    ("help_fr", "help_ar", "help_en"),
)


class CallForm(StaffForm):
    languages = forms.MultipleChoiceField(
        label=_("languages"), choices=Language, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "languages" in self.fields:
            dress(self.fields["languages"])


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    choices = ChoicesField(
        label=_("choices"), help_text=_("One a line: value | French | Arabic | English.")
    )
    shown_if_values = ValuesField(
        label=_("shown for the answers"),
        help_text=_("Values of that question, one a line; any of them shows this one."),
    )
    eligible_values = ValuesField(
        label=_("eligible answers"),
        help_text=_("Values, one a line; with any other one cannot apply."),
    )

    class Meta:
        help_texts: ClassVar[dict[str, Any]] = {
            "key": _("A short name of your own; answers are kept and exported under it."),
            "shown_if": _("Key of an earlier question with choices. Empty: always shown."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("choices", "shown_if_values", "eligible_values"):
            if name in self.fields:
                dress(self.fields[name])

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or self.cleaned_data
        kind = given.get("kind")
        if kind in CHOSEN and not given.get("choices") and "choices" not in self.errors:
            self.add_error("choices", _("Write the choices."))
        if given.get("eligible_values") and kind != QuestionKind.CHOICE:
            self.add_error(
                "eligible_values", _("Only one choice among several tells who may apply.")
            )
        return given


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    scale = ScaleField(
        label=_("scale in words"), help_text=_("One a line: points | French | Arabic | English.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scale" in self.fields:
            dress(self.fields["scale"])


def _as_typed(lines: str) -> str:
    """Their columns in one order, whatever the page's direction."""
    return format_html('<bdi dir="ltr">{}</bdi>', linebreaksbr(lines, autoescape=True))


class _Parts(ScopedStacked):
    """Parts of a version; where they are only read, their small tables stand as they are typed."""

    in_lines: ClassVar[Mapping[str, str]]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields: Any = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [self.in_lines.get(name, name) if isinstance(name, str) else name for name in fields]


class Questions(_Parts):
    model = Question
    form = QuestionForm
    strikable = True
    fields = (
        ("position", "key", "section"),
        ("kind", "required"),
        *_WORDS,
        "choices",
        ("shown_if", "shown_if_values"),
        "eligible_values",
    )
    readonly_fields = ("choices_in_lines",)
    in_lines: ClassVar[Mapping[str, str]] = {"choices": "choices_in_lines"}

    @admin.display(description=_("choices"))
    def choices_in_lines(self, question: Question) -> str:
        return _as_typed(ChoicesField().prepare_value(question.choices))


class WantedDocuments(ScopedStacked):
    model = WantedDocument
    strikable = True
    fields = (("position", "key"), ("required", "most"), *_WORDS)


class Criteria(_Parts):
    model = Criterion
    form = CriterionForm
    strikable = True
    fields = (("position", "key"), ("weight", "most"), *_WORDS, "scale")
    readonly_fields = ("scale_in_lines",)
    in_lines: ClassVar[Mapping[str, str]] = {"scale": "scale_in_lines"}

    @admin.display(description=_("scale in words"))
    def scale_in_lines(self, criterion: Criterion) -> str:
        return _as_typed(ScaleField().prepare_value(criterion.scale))


@admin.register(Call)
class CallAdmin(ScopedAdmin):
    """A new call begins with a draft of its first version."""

    form = CallForm
    offered = ALL_BUT_DELETE
    list_display = ("code", "__str__", period(), "where")
    list_filter = ("sites",)
    search_fields = ("code", "name_fr", "name_ar", "name_en")
    fields = (
        "code",
        ("name_fr", "name_ar", "name_en"),
        "sites",
        "period",
        "languages",
        "what_is_asked",
    )
    readonly_fields = ("what_is_asked",)
    history_with = ((CallVersion, "call_id"), (CallSite, "call_id"))
    exported = ("code", "name_fr", "name_ar", "name_en", "period")
    actions_detail = ("new_version",)

    def listed(self, request: HttpRequest, rows: QuerySet[Call]) -> QuerySet[Call]:
        return rows.prefetch_related("sites")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            calls.new_draft_version(call=form.instance, acting_user=acting(request))

    @admin.display(description=_("sites"))
    def where(self, call: Call) -> str:
        return ", ".join(site.code for site in call.sites.all())

    @admin.display(description=_("versions"))
    def what_is_asked(self, call: Call) -> str:
        return format_html_join(
            "",
            '<div><a class="staff-link" href="{}">{}</a> · {}</div>',
            (
                (_version_page(version), version, version.get_state_display())
                for version in (call.versions.select_related("call") if call.pk else ())
            ),
        )

    @work(_("New version"), path="new-version", right=Action.CHANGE, icon="edit_note")
    def new_version(self, request: HttpRequest, call: Call) -> HttpResponse:
        made: list[CallVersion] = []

        def act(_given: dict[str, Any]) -> str:
            made.append(calls.new_draft_version(call=call, acting_user=acting(request)))
            return gettext("A draft to change: what is in use stays in use until you replace it.")

        return self.work_page(
            request,
            call,
            act=act,
            title=_("New version"),
            submit=_("Go on"),
            hint=_("What is in use is copied into a draft, which you change and put in use."),
            then=lambda: _version_page(made[0]),
        )


@admin.register(CallVersion)
class CallVersionAdmin(ScopedAdmin):
    """A draft is composed here; in use it is frozen, and read."""

    offered = frozenset({Action.VIEW, Action.CHANGE, Action.EXPORT})
    related = ("call",)
    list_display = ("call", "number", "standing", "in_use_since")
    list_filter = ("state", "call")
    readonly_fields = ("call", "number", "standing", "in_use_since", "lacking")
    inlines = (Questions, WantedDocuments, Criteria)
    history_with = (
        (Question, "version_id"),
        (WantedDocument, "version_id"),
        (Criterion, "version_id"),
    )
    exported = ("call__code", "number", "state", "in_use_since")
    actions_detail = ("put_in_use", "preview")

    standing = state(BADGES)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        frozen = obj is not None and obj.state != VersionState.DRAFT
        shown = ("in_use_since",) if frozen else ("lacking",)
        fields = (("call", "number", "standing"), *shown, "text_fr", "text_ar", "text_en")
        return [(None, {"fields": fields, "description": VersionFrozen.text if frozen else ""})]

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        if (
            action == Action.CHANGE
            and isinstance(obj, CallVersion)
            and obj.state != VersionState.DRAFT
        ):
            return False
        return super().allows(request, action, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        calls.require_draft(obj)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("still missing"))
    def lacking(self, version: CallVersion) -> str:
        problems = ((problem,) for problem in problems_of(version))
        return format_html_join("", "<div>{}</div>", problems) or "–"

    @work(
        _("Put in use"),
        path="put-in-use",
        right=Action.CHANGE,
        icon="publish",
        when=lambda version: version.state == VersionState.DRAFT,
    )
    def put_in_use(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            calls.put_in_use(version=version, acting_user=acting(request))
            return gettext("Applicants answer this version from now on.")

        return self.work_page(
            request,
            version,
            act=act,
            title=_("Put in use"),
            submit=_("Put in use"),
            hint=_("From then on it is frozen. Who began under the one before finishes under it."),
        )

    @work(_("Preview"), path="preview", right=Action.VIEW, icon="visibility")
    def preview(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        """The form as applicants see it, in one of the call's languages."""
        languages = version.call.languages
        asked = request.GET.get("language", "")
        language = asked if asked in languages else languages[0]
        questions = list(version.questions.all())
        site = version.call.sites.order_by("code").first()
        draft = Application(site=site, call_version=version)
        first = {rule.key for rule in screening(rules_of(version))}
        with translation.override(language):
            context = {
                "version": version,
                "site": site,
                "back": self.address_of(version),
                "offered": [(code, Language(code).label) for code in languages],
                "shown_in": language,
                "eligibility": EligibilityForm(
                    questions=[row for row in questions if row.key in first]
                ),
                "chapters": [
                    ChapterForm(section, draft, questions, every_question=True)
                    for section in Section
                ],
                "documents": [
                    *version.documents.all(),
                    *(row for row in questions if row.kind == QuestionKind.FILE),
                ],
            }
            return render(request, "applications/admin/preview.html", context)


def _version_page(version: CallVersion) -> str:
    return reverse("admin:applications_callversion_change", args=[version.pk])
