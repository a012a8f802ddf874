"""The chapters of an application: what each asks, what was typed, what is still wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.forms.answers import AnswersForm
from applications.forms.questions import PREFIX, fields_of, given_in
from applications.labels import Section
from applications.models import Application, Question
from applications.questions import Kind, shown
from applications.selectors.calls import documents_asked, other_sites, rules_of
from applications.selectors.documents import Wanted
from applications.services.submission import Answers
from core import formats
from sites.models import Site
from tenants.choices import LegalForm

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    Section.APPLICANT: (
        *("applicant_kind", "name", "legal_form", "ice", "website", "sectors"),
        *("contact_name", "contact_phone"),
    ),
    Section.PROJECT: ("project", "team", "team_size"),
    Section.SPACE: ("wanted_m2", "wanted_start", "also_at"),
    Section.DOCUMENTS: (),
}

if TYPE_CHECKING:
    _SitesField = forms.ModelMultipleChoiceField[Site]
else:
    _SitesField = forms.ModelMultipleChoiceField  # generic for the type checker only


class SitesField(_SitesField):
    """Other sites under the same call, by their codes."""

    def label_from_instance(self, obj: Site) -> str:
        named = any(obj.city in name for name in (obj.name_fr, obj.name_en))
        return obj.name if named else f"{obj.name} ({obj.city})"


@dataclass(frozen=True, slots=True)
class Slot:
    """A question's place in its chapter; without a field while the answers hide it."""

    name: str
    field: forms.BoundField | None
    conditional: bool


class ChapterForm(AnswersForm):
    """One chapter of a draft. Unbound, it shows what was typed; bound to it, what is wrong."""

    def __init__(
        self,
        section: str,
        draft: Application,
        questions: Iterable[Question],
        *,
        data: Mapping[str, Any] | None = None,
        every_question: bool = False,
    ) -> None:
        self.typed: Mapping[str, str | list[str]] = draft.typed or {}
        super().__init__(data)
        self.section = Section(section)
        self.own = [row for row in questions if row.section == section]
        if self.section == Section.SPACE:
            self._ask_for_other_sites(draft)
        visible = {rule.key for rule in shown(rules_of(draft.call_version), given_in(self.typed))}
        self.fields.update(
            fields_of(row for row in self.own if every_question or row.key in visible)
        )
        self.keep_only([*_FIELDS[self.section], *(f"{PREFIX}{row.key}" for row in self.own)])
        if data is None:
            self.initial = self._as_asked(self.typed)
        else:
            self.data = self._as_asked(data)

    def _as_asked(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """A program may send a list where one thing is asked: it is read as it would be written."""
        return {
            name: ", ".join(value)
            if isinstance(value, list) and not self._takes_several(name)
            else value
            for name, value in typed.items()
        }

    def _takes_several(self, name: str) -> bool:
        field = self.fields.get(name)
        return field is None or getattr(field.widget, "allow_multiple_selected", False)

    def _ask_for_other_sites(self, draft: Application) -> None:
        others = other_sites(draft)
        if others:
            self.fields["also_at"] = SitesField(
                Site.objects.filter(pk__in=[site.pk for site in others]),
                label=_("apply at another site too"),
                help_text=_("Each site studies an application of its own, with the same answers."),
                required=False,
                to_field_name="code",
                widget=forms.CheckboxSelectMultiple,
            )

    def slots(self) -> Iterator[Slot]:
        """Fields and hidden questions, in their order."""
        hanging = {f"{PREFIX}{row.key}" for row in self.own if row.shown_if}
        names = [
            *(name for name in self.fields if not name.startswith(PREFIX)),
            *(f"{PREFIX}{row.key}" for row in self.own if row.kind != Kind.FILE),
        ]
        for name in names:
            yield Slot(name, self[name] if name in self.fields else None, name in hanging)

    def summary(self) -> Iterator[tuple[str, str]]:
        """Each field's label, with what was typed in words."""
        for field in self:
            value = field.value()
            given = value if isinstance(value, list) else [value] if value else []
            labels = {
                str(option): str(label) for option, label in getattr(field.field, "choices", ())
            } or dict(getattr(field.field.widget, "choices", ()))
            words = [labels.get(str(one)) or _as_read(field.field, one) for one in given]
            yield str(field.label), formats.listed(words, get_language() or "fr")

    def shown_names(self) -> str:
        """The conditional questions that show, for the page to tell when they change."""
        return " ".join(slot.name for slot in self.slots() if slot.conditional and slot.field)

    def seen(self) -> str:
        """A mark of what the page shows in each field, by which `typed_in` tells what changed."""
        return _marks({name: self.typed[name] for name in self.fields if name in self.typed})

    def typed_in(self, posted: QueryDict) -> dict[str, str | list[str]]:
        """What was changed in the chapter's fields since the page had them: another tab, or another
        person, may have gone on with the others meanwhile."""
        seen = set(posted.get("seen", "").split())
        found = self.standing_in(posted)
        return {name: value for name, value in found.items() if _mark(name, value) not in seen}

    def seen_in(self, posted: QueryDict) -> str:
        """`seen` of the page that has just sent this."""
        return _marks(self.standing_in(posted))

    def standing_in(self, posted: QueryDict) -> dict[str, str | list[str]]:
        """What stands in the chapter's fields; what the page did not have is left alone."""
        found: dict[str, str | list[str]] = {}
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.CheckboxSelectMultiple):
                found[name] = posted.getlist(name)
            elif name in posted or isinstance(field.widget, forms.RadioSelect):
                found[name] = posted.get(name, "")
        return found


