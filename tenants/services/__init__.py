"""Writes on companies."""

from tenants.services.companies import (
    change_identity,
    check_identifiers,
    note_presence,
    register_company,
    update_company,
)
from tenants.services.merging import merge_companies

__all__ = [
    "change_identity",
    "check_identifiers",
    "merge_companies",
    "note_presence",
    "register_company",
    "update_company",
]
