"""What keeps a file, or kept it, past its day."""

from applications.models import Application, LegalHold


def holds_of(application: Application) -> list[LegalHold]:
    """The newest first. Asked once for each file: its page and the page's buttons both ask."""
    known: list[LegalHold] | None = application.__dict__.get("_holds")
    if known is None:
        rows = application.legal_holds.select_related("placed_by", "lifted_by")
        known = application.__dict__["_holds"] = list(rows)
    return known
