"""The clauses of documents: written, and changed without changing what was issued from them."""

from django.db.models import Max

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from leases.errors import ClausesOutdated
from leases.models import ClauseTemplate
from leases.papers.clauses import own_clauses
from sites.models import Site
from sites.permissions import require


def write_clauses(
    *, kind: str, language: str, site: Site | None, body: str, acting_user: User | None
) -> ClauseTemplate:
    """A hub's own clauses, which begin from the product's where `body` is empty.

    Raises ValidationError (unknown placeholders; there are clauses already), NotAllowed.
    """
    require(acting_user, Action.ADD, "clauses", site.pk if site is not None else None)
    written = ClauseTemplate(kind=kind, language=language, site=site, body=_tidy(body))
    written.body = written.body or _tidy(own_clauses(kind, language))
    with recorded(acting_user):
        written.full_clean()
        written.save()
    return written


def change_clauses(
    *, template: ClauseTemplate, body: str, acting_user: User | None
) -> ClauseTemplate:
    """The clauses from now on. Those that a document was issued from stay as they are: the new
    ones are the next version.

    Raises ClausesOutdated, ValidationError, NotAllowed.
    """
    with recorded(acting_user):
        # Whoever issues a document locks its clauses too: used or not is settled here.
        current = ClauseTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        require(acting_user, Action.CHANGE, "clauses", current.site_id)
        versions = ClauseTemplate.objects.filter(
            kind=current.kind, language=current.language, site=current.site_id
        )
        if versions.aggregate(last=Max("version"))["last"] != current.version:
            raise ClausesOutdated
        if _tidy(body) == current.body:
            return current
        if current.documents.exists():
            current.pk, current.version = None, current.version + 1
            current._state.adding = True
        current.body = _tidy(body)
        current.full_clean()
        current.save()
    return current


def _tidy(body: str) -> str:
    return body.replace("\r\n", "\n").strip()
