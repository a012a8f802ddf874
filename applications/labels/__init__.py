"""What people call the things of admission, in their language."""

from applications.labels.calls import LACKS, REFUSALS, QuestionKind, Section, VersionState
from applications.labels.decisions import (
    Ballot,
    DeclineReason,
    IneligibleReason,
    LetterKind,
    LetterState,
    ReviewState,
    SessionState,
)
from applications.labels.files import (
    ApplicantKind,
    Channel,
    ItemKind,
    RequestState,
    ScanState,
    TaskList,
    TransferState,
    Visibility,
)
from applications.labels.states import (
    ApplicantState,
    ApplicationState,
    ApplicationStep,
    Outcome,
    applicant_label,
    applicant_state,
)
from applications.labels.waiting import Misfit

__all__ = [
    "LACKS",
    "REFUSALS",
    "ApplicantKind",
    "ApplicantState",
    "ApplicationState",
    "ApplicationStep",
    "Ballot",
    "Channel",
    "DeclineReason",
    "IneligibleReason",
    "ItemKind",
    "LetterKind",
    "LetterState",
    "Misfit",
    "Outcome",
    "QuestionKind",
    "RequestState",
    "ReviewState",
    "ScanState",
    "Section",
    "SessionState",
    "TaskList",
    "TransferState",
    "VersionState",
    "Visibility",
    "applicant_label",
    "applicant_state",
]
