"""Applications: who wants to come in, what was answered, decided and offered."""

from applications.models.calls import (
    Call,
    CallSite,
    CallVersion,
    Criterion,
    Question,
    WantedDocument,
)
from applications.models.committee import AgendaItem, Member, Session, Vote
from applications.models.conversation import Reading, Remark
from applications.models.decisions import ADMITTING, Decision, Ineligibility
from applications.models.documents import Document
from applications.models.files import (
    Application,
    ApplicationSector,
    Digest,
    SearchEntry,
    StageTarget,
    Transition,
)
from applications.models.letters import Letter, LetterTemplate
from applications.models.moves import CoApplicant, Transfer
from applications.models.offers import Offer, OfferState
from applications.models.requests import InformationRequest, RequestedItem, Revision
from applications.models.retention import LegalHold, RetentionRule
from applications.models.reviews import Declaration, Review, Score
from applications.models.tasks import Task, TaskTemplate
from applications.models.waiting import Place, PlaceMove

__all__ = [
    "ADMITTING",
    "AgendaItem",
    "Application",
    "ApplicationSector",
    "Call",
    "CallSite",
    "CallVersion",
    "CoApplicant",
    "Criterion",
    "Decision",
    "Declaration",
    "Digest",
    "Document",
    "Ineligibility",
    "InformationRequest",
    "LegalHold",
    "Letter",
    "LetterTemplate",
    "Member",
    "Offer",
    "OfferState",
    "Place",
    "PlaceMove",
    "Question",
    "Reading",
    "Remark",
    "RequestedItem",
    "RetentionRule",
    "Review",
    "Revision",
    "Score",
    "SearchEntry",
    "Session",
    "StageTarget",
    "Task",
    "TaskTemplate",
    "Transfer",
    "Transition",
    "Vote",
    "WantedDocument",
]
