"""What is billed of leases, as the reconciliation reads it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from billing.choices import InvoiceKind, LineSide
from billing.crediting import Left, worth
from billing.models import BilledPeriod
from billing.reconciling import Billed
from billing.selectors.left import Corrected, corrections

_COLUMNS = (
    "pk",
    "lease_id",
    "charge_id",
    "side",
    "period",
    "due_on",
    "line_id",
    "line__invoice_id",
    "line__invoice__kind",
    "line__credits_id",
    "line__unit",
    "line__rate",
    "line__area_m2",
    "line__per_months",
    "line__vat_rate",
    "line__amount",
    "line__vat",
    "line__kind",
    "line__label",
    "line__space",
    "line__invoice__number",
)


def billed_of(lease_ids: Collection[int]) -> Mapping[int, list[Billed]]:
    """By lease, in order of days. What can be taken back of a line's only days is all that credits
    have left of it; of some of its days, what they cost, as far as so much is left."""
    rows = list(
        BilledPeriod.objects.filter(lease__among=lease_ids)
        .order_by("lease_id", "period", "pk")
        .values_list(*_COLUMNS)
    )
    of_line = Counter(row[6] for row in rows)
    taken = corrections(of_line.keys())
    left: dict[int, Left] = {}
    found: dict[int, list[Billed]] = defaultdict(list)
    for (
        pk, lease_id, charge_id, side, period, due_on, line_id, invoice_id, kind, credited,
        unit, rate, area_m2, per_months, vat_rate, amount, vat, what, label, space, number,
    ) in rows:  # fmt: skip
        sign = -1 if kind == InvoiceKind.CREDIT_NOTE else 1
        less, less_vat, gifts = taken.get(line_id, Corrected())
        if line_id not in left:
            left[line_id] = Left(sign * amount + less, sign * vat + less_vat, vat_rate)
        back = left[line_id]
        if of_line[line_id] > 1:
            cost = worth(period, unit=unit, rate=rate, area_m2=area_m2, per_months=per_months)
            back = back.at_most(cost)
            left[line_id] = left[line_id].without(back)
        of_line[line_id] -= 1
        found[lease_id].append(
            Billed(
                id=pk,
                line_id=line_id,
                invoice_id=invoice_id,
                charge_id=charge_id,
                discount=side == LineSide.DISCOUNT,
                period=period,
                unit=unit,
                rate=rate,
                area_m2=area_m2,
                per_months=per_months,
                due_on=due_on,
                vat_rate=vat_rate,
                net=back.net,
                vat=back.vat,
                gifts=gifts,
                kind=what,
                label=label,
                space=space,
                number=number,
                rests_on=credited if kind == InvoiceKind.CREDIT_NOTE else None,
            )
        )
    return found
