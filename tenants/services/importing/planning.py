"""What would happen to each row of companies. Reads only.

Known by ICE, else by folded name. An empty cell leaves what is there; sectors and technologies
are replaced when given; sites are added. What was unknown is filled in; a name, form or number
that differs is a change of identity from today on, so that the former one is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.cells import folded
from core.imports import Cells, Outcome, Plan, PlannedRow, spellings
from core.languages import Language
from core.periods import Period, today
from core.tables import Column, Table
from sites.choices import TenantKind
from sites.models import Site
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of
from sites.services.importing import Sites
from tenants.choices import LegalForm
from tenants.errors import IdentityTooEarly, WrongIdentifier
from tenants.identifiers import ice_key_ok, is_ice
from tenants.models import IDENTITY_FIELDS, Company, FormerIdentity, Sector, Technology
from tenants.names import name_key
from tenants.services.companies import check_identifiers
from tenants.services.importing.words import Words, site_names, words

COLUMNS: Final = (
    Column("name", required=True),
    *(Column(name) for name in ("legal_form", "ice", "if_number", "rc_number", "rc_court")),
    *(Column(name) for name in ("sectors", "technologies", "kind")),
    *(Column(name) for name in ("website", "email", "phone", "language", "sites")),
)
_PLAIN: Final = ("website", "email", "phone")
_UNKNOWN_FORMS: Final = ("", LegalForm.OTHER, LegalForm.NONE)


@dataclass(slots=True)
class CompanyData:
    """A row understood, and what to write of it."""

    company: Company
    former: FormerIdentity | None = None
    """The identity that ends today."""
    fields: set[str] = field(default_factory=set)
    """What changes on the company's own row."""
    sectors: list[Sector] | None = None
    """The new list; None leaves it as it is."""
    technologies: list[Technology] | None = None
    sites: list[Site] = field(default_factory=list)
    """Where it is not present yet."""


@dataclass(slots=True)
class _Given:
    """The cells of a row, cleaned; empty ones are left out."""

    name: str
    key: str
    values: dict[str, str]
    sectors: list[str]
    technologies: list[str]
    sites: list[Site]


def plan_companies(table: Table, *, acting_user: User | None) -> Plan:
    """Raises NotAllowed when the user may import companies nowhere."""
    require_somewhere(acting_user, Action.IMPORT, "company")
    return _Planner(table, acting_user).plan()


