"""Handover reports, filled by the real services."""

import io
from decimal import Decimal
from typing import Any

from leases.choices import Condition, HandoverWay, MeterKind
from leases.models import HandoverItem, HandoverPhoto, HandoverReport, Lease
from leases.services.handover_counts import Counted, Read, set_keys, set_meters
from leases.services.handover_items import add_photo, fill_item
from leases.services.handover_reports import begin_report, change_report, close_report
from tests.factories import uploads


def begun(lease: Lease, way: HandoverWay = HandoverWay.IN, **given: Any) -> HandoverReport:
    return begin_report(lease=lease, way=way, **{"acting_user": None, **given})


def filled(
    report: HandoverReport,
    *,
    condition: Condition = Condition.GOOD,
    keys: int = 2,
    reading: str = "1200.5",
) -> HandoverReport:
    """Everything of one condition, so many keys of the door, one meter of electricity."""
    for item in report.items.all():
        fill_item(item=item, condition=condition, acting_user=None)
    set_keys(report=report, keys=[Counted("Porte", "P12", keys)], acting_user=None)
    meter = Read(MeterKind.ELECTRICITY, "E-77", Decimal(reading))
    set_meters(report=report, meters=[meter], acting_user=None)
    return change_report(
        report=report,
        present_for_lessor="M. Bennis, régisseur",
        present_for_tenant="Mme Alaoui, gérante",
        acting_user=None,
    )


def closed(report: HandoverReport, **given: Any) -> HandoverReport:
    return close_report(report=filled(report, **given), acting_user=None)


def photographed(item: HandoverItem, data: bytes | None = None, **given: Any) -> HandoverPhoto:
    data = uploads.photo() if data is None else data
    about = {"name": "IMG_0001.jpg", "size": len(data), "acting_user": None}
    return add_photo(item=item, file=io.BytesIO(data), **{**about, **given})
