"""From when on what was withheld with a cheque counts as money."""

from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from billing.choices import ChequeState, PaymentMethod
from billing.models import ChequeStep, Payment, Refund


def with_counting(withheld: QuerySet[Payment]) -> QuerySet[Any]:
    """Annotates what is withheld with a cheque: `counts_from` and `counts_known`, the day and the
    moment of entering: it counts with its cheque, once that is cleared. One that is handed back
    before leaves it to stand by itself. Empty until then, and of everything else."""
    cleared = ChequeStep.objects.filter(
        payment=OuterRef("withheld_with"), state=ChequeState.CLEARED
    )
    # Before it is cleared a cheque goes back whole, once, and is never cleared then.
    back = Refund.objects.filter(
        payment=OuterRef("withheld_with"), payment__method=PaymentMethod.CHEQUE
    ).order_by("id")
    day, moment = (
        Coalesce(Subquery(cleared.values(step)[:1]), Subquery(back.values(step)[:1]))
        for step in ("on", "made_at")
    )
    # What is withheld of an advance comes when that settles something: later than its cheque.
    since = When(counts_known__isnull=False, then=Greatest(day, "received_on"))
    return withheld.annotate(counts_known=moment).annotate(counts_from=Case(since))
