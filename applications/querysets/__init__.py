"""Chainable filters over applications, and who may see which."""

from applications.querysets.applications import (
    ApplicationQuerySet,
    RevisionQuerySet,
    SearchEntryQuerySet,
    TransitionQuerySet,
)
from applications.querysets.calls import (
    CallQuerySet,
    CallVersionQuerySet,
    CriterionQuerySet,
    QuestionQuerySet,
    WantedDocumentQuerySet,
)
from applications.querysets.committee import (
    AgendaItemQuerySet,
    MemberQuerySet,
    SessionQuerySet,
    VoteQuerySet,
)
from applications.querysets.exchange import (
    CoApplicantQuerySet,
    DocumentQuerySet,
    InformationRequestQuerySet,
    RemarkQuerySet,
    RequestedItemQuerySet,
)
from applications.querysets.outcomes import (
    DecisionQuerySet,
    IneligibilityQuerySet,
    LetterQuerySet,
    OfferQuerySet,
    PlaceMoveQuerySet,
    PlaceQuerySet,
)
from applications.querysets.reviews import DeclarationQuerySet, ReviewQuerySet, ScoreQuerySet
from applications.querysets.settings import (
    DigestQuerySet,
    LetterTemplateQuerySet,
    RetentionRuleQuerySet,
    StageTargetQuerySet,
    TaskTemplateQuerySet,
)
from applications.querysets.staff import (
    LegalHoldQuerySet,
    ReadingQuerySet,
    TaskQuerySet,
    TransferQuerySet,
)

__all__ = [
    "AgendaItemQuerySet",
    "ApplicationQuerySet",
    "CallQuerySet",
    "CallVersionQuerySet",
    "CoApplicantQuerySet",
    "CriterionQuerySet",
    "DecisionQuerySet",
    "DeclarationQuerySet",
    "DigestQuerySet",
    "DocumentQuerySet",
    "IneligibilityQuerySet",
    "InformationRequestQuerySet",
    "LegalHoldQuerySet",
    "LetterQuerySet",
    "LetterTemplateQuerySet",
    "MemberQuerySet",
    "OfferQuerySet",
    "PlaceMoveQuerySet",
    "PlaceQuerySet",
    "QuestionQuerySet",
    "ReadingQuerySet",
    "RemarkQuerySet",
    "RequestedItemQuerySet",
    "RetentionRuleQuerySet",
    "ReviewQuerySet",
    "RevisionQuerySet",
    "ScoreQuerySet",
    "SearchEntryQuerySet",
    "SessionQuerySet",
    "StageTargetQuerySet",
    "TaskQuerySet",
    "TaskTemplateQuerySet",
    "TransferQuerySet",
    "TransitionQuerySet",
    "VoteQuerySet",
    "WantedDocumentQuerySet",
]
