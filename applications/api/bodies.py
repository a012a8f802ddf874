"""What each act on a file wants to be told."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.answers import FIELDS
from applications.labels import ApplicantKind, DeclineReason, IneligibleReason, Outcome
from core.languages import Language
from sites.api.bodies import DayField
from sites.choices import TenantKind
from tenants.choices import LegalForm


class NothingBody(serializers.Serializer[Any]):
    """The act says it all."""


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class RequestBody(serializers.Serializer[Any]):
    fields_wanted = serializers.ListField(
        child=serializers.ChoiceField(sorted(FIELDS)),
        required=False,
        help_text="what opens to the applicant: of the usual answers,",
    )
    questions_wanted = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        help_text="of the call's own questions, by key,",
    )
    documents_wanted = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        help_text="and of its documents, by key; at least one thing in all",
    )
    message = serializers.CharField(
        max_length=5000, help_text="in the applicant's language: it stands in the letter"
    )
    due_on = DayField(help_text="the last day for the answer, at least three days ahead")


class DuplicateBody(serializers.Serializer[Any]):
    original = serializers.CharField(max_length=20, help_text="reference of the file it repeats")


class IneligibleBody(serializers.Serializer[Any]):
    reason_code = serializers.ChoiceField(IneligibleReason.choices)
    words = serializers.CharField(max_length=2000, help_text="for the second person")


class DecisionBody(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(DeclineReason.choices),
        required=False,
        help_text="of a refusal; the first is the one the letter names",
    )
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, help_text="for staff alone"
    )
    until = DayField(
        required=False,
        allow_null=True,
        help_text="the last day of a place on the waiting list, or the day of the new look",
    )


class OfferBody(serializers.Serializer[Any]):
    space = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="id; none for a domiciliation"
    )
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="the last day included")
    open_until = DayField(help_text="the space is held until the end of that day")


class TransferBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code of the site that would take it")
    reason = serializers.CharField(max_length=2000)


class AnswerBody(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=2000)


class AnswersField(serializers.JSONField):
    """{name: text, number or list of texts}: what was typed, good or not yet."""

    def to_internal_value(self, data: Any) -> dict[str, str | list[str]]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Give an object: the answers by their names."))
        found = {name: _typed(value) for name, value in data.items()}
        wrong = sorted(name for name, value in found.items() if value is None)
        if wrong:
            raise serializers.ValidationError(
                _("Neither a text, nor a number, nor a list of texts: %(names)s.")
                % {"names": ", ".join(wrong)}
            )
        return {name: value for name, value in found.items() if value is not None}


_ANSWERS: Final = {
    "applicant_kind": f"one of {', '.join(ApplicantKind.values)}",
    "name": "of the company or project",
    "legal_form": f"one of {', '.join(LegalForm.values)}",
    "ice": "15 digits, if there is one",
    "website": "an address of at most 200 characters",
    "sectors": "a list of codes of sectors",
    "project": "at most 20,000 characters",
    "team": "at most 20,000 characters",
    "team_size": "from 1 to 2000",
    "wanted_m2": "from 1 to 10,000, with two decimals at the most",
    "wanted_start": "a day from today on, within ten years, YYYY-MM-DD",
    "contact_name": "",
    "contact_phone": "as in Morocco, or with the country's code",
}


def _object(described: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"description": words} for name, words in described.items()},
        "additionalProperties": False,
    }


@extend_schema_field(_object(_ANSWERS))
class UsualAnswersField(AnswersField):
    """What every application answers; the document names each."""


@extend_schema_field(_object({**_ANSWERS, "also_at": "a list of codes of the call's other sites"}))
class DraftAnswersField(AnswersField):
    """With what only a draft says."""


def _typed(value: Any) -> str | list[str] | None:
    """As a form would have it; None for what no form has."""
    match value:
        case None:
            return ""
        case bool():
            return None
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(one, str) for one in value):
            return value
        case _:
            return None


class ChangeBody(serializers.Serializer[Any]):
    answers = DraftAnswersField(
        required=False, help_text="what every application answers; wrong answers are kept too"
    )
    questions = AnswersField(required=False, help_text="the call's own questions, by key")


class DraftBody(ChangeBody):
    site = serializers.CharField(max_length=20, help_text="code")
    call = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="code; none: the usual questions"
    )
    contact_email = serializers.EmailField(
        max_length=254, help_text="the applicant's: who may read the file, and where letters go"
    )
    language = serializers.ChoiceField(Language.choices, help_text="of the letters")


class RequestedBody(serializers.Serializer[Any]):
    """All that the file's `request` names, and nothing else."""

    answers = UsualAnswersField(required=False, help_text="each of `request.fields`, by name")
    questions = AnswersField(required=False, help_text="each of `request.questions`, by key")


class SubmitBody(serializers.Serializer[Any]):
    consent = serializers.BooleanField(
        help_text="the applicant has read the notice on personal data and agrees"
    )
