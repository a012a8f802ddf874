"""One vocabulary of kinds for plans, companies, applications, leases and imports."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenantKind(models.TextChoices):
    """What a company is to us; each kind says whether it counts as hosted."""

    STARTUP = "startup", _("start-up")
    SME = "sme", _("SME")
    LARGE = "large", _("large company")
    COWORKING = "coworking", _("coworking member")
    DOMICILIATION = "domiciliation", _("domiciled company")
    SUPPORT = "support", _("support organisation")


HOSTED_KINDS: Final = (TenantKind.STARTUP, TenantKind.SME, TenantKind.LARGE)
"""The kinds that count as hosted; the same formulas count the others beside."""


class ClientKind(models.TextChoices):
    """Whose rights a client has."""

    PERSON = "person", _("acts for a person on staff")
    PARTNER = "partner", _("a partner's portal")


class SpaceKind(models.TextChoices):
    OFFICE = "office", _("office")
    OPEN_FLOOR = "open_floor", _("open floor")
    DESK = "desk", _("desk")
    MEETING_ROOM = "meeting_room", _("meeting room")
    SHOP = "shop", _("shop")
    STORAGE = "storage", _("storage")
    COMMON = "common", _("common area")


class VatSubject(models.TextChoices):
    """What a VAT rule is about: the spaces of a kind, or what is sold without one."""

    OFFICE = SpaceKind.OFFICE.value, SpaceKind.OFFICE.label
    OPEN_FLOOR = SpaceKind.OPEN_FLOOR.value, SpaceKind.OPEN_FLOOR.label
    DESK = SpaceKind.DESK.value, SpaceKind.DESK.label
    MEETING_ROOM = SpaceKind.MEETING_ROOM.value, SpaceKind.MEETING_ROOM.label
    SHOP = SpaceKind.SHOP.value, SpaceKind.SHOP.label
    STORAGE = SpaceKind.STORAGE.value, SpaceKind.STORAGE.label
    COMMON = SpaceKind.COMMON.value, SpaceKind.COMMON.label
    SERVICE = "service", _("service without a space")


class BookingKind(models.TextChoices):
    HOLD = "hold", _("hold")
    LETTING = "letting", _("letting")
    OUT_OF_SERVICE = "out_of_service", _("out of service")


class RateUnit(models.TextChoices):
    PER_M2 = "per_m2", _("per m² and month")
    FLAT = "flat", _("flat, per month")
