"""What the demo's applicants upload: a business plan, and slides of the same project."""

import io
import random
from typing import BinaryIO, Final

from django.utils import translation

from applications.models import Application
from applications.services.documents import add_document
from applications.services.submission import Answers
from core import formats
from core.typesetting import typeset

_SALARY: Final = 108_000
"""Dirhams a year of one person of the team."""


def upload(file: Application, answers: Answers, chance: random.Random) -> None:
    """As the browser that began the draft does; every second file with slides too."""
    with translation.override("fr"):
        made = {"business_plan": typeset("demo/plan.typ", _plan(answers, chance))}
        if chance.random() < 0.5:
            made["presentation"] = typeset("demo/slides.typ", _slides(answers))
    for key, content in made.items():
        add_document(
            application=file,
            key=key,
            file=_opened(content),
            name=f"{_NAMES[key]} {answers.name}.pdf",
            size=len(content),
            acting_user=None,
        )


_NAMES: Final = {"business_plan": "Plan d’affaires", "presentation": "Présentation"}


def _opened(content: bytes) -> BinaryIO:
    return io.BytesIO(content)


def _plan(answers: Answers, chance: random.Random) -> dict[str, object]:
    trade = formats.listed(answers.sectors, "fr")
    return {
        "title": f"{answers.name}\u00a0: plan d’affaires",
        "card": [
            ["Secteur", trade],
            ["Équipe", f"{answers.team_size} personnes"],
            ["Surface souhaitée", formats.area(answers.wanted_m2, "fr")],
            ["Entrée souhaitée", formats.day(answers.wanted_start, "fr", long=True)],
        ],
        "chapters": [
            ["Le projet", answers.project],
            [
                "Le marché",
                "Les premiers clients sont des entreprises et des coopératives de la région. Trois "
                "lettres d’intention sont signées ; un pilote a duré quatre mois.\n"
                "Les concurrents vendent du matériel importé, sans service sur place.",
            ],
            ["L’équipe", f"{answers.team} Les fondateurs travaillent à plein temps."],
            [
                "Pourquoi le technoparc",
                "Un bureau fermé, une salle de réunion à l’heure et la proximité d’autres jeunes "
                "entreprises, avant de s’installer dans ses propres locaux.",
            ],
        ],
        "figures": {
            "head": "Prévisions, en dirhams",
            "columns": ["", "Année 1", "Année 2", "Année 3"],
            "rows": _forecast(answers.team_size, chance),
        },
    }


def _forecast(people: int, chance: random.Random) -> list[list[str]]:
    sales, costs = [], []
    for year in range(3):
        wages = _SALARY * (people + year)
        costs.append(wages + wages // 5)
        sales.append(round(wages * (0.5 + 0.4 * year + chance.random() / 5), -3))
    results = [int(sold) - spent for sold, spent in zip(sales, costs, strict=True)]
    rows = (("Chiffre d’affaires", sales), ("Charges", costs), ("Résultat", results))
    return [[name, *(formats.number(int(value), "fr") for value in row)] for name, row in rows]


def _slides(answers: Answers) -> dict[str, object]:
    return {
        "title": answers.name,
        "slides": [
            [answers.name, answers.project],
            ["Le besoin", "Des clients mal servis par des produits importés, sans aide sur place."],
            ["L’équipe", answers.team],
            ["Ce que nous cherchons", f"{formats.area(answers.wanted_m2, 'fr')} et des voisins."],
        ],
    }
