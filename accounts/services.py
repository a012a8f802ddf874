"""Filters that people keep of their lists. Each has their own alone."""

from typing import Final

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import BadFilter, NoSuchFilter
from accounts.models import SavedFilter, User

MOST: Final = 50
"""Filters of one list that somebody can keep."""
_PASSING: Final = ("p", "e", "lang", "column")
"""What an address says beside its filters: page, error, language, place."""


def save_filter(*, page: str, name: str, query: str, acting_user: User) -> SavedFilter:
    """Keep the list's filters under a name; the same name again keeps the newer ones.

    Raises BadFilter.
    """
    kept = QueryDict(query[:4000].lstrip("?"), mutable=True)
    for key in _PASSING:
        kept.pop(key, None)
    clean = kept.urlencode()
    if len(clean) > 1000:
        raise BadFilter(reason=_("This is too much to keep: narrow the list with fewer words."))
    name = _checked(name)
    own = SavedFilter.objects.filter(user=acting_user, page=page)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise BadFilter(
            reason=ngettext(
                "You have %(most)s filter: delete it first.",
                "You have %(most)s filters: delete one first.",
                MOST,
            )
            % {"most": MOST}
        )
    saved, _made = SavedFilter.objects.update_or_create(
        user=acting_user, page=page, name=name, defaults={"query": clean}
    )
    return saved


def rename_filter(*, pk: int, name: str, acting_user: User) -> SavedFilter:
    """Raises BadFilter where another has the name, NoSuchFilter."""
    saved = _own(pk, acting_user)
    saved.name = _checked(name)
    try:
        with transaction.atomic():
            saved.save(update_fields=["name"])
    except IntegrityError:
        raise BadFilter(reason=_("Another of your filters has this name.")) from None
    return saved


def delete_filter(*, pk: int, acting_user: User) -> None:
    """Raises NoSuchFilter."""
    _own(pk, acting_user).delete()


def _own(pk: int, user: User) -> SavedFilter:
    saved = SavedFilter.objects.filter(pk=pk, user=user).first()
    if saved is None:
        raise NoSuchFilter
    return saved


def _checked(name: str) -> str:
    name = " ".join(name.replace("\x00", " ").split())
    if not 0 < len(name) <= 60:
        raise BadFilter(reason=_("Give it a name of at most 60 characters."))
    return name
