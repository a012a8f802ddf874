"""Companies, the words they are sorted by, where they are, and what became of those that left."""

from tenants.models.classifications import Sector, Technology
from tenants.models.companies import (
    IDENTITY_FIELDS,
    SINCE_EVER,
    Company,
    CompanySector,
    CompanyTechnology,
    Contact,
    FormerIdentity,
    LegalIdentity,
)
from tenants.models.follow_up import (
    EARLIEST_DECLARED,
    Declaration,
    FollowUp,
    Milestone,
)
from tenants.models.presence import Presence
from tenants.models.successions import Succession

__all__ = [
    "EARLIEST_DECLARED",
    "IDENTITY_FIELDS",
    "SINCE_EVER",
    "Company",
    "CompanySector",
    "CompanyTechnology",
    "Contact",
    "Declaration",
    "FollowUp",
    "FormerIdentity",
    "LegalIdentity",
    "Milestone",
    "Presence",
    "Sector",
    "Succession",
    "Technology",
]