def _as_read(field: forms.Field, typed: str) -> str:
    """A day as people write it; all else, and what is no day, as it was typed."""
    if not isinstance(field.widget, forms.DateInput):
        return typed
    try:
        day = forms.DateField().to_python(typed)
    except forms.ValidationError:
        return typed
    return formats.day(day, get_language() or "fr") if day is not None else typed


def _marks(fields: Mapping[str, str | list[str]]) -> str:
    return " ".join(_mark(name, value) for name, value in fields.items())


def _mark(name: str, value: str | list[str]) -> str:
    """Of a field and what stands in it; lines end as they are kept."""
    said = "\0".join([value] if isinstance(value, str) else value).replace("\r\n", "\n")
    return f"{name}:{sha256(said.encode(errors='replace')).hexdigest()[:12]}"


class Form:
    """A draft's chapters together."""

    def __init__(self, draft: Application) -> None:
        self.draft = draft
        version = draft.call_version
        self.questions = list(version.questions.all()) if version else []

    @cached_property
    def wanted(self) -> list[Wanted]:
        return documents_asked(self.draft, given_in(self.draft.typed or {}))

    @cached_property
    def sections(self) -> list[Section]:
        """Without the documents where the call asks for none."""
        files = any(row.kind == Kind.FILE for row in self.questions)
        version = self.draft.call_version
        documents = files or (version is not None and bool(version.documents.all()))
        return [
            section
            for section in Section
            if section != Section.DOCUMENTS
            or documents
            or any(row.section == section for row in self.questions)
        ]

    def chapter(self, section: str) -> ChapterForm:
        """What was typed, without a word on what is wrong with it."""
        return ChapterForm(section, self.draft, self.questions)

    @cached_property
    def checked(self) -> dict[Section, ChapterForm]:
        """Each chapter with its errors."""
        data = self.draft.typed or {}
        return {
            section: ChapterForm(section, self.draft, self.questions, data=data)
            for section in self.sections
        }

    @cached_property
    def missing(self) -> list[Wanted]:
        return [
            row
            for row in self.wanted
            if row.required and not any(document.file for document in row.documents)
        ]

    def is_done(self, section: Section) -> bool:
        if section == Section.DOCUMENTS and self.missing:
            return False
        return self.checked[section].is_valid()

    @property
    def is_complete(self) -> bool:
        return all(self.is_done(section) for section in self.sections)

    def answers(self) -> Answers:
        """Of a complete form."""
        given: dict[str, Any] = {}
        for form in self.checked.values():
            given.update(form.cleaned_data)
        return Answers(
            applicant_kind=given["applicant_kind"],
            name=given["name"],
            project=given["project"],
            team_size=given["team_size"],
            wanted_m2=given["wanted_m2"],
            wanted_start=given["wanted_start"],
            contact_name=given["contact_name"],
            contact_email=self.draft.contact_email,
            contact_phone=str(given["contact_phone"]),
            legal_form=given["legal_form"] or LegalForm.NONE,
            ice=given["ice"],
            website=given["website"],
            team=given["team"],
            sectors=list(given.get("sectors", [])),
        )

    def also_at(self) -> list[Site]:
        return list(self.checked[Section.SPACE].cleaned_data.get("also_at", []))
