"""The elements that a handover report begins with."""

from collections.abc import Callable

from django.db.models import Q

from leases.checklist import OWN
from leases.models import ChecklistLine
from sites.models import Site


def checklist_at(site: Site, language: str) -> Callable[[str], list[str]]:
    """What is looked at in a space of a kind, by one query: the site's own lines, else the
    network's, else the product's own."""
    lines = list(
        ChecklistLine.objects.filter(Q(site=site) | Q(site=None), retired=False).order_by(
            "position", "id"
        )
    )
    lines = [line for line in lines if line.site_id is not None] or lines

    def elements(kind: str) -> list[str]:
        if not lines:
            return [str(getattr(element, language)) for element in OWN.get(kind, ())]
        return [
            str(getattr(line, f"element_{language}"))
            for line in lines
            if line.space_kind in {"", kind}
        ]

    return elements