class _Planner:
    def __init__(self, table: Table, acting_user: User | None) -> None:
        self.table = table
        self.scope = self.words = Scope(True)
        if acting_user is not None:
            self.scope = scope_of(acting_user, Action.IMPORT, "company")
            self.words = scope_of(acting_user, Action.ADD, "classification")
        self.forms = spellings(LegalForm) | {"sarlassocieunique": LegalForm.SARL_AU}
        self.kinds = spellings(TenantKind)
        self.languages = spellings(Language)
        self.sites = Sites()
        self.sectors = Words(Sector)
        self.technologies = Words(Technology)
        self.seen: dict[str, int] = {}
        """ICE, folded name or id of a company → the line that has it."""
        self.by_ice: dict[str, Company] = {}
        self.by_key: dict[str, list[Company]] = {}
        self.by_former_key: dict[str, str] = {}

    def plan(self) -> Plan:
        rows = [PlannedRow(row) for row in self.table.rows]
        read = [(planned, self._read(planned)) for planned in rows]
        self._load([given for _planned, given in read if given is not None])
        for planned, given in read:
            if given is not None and planned.outcome != Outcome.REFUSED:
                self._decide(Cells(planned, self.table), planned, given)
        plan = Plan(self.table, rows)
        plan.made["sectors"] = len(self.sectors.made)
        plan.made["technologies"] = len(self.technologies.made)
        return plan

    # --- What the row says ---------------------------------------------------------------

    def _read(self, planned: PlannedRow) -> _Given | None:
        cells = Cells(planned, self.table)
        if planned.row.problem:
            return None
        name = cells.text("name", required=True)
        planned.label = name
        values = {
            column: cells.text(column)
            for column in ("ice", "if_number", "rc_number", "rc_court", *_PLAIN)
        }
        values["legal_form"] = cells.choice("legal_form", self.forms) or ""
        values["kind"] = cells.choice("kind", self.kinds) or ""
        values["language"] = cells.choice("language", self.languages) or ""
        for column in ("ice", "if_number"):
            try:
                values |= check_identifiers({column: values[column]})
            except WrongIdentifier as error:
                cells.wrong(column, error.message)
        if values["website"] and "://" not in values["website"]:
            values["website"] = f"https://{values['website']}"
        if is_ice(values["ice"]) and not ice_key_ok(values["ice"]):
            planned.warnings.append(_("The control key of ICE %(ice)s fails.") % values)
        return _Given(
            name=name,
            key=name_key(name) if name else "",
            values={column: value for column, value in values.items() if value},
            sectors=self._words(cells, "sectors", self.sectors),
            technologies=self._words(cells, "technologies", self.technologies),
            sites=self._sites(cells),
        )

    def _words(self, cells: Cells, column: str, known: Words[Any]) -> list[str]:
        found: dict[str, str] = {}
        for name in words(cells.text(column)):
            if len(name) > 120:
                cells.wrong(column, _("“%(name)s…” is too long.") % {"name": name[:30]})
            elif not self.words and known.find(name) is None:
                cells.wrong(
                    column, _("“%(name)s” is unknown, and you may not add it.") % {"name": name}
                )
            else:
                found.setdefault(folded(name), name)
        return list(found.values())

    def _sites(self, cells: Cells) -> list[Site]:
        text = cells.text("sites")
        whole = self.sites.find(text)
        found: dict[int, Site] = {}
        for name in [text] if whole else site_names(text):
            site = self.sites.find(name)
            if site is None:
                cells.wrong("sites", self.sites.unknown(name))
            elif not self.scope.covers(site.pk):
                cells.wrong("sites", _("You may not import for %(site)s.") % {"site": site.code})
            else:
                found[site.pk] = site
        return list(found.values())

    # --- What is already there -----------------------------------------------------------

    def _load(self, given: Sequence[_Given]) -> None:
        ices = [row.values["ice"] for row in given if "ice" in row.values]
        keys = {row.key for row in given}
        current = Company.objects.current().prefetch_related("sectors", "technologies", "presences")
        found = {
            company.pk: company for company in current.filter(name_key__in=keys).order_by("id")
        }
        found |= {company.pk: company for company in current.filter(ice__in=ices).order_by("id")}
        for company in found.values():
            self.by_key.setdefault(company.name_key, []).append(company)
            if company.ice:
                self.by_ice[company.ice] = company
        former = FormerIdentity.objects.filter(
            name_key__in=keys, company__merged_into__isnull=True
        ).values_list("name_key", "company__name")
        self.by_former_key = dict(former)

    def _decide(self, cells: Cells, planned: PlannedRow, given: _Given) -> None:
        company = self._known(cells, given)
        if planned.problems or not self._first_of_its_kind(cells, given, company):
            return
        if company is None:
            self._create(cells, planned, given)
        else:
            self._update(cells, planned, given, company)

    def _known(self, cells: Cells, given: _Given) -> Company | None:
        ice = given.values.get("ice", "")
        if ice in self.by_ice:
            return self.by_ice[ice]
        same_name = self.by_key.get(given.key, [])
        if len(same_name) > 1:
            cells.wrong("name", _("Several companies bear this name: give the ICE."))
            return None
        if not same_name:
            if given.key in self.by_former_key:
                cells.wrong(
                    "name",
                    _("This is a former name of %(company)s: give its present name or its ICE.")
                    % {"company": self.by_former_key[given.key]},
                )
            return None
        (company,) = same_name
        if ice and company.ice:
            cells.wrong(
                "ice",
                _("%(company)s has the ICE %(ice)s here: correct one of the two.")
                % {"company": company.name, "ice": company.ice},
            )
        return company

    def _first_of_its_kind(self, cells: Cells, given: _Given, company: Company | None) -> bool:
        marks = [f"name {given.key}"]
        if "ice" in given.values:
            marks.append(f"ice {given.values['ice']}")
        if company is not None:
            marks.append(f"id {company.pk}")
        line = cells.planned.row.line
        earlier = min((self.seen[mark] for mark in marks if mark in self.seen), default=None)
        if earlier is not None:
            cells.wrong("name", _("The same company as in line %(line)s.") % {"line": earlier})
            return False
        self.seen |= dict.fromkeys(marks, line)
        return True

    # --- What will happen ----------------------------------------------------------------

    def _create(self, cells: Cells, planned: PlannedRow, given: _Given) -> None:
        if not self.scope.network and not given.sites:
            cells.wrong("sites", _("Name your site."))
            return
        company = Company(**{"name": given.name, "name_key": given.key, **given.values})
        if not _valid(cells, company, {"name", *given.values}):
            return
        planned.outcome = Outcome.CREATE
        planned.data = CompanyData(
            company=company,
            sectors=self._of(self.sectors, given.sectors),
            technologies=self._of(self.technologies, given.technologies),
            sites=given.sites,
        )

    def _update(self, cells: Cells, planned: PlannedRow, given: _Given, company: Company) -> None:
        present = {presence.site_id for presence in company.presences.all()}
        data = CompanyData(company, sites=[site for site in given.sites if site.pk not in present])
        before = {name: getattr(company, name) for name in IDENTITY_FIELDS}
        new = {"name": given.name, **given.values}
        for name, value in new.items():
            old = getattr(company, name)
            setattr(company, name, value)
            if str(getattr(company, name)) != str(old):
                data.fields.add(name)
                planned.changes.append(f"{name}: {old or '—'} → {value}")
        if data.fields and not _valid(cells, company, data.fields):
            return
        for column, old_words, names, known in (
            ("sectors", company.sectors.all(), given.sectors, self.sectors),
            ("technologies", company.technologies.all(), given.technologies, self.technologies),
        ):
            wanted = self._of(known, names)
            if wanted and {word.pk for word in wanted} != {word.pk for word in old_words}:
                setattr(data, column, wanted)
                planned.changes.append(f"{column}: {', '.join(names)}")
        planned.changes += [f"sites: + {site.code}" for site in data.sites]
        if not planned.changes:
            return
        if not self.scope.network and not present & self.scope.site_ids:
            cells.wrong("", _("This company is at another site: you may not change it."))
            return
        self._date_identity(cells, planned, data, before)
        if planned.outcome != Outcome.REFUSED:
            planned.outcome = Outcome.UPDATE
            planned.data = data

    def _date_identity(
        self, cells: Cells, planned: PlannedRow, data: CompanyData, before: Mapping[str, str]
    ) -> None:
        """Filling in and spelling are no change of identity; anything else is, from today on."""
        company = data.company
        key = company.name_key
        changed = {name for name in data.fields & set(before) if before[name] not in _UNKNOWN_FORMS}
        if name_key(company.name) == key:
            changed.discard("name")
        if "name" in data.fields:
            company.name_key = name_key(company.name)
            data.fields.add("name_key")
        if not changed:
            return
        if company.identity_since >= today():
            error = IdentityTooEarly(company=before["name"], since=company.identity_since)
            cells.wrong("name", error.message)
            return
        data.former = FormerIdentity(
            company=company,
            period=Period(company.identity_since, today()),
            name_key=key,
            **before,
        )
        company.identity_since = today()
        data.fields.add("identity_since")
        planned.changes.append(_("the former identity is kept until yesterday"))

    @staticmethod
    def _of(known: Words[Any], names: Iterable[str]) -> list[Any]:
        """Each word once, however many of its names the cell gives (« IA; AI »)."""
        found = (known.find(name) or known.make(name) for name in names)
        return list({id(word): word for word in found}.values())


def _valid(cells: Cells, company: Company, fields: set[str]) -> bool:
    """Whether the model takes these fields; what it refuses becomes a problem of its column."""
    try:
        company.clean_fields(exclude={f.name for f in company._meta.fields} - fields)
    except ValidationError as error:
        for column, messages in error.message_dict.items():
            cells.wrong(column, " ".join(messages))
        return False
    return True
