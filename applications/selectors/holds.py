"""What keeps a file, or kept it, past its day; what a rule would let go of."""

import datetime as dt

from applications.models import Application, LegalHold
from core.periods import today


def holds_of(application: Application) -> list[LegalHold]:
    """The newest first. Asked once for each file: its page and the page's buttons both ask."""
    known: list[LegalHold] | None = application.__dict__.get("_holds")
    if known is None:
        rows = application.legal_holds.select_related("placed_by", "lifted_by")
        known = application.__dict__["_holds"] = list(rows)
    return known


def due_under(*, state: str, days: int) -> int:
    """How many files would go in the coming night if those of that end were kept so many days."""
    last_end = today() + dt.timedelta(days=1 - days)
    ended = Application.objects.filter(state=state, state_since__date__lte=last_end)
    held = LegalHold.objects.standing().values("application")
    return ended.filter(anonymised_at=None).exclude(pk__in=held).count()
