"""What a figure can be narrowed to, by the words of an address: `building=CAS:A&sector=ict`."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from indicators.choices import Dimension
from indicators.figure import Indicator
from indicators.narrowing import Part
from indicators.profile import Profile
from indicators.tables import SPACE_KINDS, TENANT_KINDS
from sites.models import Building
from tenants.models import Sector


class UnknownPart(InvalidInput):
    code = "unknown_part"
    text = _("There is no %(dimension)s « %(value)s ». Known: %(known)s.")


class NotNarrowed(InvalidInput):
    code = "not_narrowed"
    text = _("« %(name)s » cannot be narrowed by %(dimension)s, but by %(known)s.")


def values_of(dimension: Dimension, site_ids: Collection[int]) -> dict[str, tuple[str, int]]:
    """What can be asked for: word of the address → (what people call it, number in the tables).

    A building is named by its site's code and its own; only those of the sites given.
    """
    if dimension is Dimension.BUILDING:
        buildings = Building.objects.filter(site__in=site_ids).select_related("site")
        return {
            f"{building.site.code}:{building.code}": (
                f"{building.site.name} · {building}",
                building.pk,
            )
            for building in buildings
        }
    if dimension is Dimension.SECTOR:
        return {sector.code: (sector.name, sector.pk) for sector in Sector.objects.all()}
    kinds = SPACE_KINDS if dimension is Dimension.SPACE_KIND else TENANT_KINDS
    return {kind.value: (str(kind.label), place) for place, kind in enumerate(kinds)}


def part_of(given: Mapping[str, str], of: Indicator | Profile, site_ids: Collection[int]) -> Part:
    """Reads `?building=&space_kind=&tenant_kind=&sector=`.

    Raises UnknownPart for a value that is not there (or of a site that is not among `site_ids`),
    NotNarrowed where the indicator cannot be narrowed that way.
    """
    found: dict[str, int] = {}
    for dimension in Dimension:
        value = given.get(dimension.value, "")
        if not value:
            continue
        if dimension not in of.dimensions:
            known_ones = ["site", *(one.value for one in Dimension if one in of.dimensions)]
            raise NotNarrowed(name=of.name, dimension=dimension.value, known=", ".join(known_ones))
        known = values_of(dimension, site_ids)
        if value not in known:
            raise UnknownPart(dimension=dimension.value, value=value, known=", ".join(known))
        found[dimension.value] = known[value][1]
    return Part(**found)
