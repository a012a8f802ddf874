"""Companies, the words they are sorted by, and the sites that have to do with them."""

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
from tenants.models.presence import Presence

__all__ = [
    "IDENTITY_FIELDS",
    "SINCE_EVER",
    "Company",
    "CompanySector",
    "CompanyTechnology",
    "Contact",
    "FormerIdentity",
    "LegalIdentity",
    "Presence",
    "Sector",
    "Technology",
]
