"""The shapes of applications, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from applications.labels import (
    ApplicantKind,
    ApplicantState,
    ApplicationState,
    ApplicationStep,
    DeclineReason,
    Outcome,
    QuestionKind,
    ScanState,
    Section,
)
from applications.models import OfferState
from applications.services.announcing import EVENTS
from core.languages import Language
from sites.api.shapes import NameShape
from tenants.choices import LegalForm


class ApplicationShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    site = serializers.CharField(help_text="code")
    state = serializers.ChoiceField(ApplicationState.choices)
    state_since = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField()
    applicant_kind = serializers.ChoiceField(ApplicantKind.choices)
    name = serializers.CharField()
    legal_form = serializers.ChoiceField(LegalForm.choices)
    ice = serializers.CharField(allow_blank=True)
    team_size = serializers.IntegerField()
    wanted_m2 = serializers.CharField()
    wanted_start = serializers.DateField()
    company = serializers.IntegerField(allow_null=True, help_text="id")
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="the end of the stage's target time; null while it stands still"
    )


class DecisionShape(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    reasons = serializers.ListField(child=serializers.ChoiceField(DeclineReason.choices))
    conditions = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="null: the applicant does not know yet"
    )


class OfferShape(serializers.Serializer[Any]):
    space = serializers.CharField(allow_null=True)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")
    area_m2 = serializers.CharField(allow_null=True)
    monthly_rent = serializers.CharField()
    deposit = serializers.CharField()
    state = serializers.ChoiceField(OfferState.choices)
    expires_at = serializers.DateTimeField()


class TrailShape(serializers.Serializer[Any]):
    step = serializers.ChoiceField(ApplicationStep.choices)
    to = serializers.ChoiceField(ApplicationState.choices)
    at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name in Python."""
        source = serializers.ChoiceField(ApplicationState.choices, allow_null=True)
        return {**super().get_fields(), "from": source}


class EventShape(serializers.Serializer[Any]):
    """What a webhook is told of a step."""

    event = serializers.ChoiceField([(event, str(event)) for event in EVENTS])
    id = serializers.UUIDField(help_text="the event's: it may come twice")
    reference = serializers.CharField()
    site = serializers.CharField(help_text="code")
    step = serializers.CharField(help_text="the event's second word")
    to = serializers.ChoiceField(ApplicationState.choices)
    at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        """With `from`, the state that was announced last; null: none was."""
        source = serializers.ChoiceField(ApplicationState.choices, allow_null=True)
        return {**super().get_fields(), "from": source}


class DocumentShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="opens it")
    key = serializers.CharField(allow_blank=True, help_text="what it was asked as")
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    scan = serializers.ChoiceField(ScanState.choices)


class DraftShape(serializers.Serializer[Any]):
    call = serializers.CharField(allow_null=True, help_text="code")
    answers = serializers.DictField(child=serializers.JSONField(), help_text="as typed, by field")
    questions = serializers.DictField(child=serializers.JSONField(), help_text="as typed, by key")
    wrong = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="what keeps it from being sent: by field, `questions.…` and `documents.…`",
    )


class RequestShape(serializers.Serializer[Any]):
    message = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField(help_text="the last day for the answer")
    questions = serializers.ListField(child=serializers.CharField(), help_text="keys")
    documents = serializers.ListField(child=serializers.CharField(), help_text="keys")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="the documents of which none has come since"
    )

    def get_fields(self) -> dict[str, Any]:
        """With `fields`, which serializers keep for themselves."""
        fields = serializers.ListField(child=serializers.CharField(), help_text="names of answers")
        return {**super().get_fields(), "fields": fields}


class LinkedShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    site = serializers.CharField(help_text="code")


class ApplicationDetailShape(ApplicationShape):
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="null: a draft")
    applicant_kind = serializers.ChoiceField(ApplicantKind.choices, allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    sectors = serializers.ListField(child=serializers.CharField(), help_text="codes")
    questions = serializers.DictField(
        child=serializers.JSONField(), help_text="answers to the call's own questions, by key"
    )
    state_label = serializers.CharField(help_text="the state in the words of staff")
    applicant_label = serializers.CharField(help_text="the state in the applicant's words")
    project = serializers.CharField(allow_blank=True)
    team = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    decisions = DecisionShape(many=True)
    offers = OfferShape(many=True)
    trail = TrailShape(many=True)
    documents = DocumentShape(many=True)
    linked = LinkedShape(many=True, help_text="sent to other sites in one go with it")
    request = RequestShape(allow_null=True, help_text="what the applicant is asked for")
    draft = DraftShape(allow_null=True, help_text="until it is sent")


class ToldShape(serializers.Serializer[Any]):
    """What a partner's portal reads of a file."""

    reference = serializers.CharField()
    site = serializers.CharField(help_text="code")
    state = serializers.ChoiceField(ApplicantState.choices)
    state_label = serializers.CharField(help_text="the state in the applicant's words")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="null: a draft")
    name = serializers.CharField(allow_blank=True)


class ToldDecisionShape(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    reasons = serializers.ListField(child=serializers.CharField(), help_text="in words")
    conditions = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField()


class ToldStageShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    label = serializers.CharField()  # type: ignore[assignment]


class MessageShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by_applicant = serializers.BooleanField(help_text="else by the site")
    text = serializers.CharField()


class ToldDetailShape(ToldShape):
    applicant_kind = serializers.ChoiceField(ApplicantKind.choices, allow_blank=True)
    legal_form = serializers.ChoiceField(LegalForm.choices)
    ice = serializers.CharField(allow_blank=True)
    team_size = serializers.IntegerField()
    wanted_m2 = serializers.CharField()
    wanted_start = serializers.DateField()
    sectors = serializers.ListField(child=serializers.CharField(), help_text="codes")
    questions = serializers.DictField(
        child=serializers.JSONField(), help_text="answers to the call's own questions, by key"
    )
    project = serializers.CharField(allow_blank=True)
    team = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    decision = ToldDecisionShape(allow_null=True, help_text="once it is published")
    offer = OfferShape(allow_null=True)
    trail = ToldStageShape(many=True)
    messages = MessageShape(many=True, help_text="between the applicant and the site")
    documents = DocumentShape(many=True)
    linked = LinkedShape(many=True, help_text="sent to other sites in one go with it")
    request = RequestShape(allow_null=True, help_text="what the applicant is asked for")
    draft = DraftShape(allow_null=True, help_text="until it is sent")


class ChoiceShape(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = NameShape()  # type: ignore[assignment]


class AskedShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    label = NameShape()  # type: ignore[assignment]
    help = NameShape()


class QuestionShape(AskedShape):
    section = serializers.ChoiceField(Section.choices)
    kind = serializers.ChoiceField(QuestionKind.choices)
    choices = ChoiceShape(many=True)
    shown_if = serializers.CharField(allow_blank=True, help_text="key of an earlier question")
    shown_if_values = serializers.ListField(child=serializers.CharField())
    eligible_values = serializers.ListField(child=serializers.CharField())


class WantedDocumentShape(AskedShape):
    most = serializers.IntegerField(help_text="files at the most")


class CallShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    name = NameShape()
    text = NameShape()
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    languages = serializers.ListField(child=serializers.ChoiceField(Language.choices))
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")
    questions = QuestionShape(many=True)
    documents = WantedDocumentShape(many=True)
