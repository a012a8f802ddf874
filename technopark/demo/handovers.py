"""Handover reports of the demo: the last entries, with photos; an exit, and one half written."""

import io
import random
from decimal import Decimal
from typing import Final

from PIL import Image, ImageDraw

from accounts.models import User
from core.periods import today
from leases.choices import Condition, HandoverWay, LeaseState, MeterKind
from leases.models import HandoverItem, HandoverReport, Lease
from leases.services.handover_counts import Counted, Read, set_keys, set_meters
from leases.services.handover_items import add_photo, fill_item
from leases.services.handover_reports import begin_report, change_report, close_report
from technopark.demo.story import SEED

_ENTRIES: Final = 4
_REMARKS: Final = {
    Condition.WORN: ("Traces d’usage", "Petites rayures", "Peinture à reprendre un jour"),
    Condition.DAMAGED: ("Éclat de 10 cm", "Fêlure à gauche", "Ne ferme plus"),
}
_WALLS: Final = ("#e8e4da", "#dfe7ea", "#ece3d3")


def report_handovers(acting_user: User) -> None:
    """The last who came have an entry; of two who stay past their term, one exit is closed and
    compared with its entry, and one is half written."""
    chance = random.Random(SEED + 2)  # noqa: S311  a story, no secret
    let = Lease.objects.filter(state=LeaseState.ACTIVE, lettings__space__isnull=False)
    here = let.filter(period__startswith__lte=today()).distinct()
    for lease in here.order_by("-period__startswith", "-id")[:_ENTRIES]:
        _entry(lease, chance, acting_user)
    staying = here.filter(period__endswith__lte=today()).order_by("period__endswith", "id")[:2]
    for number, lease in enumerate(staying):
        _entry(lease, chance, acting_user)
        out = begin_report(lease=lease, way=HandoverWay.OUT, acting_user=acting_user)
        _fill(out, chance, worn=0.4, most=5 if number else 1000, acting_user=acting_user)
        if number == 0:
            _count(out, keys=2, used=Decimal(chance.randint(9000, 20000)), acting_user=acting_user)
            close_report(report=out, acting_user=acting_user)


def _entry(lease: Lease, chance: random.Random, acting_user: User) -> None:
    entry = begin_report(
        lease=lease,
        way=HandoverWay.IN,
        day=lease.handed_over_on or lease.period.start,
        acting_user=acting_user,
    )
    _fill(entry, chance, worn=0.15, most=1000, acting_user=acting_user)
    _count(entry, keys=3, used=Decimal(0), acting_user=acting_user)
    close_report(report=entry, acting_user=acting_user)


def _fill(
    report: HandoverReport, chance: random.Random, *, worn: float, most: int, acting_user: User
) -> None:
    """The first `most` items, with a photo of what is not good and of the first."""
    for number, item in enumerate(report.items.order_by("position")[:most]):
        condition = Condition.GOOD
        if chance.random() < worn:
            condition = chance.choice((Condition.WORN, Condition.WORN, Condition.DAMAGED))
        fill_item(
            item=item,
            condition=condition,
            remark=chance.choice(_REMARKS[condition]) if condition in _REMARKS else "",
            acting_user=acting_user,
        )
        if condition != Condition.GOOD or number == 0:
            _photograph(item, condition, chance, acting_user)


def _count(report: HandoverReport, *, keys: int, used: Decimal, acting_user: User) -> None:
    room = report.items.filter(space__isnull=False).order_by("position").first()
    code = room.space.code if room is not None and room.space is not None else ""
    counted = [Counted("Clé de la porte", code, keys), Counted("Badge", "", 2)]
    set_keys(report=report, keys=counted, acting_user=acting_user)
    meter = Read(MeterKind.ELECTRICITY, f"E-{report.lease_id:05}", 12_400 + used)
    set_meters(report=report, meters=[meter], acting_user=acting_user)
    change_report(
        report=report,
        present_for_lessor="M. Bennis (démo), régisseur",
        present_for_tenant="Mme Alaoui (démo), gérante",
        acting_user=acting_user,
    )


def _photograph(
    item: HandoverItem, condition: str, chance: random.Random, acting_user: User
) -> None:
    content = _drawn(condition, chance)
    add_photo(
        item=item,
        file=io.BytesIO(content),
        name="photo.jpg",
        size=len(content),
        acting_user=acting_user,
    )


def _drawn(condition: str, chance: random.Random) -> bytes:
    """A corner of a room, with a crack where something is damaged."""
    wall = chance.choice(_WALLS)
    picture = Image.new("RGB", (960, 720), wall)
    pen = ImageDraw.Draw(picture)
    corner = chance.randint(300, 660)
    pen.polygon([(0, 600), (corner, 520), (960, 610), (960, 720), (0, 720)], fill="#a98f6d")
    pen.line([(corner, 0), (corner, 520)], fill="#b9b3a6", width=4)
    left = chance.randint(40, 120)
    pen.rectangle((left, 120, left + 180, 360), fill="#9fc3dc", outline="#6b6b6b", width=8)
    pen.line([(left + 90, 120), (left + 90, 360)], fill="#6b6b6b", width=6)
    if condition != Condition.GOOD:
        at = (chance.randint(500, 800), chance.randint(80, 200))
        crack = [at]
        for _step in range(7):
            at = (at[0] + chance.randint(-40, 40), at[1] + chance.randint(20, 50))
            crack.append(at)
        pen.line(crack, fill="#4a4036", width=9 if condition == Condition.DAMAGED else 3)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()
