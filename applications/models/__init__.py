"""Applications: who wants to come in, what was answered, decided and offered."""

from applications.models.decisions import ADMITTING, Decision, Ineligibility
from applications.models.files import Application, ApplicationSector, StageTarget, Transition
from applications.models.offers import Offer, OfferState
from applications.models.requests import InformationRequest, RequestedItem, Revision

__all__ = [
    "ADMITTING",
    "Application",
    "ApplicationSector",
    "Decision",
    "Ineligibility",
    "InformationRequest",
    "Offer",
    "OfferState",
    "RequestedItem",
    "Revision",
    "StageTarget",
    "Transition",
]
