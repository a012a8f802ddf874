"""Writes on companies."""

from tenants.services.companies import (
    add_site,
    change_identity,
    check_identifiers,
    note_presence,
    register_company,
    speak,
    update_company,
)
from tenants.services.contacts import keep_contact
from tenants.services.merging import merge_companies
from tenants.services.successions import drop_succession, note_succession

__all__ = [
    "add_site",
    "change_identity",
    "check_identifiers",
    "drop_succession",
    "keep_contact",
    "merge_companies",
    "note_presence",
    "note_succession",
    "register_company",
    "speak",
    "update_company",
]
