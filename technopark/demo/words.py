"""Invented words: names of companies that do not exist, and what such companies do. Pure."""

import random
from collections.abc import Iterator
from typing import Final

_FIRST: Final = (
    "Ar", "Zel", "Tif", "Nou", "Sah", "Mir", "Kal", "Dou", "Iz", "Ras", "Ta", "Lou",
    "Yas", "Ami", "Zoh", "Rim", "Ked", "Fal", "Jaw", "Ouz", "Bar", "Sif", "Tam", "Mag",
)  # fmt: skip
_SECOND: Final = (
    "gania", "lijo", "ritane", "zadia", "maris", "kechta", "doran", "wanel", "nialis", "lilo",
    "rasque", "vertis", "tekna", "mounia", "saneo", "zoulia", "ferra", "tilla", "bahra",
    "yanis", "cora", "dinar", "qasba",
)  # fmt: skip
_TRADES: Final = (
    "Logiciels",
    "Données",
    "Systèmes",
    "Énergie",
    "Studio",
    "Mobile",
    "Réseaux",
    "Santé",
    "Agritech",
    "Éducation",
    "Paiement",
    "Logistique",
    "Vision",
    "Robotique",
    "Sécurité",
    "Médias",
    "Capteurs",
    "Conseil",
    "Solaire",
    "Mobilité",
    "Recyclage",
    "Langues",
    "Cartographie",
    "Livraison",
    "Domotique",
)

# code, French, Arabic, English
SECTORS: Final = (
    (
        "logiciel",
        "Développement logiciel",
        "تطوير البرمجيات",
        "Software development",
    ),
    ("green-tech", "Technologies vertes", "التكنولوجيا الخضراء", "Green tech"),
    ("fintech", "Services financiers", "الخدمات المالية", "Financial services"),
    ("sante", "Santé", "الصحة", "Health"),
    ("education", "Éducation et formation", "التربية والتكوين", "Education and training"),
    ("agritech", "Agriculture", "الفلاحة", "Agriculture"),
    ("creatif", "Industries culturelles et créatives", "الصناعات الثقافية والإبداعية", "Creative"),
    ("conseil", "Conseil et intégration", "الاستشارة والإدماج", "Consulting and integration"),
)
TECHNOLOGIES: Final = (
    ("web-mobile", "Web et mobile", "الويب والجوال", "Web and mobile"),
    ("donnees", "Données", "البيانات", "Data"),
    ("ia", "Intelligence artificielle", "الذكاء الاصطناعي", "Artificial intelligence"),
    ("iot", "Objets connectés", "الأشياء المتصلة", "Internet of things"),
    ("cloud", "Informatique en nuage", "الحوسبة السحابية", "Cloud"),
    ("cybersecurite", "Cybersécurité", "الأمن السيبراني", "Cybersecurity"),
)


def names(chance: random.Random) -> Iterator[str]:
    """Distinct names, as many as there are combinations (13,800)."""
    every = [
        f"{first}{second} {trade}" for first in _FIRST for second in _SECOND for trade in _TRADES
    ]
    chance.shuffle(every)
    yield from every


def ice(number: int) -> str:
    """A well-formed ICE: 9 digits of the company, 4 of the establishment, 2 of control (mod 97)."""
    body = f"9{number:08d}0001"
    return f"{body}{97 - int(body) * 100 % 97:02d}"


# (list, French, Arabic, English, due after days, up to the applicant)
CHECKLISTS: Final = (
    ("screening", "Le projet relève d’un secteur hébergé", "المشروع ضمن القطاعات المحتضنة",
     "The project is in a sector we host", 3, False),
    ("screening", "Le porteur et l’équipe sont identifiés", "حامل المشروع والفريق معروفان",
     "The holder and the team are known", 3, False),
    ("screening", "La surface demandée existe sur le site", "المساحة المطلوبة متوفرة في الموقع",
     "The site has the area that is asked for", 5, False),
    ("onboarding", "Statuts et registre de commerce", "النظام الأساسي والسجل التجاري",
     "Articles of association and trade register", 10, True),
    ("onboarding", "Attestation d’assurance des locaux", "شهادة تأمين المحل",
     "Insurance certificate of the premises", 20, True),
    ("onboarding", "Caution reçue", "استلام الضمانة", "Deposit received", 20, False),
    ("onboarding", "Contrat signé par les deux parties", "توقيع العقد من الطرفين",
     "Lease signed by both sides", 15, False),
    ("onboarding", "Badges et accès réseau", "الشارات والولوج إلى الشبكة",
     "Badges and network access", 25, False),
    ("onboarding", "État des lieux et remise des clés", "بيان وصفي للمحل وتسليم المفاتيح",
     "Handover report and keys", 30, False),
)  # fmt: skip
