"""What is looked at in a room when its keys change hands, where a hub has no list of its own. Pure.

Office lists of Moroccan « états des lieux » name about these things.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sites.choices import SpaceKind


class Element(NamedTuple):
    fr: str
    ar: str
    en: str


FLOOR: Final = Element("Sol", "الأرضية", "Floor")
WALLS: Final = Element("Murs et peinture", "الجدران والصباغة", "Walls and paint")
CEILING: Final = Element("Plafond", "السقف", "Ceiling")
DOOR: Final = Element("Porte et serrure", "الباب والقفل", "Door and lock")
WINDOWS: Final = Element("Fenêtres et vitrages", "النوافذ والزجاج", "Windows and panes")
BLINDS: Final = Element("Stores", "الستائر", "Blinds")
LIGHTS: Final = Element("Éclairage", "الإنارة", "Lighting")
SOCKETS: Final = Element(
    "Prises et interrupteurs", "المقابس ومفاتيح الكهرباء", "Sockets and switches"
)
NETWORK: Final = Element("Prises réseau", "مقابس الشبكة", "Network sockets")
COOLING: Final = Element("Climatisation", "مكيف الهواء", "Air conditioning")
SMOKE: Final = Element("Détecteur de fumée", "كاشف الدخان", "Smoke detector")
FURNITURE: Final = Element("Mobilier mis à disposition", "الأثاث الموفر", "Furniture provided")
TABLE: Final = Element("Table et chaises", "الطاولة والكراسي", "Table and chairs")
SCREEN: Final = Element("Écran ou projecteur", "الشاشة أو جهاز العرض", "Screen or projector")
DESK: Final = Element("Bureau", "المكتب", "Desk")
CHAIR: Final = Element("Fauteuil", "الكرسي", "Chair")
LOCKER: Final = Element("Caisson ou casier", "الخزانة", "Locker or drawers")
SHUTTER: Final = Element("Rideau métallique", "الستار المعدني", "Metal shutter")
FRONT: Final = Element("Vitrine et enseigne", "الواجهة واللافتة", "Shop front and sign")
WATER: Final = Element("Point d’eau et évacuation", "نقطة الماء والتصريف", "Tap and drain")
SHELVES: Final = Element("Étagères", "الرفوف", "Shelves")
TOILETS: Final = Element("Sanitaires", "المرافق الصحية", "Toilets")

KEYS: Final = (
    Element("Clé de la porte", "مفتاح الباب", "Door key"),
    Element("Badge", "شارة الدخول", "Badge"),
    Element("Télécommande", "جهاز تحكم", "Remote control"),
    Element("Clé de la boîte aux lettres", "مفتاح صندوق الرسائل", "Letter-box key"),
)
"""What is usually handed over."""

_ROOM: Final = (FLOOR, WALLS, CEILING, DOOR)
_OFFICE: Final = (*_ROOM, WINDOWS, BLINDS, LIGHTS, SOCKETS, NETWORK, COOLING, SMOKE)

OWN: Final[Mapping[str, tuple[Element, ...]]] = {
    SpaceKind.OFFICE: (*_OFFICE, FURNITURE),
    SpaceKind.OPEN_FLOOR: (*_OFFICE, FURNITURE),
    SpaceKind.MEETING_ROOM: (*_OFFICE, TABLE, SCREEN),
    SpaceKind.DESK: (DESK, CHAIR, LOCKER, SOCKETS, NETWORK),
    SpaceKind.SHOP: (*_ROOM, SHUTTER, FRONT, LIGHTS, SOCKETS, NETWORK, WATER, SMOKE),
    SpaceKind.STORAGE: (*_ROOM, SHELVES, LIGHTS, SOCKETS, SMOKE),
    SpaceKind.COMMON: (FLOOR, WALLS, CEILING, LIGHTS, TOILETS, WATER, SMOKE),
}
"""By kind of space, in the order in which one walks through it."""
