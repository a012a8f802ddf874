"""Register a company, change what it is called, note where it is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period, today
from sites.models import Site
from sites.permissions import require, require_somewhere
from tenants.errors import IceTaken, IdentityNotYet, IdentityTooEarly, WrongIdentifier
from tenants.identifiers import compact, is_ice, is_if_number
from tenants.models import IDENTITY_FIELDS, Company, FormerIdentity, Presence, Sector, Technology
from tenants.names import name_key
from tenants.permissions import require_for


def check_identifiers(identity: Mapping[str, str]) -> dict[str, str]:
    """The identifiers without separators. Raises WrongIdentifier for a wrong form.

    A failed ICE key is no error: `tenants.identifiers.ice_key_ok` tells, and staff may say why
    the number is right all the same.
    """
    checked = dict(identity)
    if ice := compact(checked.get("ice", "")):
        if not is_ice(ice):
            raise WrongIdentifier(field="ice", name="ICE", value=ice, reason=_("it has 15 digits"))
        checked["ice"] = ice
    if if_number := compact(checked.get("if_number", "")):
        if not is_if_number(if_number):
            raise WrongIdentifier(
                field="if_number", name="IF", value=if_number, reason=_("it has 7 or 8 digits")
            )
        checked["if_number"] = if_number
    return checked


def register_company(
    *,
    name: str,
    acting_user: User | None,
    legal_form: str = "other",
    ice: str = "",
    if_number: str = "",
    rc_number: str = "",
    rc_court: str = "",
    kind: str = "startup",
    sectors: Iterable[Sector] = (),
    technologies: Iterable[Technology] = (),
    site: Site | None = None,
    **fields: Any,
) -> Company:
    """A new company, at `site` from today on where one is given.

    `fields`: website, email, phone, address, in_directory, ice_override_reason. Raises
    WrongIdentifier, IceTaken, NotAllowed, ValidationError.
    """
    require_somewhere(acting_user, Action.ADD, "company")
    if site is not None:
        require(acting_user, Action.ADD, "company", site.pk)
    identity = check_identifiers(
        {
            "name": " ".join(name.split()),
            "legal_form": legal_form,
            "ice": ice,
            "if_number": if_number,
            "rc_number": rc_number,
            "rc_court": rc_court,
        }
    )
    with recorded(acting_user):
        _check_ice_free(identity["ice"], but=None)
        company = Company(**identity, name_key=name_key(name), kind=kind, **fields)
        company.full_clean()
        company.save()
        company.sectors.add(*sectors)
        company.technologies.add(*technologies)
        if site is not None:
            note_presence(company=company, site=site, acting_user=acting_user)
    return company


def update_company(*, company: Company, acting_user: User | None, **fields: Any) -> Company:
    """Change what is not dated. The legal identity changes by `change_identity` only.

    Raises NotAllowed, ValidationError.
    """
    require_for(acting_user, Action.CHANGE, company)
    dated = set(fields) & set(IDENTITY_FIELDS)
    if dated:
        raise ValueError(f"{sorted(dated)} change by change_identity, with a day")
    with recorded(acting_user):
        locked = Company.objects.select_for_update().get(pk=company.pk)
        many = {key: fields.pop(key) for key in ("sectors", "technologies") if key in fields}
        for field, value in fields.items():
            setattr(locked, field, value)
        locked.full_clean()
        if fields:
            locked.save(update_fields=list(fields))
        for field, values in many.items():
            getattr(locked, field).set(values)
    return locked


def change_identity(
    *, company: Company, since: dt.date, acting_user: User | None, **identity: str
) -> Company:
    """From `since` on the company is called and registered as `identity` says.

    Its former identity is kept with its period: it stays one record. Raises IdentityTooEarly when
    `since` is not after the present identity's first day, IdentityNotYet when it is still to come
    (the record shows the identity of today), WrongIdentifier, IceTaken, NotAllowed.
    """
    require_for(acting_user, Action.CHANGE, company)
    unknown = set(identity) - set(IDENTITY_FIELDS)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no part of a legal identity")
    if since > today():
        raise IdentityNotYet(since=since)
    with recorded(acting_user):
        locked = Company.objects.select_for_update().get(pk=company.pk)
        if since <= locked.identity_since:
            raise IdentityTooEarly(company=locked.name, since=locked.identity_since)
        before = {field: getattr(locked, field) for field in IDENTITY_FIELDS}
        after = check_identifiers({**before, **identity})
        if after == before:
            return locked
        _check_ice_free(after["ice"], but=locked.pk)
        FormerIdentity.objects.create(
            company=locked,
            period=Period(locked.identity_since, since),
            name_key=locked.name_key,
            **before,
        )
        for field, value in after.items():
            setattr(locked, field, value)
        locked.name_key = name_key(locked.name)
        locked.identity_since = since
        locked.full_clean()
        locked.save(update_fields=[*IDENTITY_FIELDS, "name_key", "identity_since"])
    return locked


def note_presence(
    *, company: Company, site: Site, acting_user: User | None, since: dt.date | None = None
) -> Presence:
    """The company has to do with the site from now on: its staff see the whole record.

    What follows from an application or a lease, whoever acts: nobody's right is asked for.
    """
    with recorded(acting_user):
        presence, _made = Presence.objects.get_or_create(
            company=company, site=site, defaults={"since": since or today()}
        )
    return presence


def speak(*, company: Company, language: str, acting_user: User | None) -> None:
    """Write to the company in the language in which it applied. What follows from an application,
    whoever acts: nobody's right is asked for."""
    with recorded(acting_user):
        Company.objects.filter(pk=company.pk).exclude(language=language).update(language=language)
    company.language = language


def add_site(*, company: Company, site: Site, acting_user: User | None) -> Presence:
    """Show the company to one more site. Raises NotAllowed, unless the right holds at both."""
    require_for(acting_user, Action.CHANGE, company)
    require(acting_user, Action.CHANGE, "company", site.pk)
    return note_presence(company=company, site=site, acting_user=acting_user)


def _check_ice_free(ice: str, *, but: int | None) -> None:
    if not ice:
        return
    other = Company.objects.current().filter(ice=ice).exclude(pk=but or 0).first()
    if other is not None:
        raise IceTaken(ice=ice, company=other.name)
