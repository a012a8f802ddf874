"""A site whose bank's files are read, their lines, and who they may be of, by the real services."""

import datetime as dt
from typing import Any

from billing.models import BankLine
from billing.selectors.bank_book import proposals_for
from billing.services.matching import accept_match
from billing.services.statements import import_statement, keep_mapping
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene

HEAD = "Date;Libellé;Réf;Montant\n"
COLUMNS = {"booked": "Date", "words": "Libellé", "reference": "Réf", "amount": "Montant"}


def hub() -> Site:
    """It has the columns of one bank."""
    made = bills.site(starts_on=dt.date(2026, 1, 1))
    keep_mapping(lessor=made.lessor, name="BD", columns=COLUMNS, acting_user=None)
    return made


def company(name: str = "Atlas Data") -> Company:
    return scene.company(name)


def read(site: Site, *rows: str, name: str = "novembre.csv") -> list[BankLine]:
    """The lines that a CSV of these rows adds."""
    data = (HEAD + "\n".join(rows)).encode()
    got = import_statement(lessor=site.lessor, name=name, data=data, acting_user=None)
    return list(got.statement.lines.order_by("position"))


def best(line: BankLine) -> Any:
    return proposals_for(line.lessor_id, [line.pk])[line.pk][0]


def accepted(line: BankLine, **given: Any) -> BankLine:
    return accept_match(line=line, key=best(line).key, **{"acting_user": None, **given})
