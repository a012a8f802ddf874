"""Other files that may be of the same applicant, and those known to be."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import Promise

from applications.labels.next_acts import KINSHIPS
from applications.models import Application
from tenants.models import Company

MOST: Final = 12
ALIKE: Final = 0.45
"""From this likeness of folded names on, as among companies."""


class Kinship(StrEnum):
    """Why a file stands beside another, the surest first."""

    ORIGINAL = "original"
    DUPLICATE = "duplicate"
    SISTER = "sister"
    ICE = "ice"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Relative:
    application: Application
    kinship: Kinship

    @property
    def certain(self) -> bool:
        """Somebody said so; the others are look-alikes."""
        return self.kinship in {Kinship.ORIGINAL, Kinship.DUPLICATE, Kinship.SISTER}

    @property
    def label(self) -> str | Promise:
        return KINSHIPS[self.kinship]


def relatives(application: Application, user: Any) -> list[Relative]:
    """Files that the user may see: originals and duplicates of this one, those made together
    with it, then those with the same ICE, e-mail address or a name like its own; one query."""
    reasons = {
        Kinship.ORIGINAL: Q(pk=application.original_id) if application.original_id else None,
        Kinship.DUPLICATE: Q(original=application.pk),
        Kinship.SISTER: made_together(application),
        Kinship.ICE: Q(ice=application.ice) if application.ice else None,
        Kinship.EMAIL: (
            Q(contact_email=application.contact_email) if application.contact_email else None
        ),
        Kinship.NAME: (
            Q(name_key__trigram_similar=application.name_key, likeness__gte=ALIKE)
            if application.name_key
            else None
        ),
    }
    given = {kind: reason for kind, reason in reasons.items() if reason is not None}
    order = list(given)
    any_of = Q()
    for reason in given.values():
        any_of |= reason
    rows: Any = (
        Application.objects.visible_to(user)
        .annotate(likeness=TrigramSimilarity("name_key", application.name_key))
        .filter(any_of)
        .exclude(pk=application.pk)
        .annotate(
            kinship=Case(
                *(When(given[kind], then=Value(nr)) for nr, kind in enumerate(order)),
                output_field=IntegerField(),
            )
        )
        .select_related("site")
        .only("reference", "name", "state", "submitted_at", "site")
        .order_by("kinship", "-likeness", "-pk")
    )
    return [Relative(row, order[row.kinship]) for row in rows[:MOST]]


def made_together(application: Application) -> Q:
    """The other applications that the same company made to other sites at once."""
    first = application.sister_of_id
    same = Q(sister_of=application.pk)
    return same | Q(pk=first) | Q(sister_of=first) if first is not None else same


def known_company(application: Application) -> Company | None:
    """The company that the application is of, as far as machines can tell: its own, the one with
    the same ICE, or that of an application made together with it.

    Without an ICE a look-alike is not taken for the same company: staff merge, machines do not.
    """
    if application.company is not None:
        return application.company
    same = (
        Company.objects.current().filter(ice=application.ice).first() if application.ice else None
    )
    if same is not None:
        return same
    theirs = Application.objects.filter(made_together(application)).values("company")
    sister = Company.objects.filter(pk__in=theirs).order_by("pk").first()
    if sister is None or (application.ice and sister.ice not in {"", application.ice}):
        return None
    return sister


def like_companies(application: Application) -> list[Company]:
    """Known companies that may be this one: staff decide, machines only take the same ICE."""
    found = Company.objects.look_alikes(name=application.name, ice=application.ice)[:6]
    return [company for company in found if company.pk != application.company_id][:5]
