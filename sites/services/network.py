"""Brings the network's file into the database: adds what is new, updates what differs."""

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import InvalidInput
from core.history import recorded
from core.periods import Period
from sites.models import (
    Building,
    Floor,
    Lessor,
    RatePlan,
    RatePlanStep,
    Site,
    SiteCapacity,
    VatRule,
)
from sites.services.places import facts_of, tell_changes
from sites.services.tariffs import prices_of, tell_new_prices
from sites.signals import network_loaded


class BadNetworkFile(InvalidInput):
    code = "bad_network_file"
    text = _("%(place)s: %(reason)s")


def load_network(*, path: Path, acting_user: User | None) -> Counter[str]:
    """Make the tables say what the file says. Returns how many rows were added, changed, unchanged.

    All or nothing. A dated row (capacity, plan, VAT rule) is known by its first day. What the file
    does not name is left alone. Raises BadNetworkFile with the place in the file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadNetworkFile(place=str(path), reason=f"{error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadNetworkFile(place=path.name, reason=f"{error}.") from error
    loader = _Loader(acting_user)
    with recorded(acting_user, reason=path.name):
        for table, load in (
            ("lessor", loader.lessor),
            ("site", loader.site),
            ("plan", loader.plan),
        ):
            for number, entry in enumerate(data.get(table, []), start=1):
                place = f"[[{table}]] {number} {entry.get('code', entry.get('tenant_kind', ''))}"
                with _at(place.strip()):
                    load(entry)
        unknown = set(data) - {"lessor", "site", "plan"}
        if unknown:
            raise BadNetworkFile(place=path.name, reason=f"unknown table {sorted(unknown)[0]}")
        network_loaded.send(sender=Site)
    return loader.done


class _at:  # noqa: N801  reads as a phrase: with _at("[[site]] 2")
    """Turns whatever a wrong entry raises into one line that names the entry."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.savepoint = transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self.savepoint.__exit__(kind, error, trace)
        if isinstance(error, KeyError):
            raise BadNetworkFile(place=self.place, reason=f"{error.args[0]} is missing") from error
        if isinstance(error, ValidationError):
            reason = "; ".join(error.messages)
            raise BadNetworkFile(place=self.place, reason=reason) from error
        if isinstance(error, models.ObjectDoesNotExist):
            raise BadNetworkFile(place=self.place, reason=str(error)) from error
        if isinstance(
            error,
            (TypeError, ValueError, AttributeError, InvalidOperation, DataError, IntegrityError),
        ):
            reason = str(error).strip().splitlines()[0]
            raise BadNetworkFile(place=self.place, reason=reason) from error


class _Loader:
    def __init__(self, acting_user: User | None) -> None:
        self.acting_user = acting_user
        self.done: Counter[str] = Counter()

    def lessor(self, entry: dict[str, Any]) -> None:
        rules = entry.pop("vat", [])
        lessor = self._put(Lessor, {"code": entry.pop("code")}, entry)
        for rule in rules:
            for kind in rule["kinds"]:
                self._put_dated(
                    VatRule,
                    {"lessor": lessor, "subject": kind},
                    rule,
                    {
                        "rate": Decimal(rule["rate"]),
                        "exemption_ground": rule.get("exemption_ground", ""),
                    },
                )

    def site(self, entry: dict[str, Any]) -> None:
        names = entry.pop("name")
        position = entry.pop("position", [None, None])
        capacities = entry.pop("capacities", [])
        buildings = entry.pop("buildings", [])
        code = entry.pop("code")
        built = entry.pop("built_m2", None)
        values = {
            "lessor": Lessor.objects.get(code=entry.pop("lessor")),
            "name_fr": names["fr"],
            "name_ar": names["ar"],
            "name_en": names["en"],
            "latitude": position[0] and Decimal(position[0]),
            "longitude": position[1] and Decimal(position[1]),
            "built_m2": built and Decimal(built),
            **entry,
        }
        known = Site.objects.filter(code=code).first()
        before = facts_of(known.pk if known else None)
        site = self._put(Site, {"code": code}, values)
        for capacity in capacities:
            self._put_dated(
                SiteCapacity, {"site": site}, capacity, {"companies": capacity["companies"]}
            )
        tell_changes(before, site, acting_user=self.acting_user)
        for one in buildings:
            building = self._put(
                Building, {"site": site, "code": one["code"]}, {"name": one.get("name", "")}
            )
            for floor, level in one.get("floors", {}).items():
                self._put(Floor, {"building": building, "code": floor}, {"level": level})

    def plan(self, entry: dict[str, Any]) -> None:
        for code in entry["sites"]:
            before = prices_of(self._known_plan(code, entry))
            plan = self._put_dated(
                RatePlan,
                {
                    "site": Site.objects.get(code=code),
                    "tenant_kind": entry["tenant_kind"],
                },
                entry,
                {
                    "unit": entry.get("unit", "per_m2"),
                    "deposit_months": Decimal(entry.get("deposit_months", "0")),
                    "maximum_stay_months": entry.get("maximum_stay_months"),
                },
            )
            for step in entry["steps"]:
                self._put(
                    RatePlanStep,
                    {"plan": plan, "after_months": step["after"]},
                    {"rate": Decimal(step["rate"])},
                )
            tell_new_prices(before, plan, acting_user=self.acting_user)

    def _known_plan(self, code: str, entry: Mapping[str, Any]) -> int | None:
        known = RatePlan.objects.filter(
            site__code=code,
            tenant_kind=entry["tenant_kind"],
            period__startswith=entry["since"],
        )
        return known.values_list("pk", flat=True).first()

    def _put_dated(
        self,
        model: type[models.Model],
        key: Mapping[str, Any],
        entry: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> Any:
        since: dt.date = entry["since"]
        period = Period.through(since, entry.get("until"))
        return self._put(model, {**key, "period__startswith": since}, {**values, "period": period})

    def _put(
        self, model: type[models.Model], key: Mapping[str, Any], values: Mapping[str, Any]
    ) -> Any:
        row = model._default_manager.filter(**key).first()
        if row is None:
            plain = {name: value for name, value in key.items() if "__" not in name}
            row = model(**plain, **values)
            row.full_clean()
            row.save()
            self.done["added"] += 1
            return row
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            self.done["unchanged"] += 1
            return row
        for name in changed:
            setattr(row, name, values[name])
        row.full_clean()
        row.save(update_fields=changed)
        self.done["changed"] += 1
        return row
