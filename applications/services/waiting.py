"""The waiting list of a site: who comes next, and why somebody was moved.

The site's row is the lock of its list; a file's own row, where it is locked too, comes first. The
ranks run from 1 without gaps, and the deferred unique constraint has the last word.
"""

from django.db.models import F, Max
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import BadRank, NotWaiting, ReasonNeeded
from applications.models import Application, Offer, Place, PlaceMove
from applications.services.access import require_on_file
from core.errors import Stale
from core.history import recorded
from sites.choices import TenantKind
from sites.models import Site


def enter(*, application: Application, acting_user: User | None, tenant_kind: str = "") -> Place:
    """Give a *locked* file the last place of its site's list; one that stands there stays.

    `tenant_kind`: what it waits to become, where that is known.
    """
    _lock_lists(application.site_id)
    known = Place.objects.standing().filter(application=application).first()
    if known is not None:
        return known
    place = Place.objects.create(
        application=application,
        site_id=application.site_id,
        tenant_kind=tenant_kind or _kind_of(application),
        rank=_length(application.site_id) + 1,
        entered_at=timezone.now(),
    )
    _note(place, None, place.rank, "", acting_user)
    return place


def leave(*, application: Application, reason: str, acting_user: User | None) -> None:
    """Take a *locked* file off the list it stands on; whoever came after moves up."""
    place = Place.objects.standing().filter(application=application).first()
    if place is None:
        return
    _lock_lists(place.site_id)
    place.refresh_from_db()
    rank = place.rank
    assert rank is not None  # only a locked file leaves, and this one has not
    place.rank, place.left_at = None, timezone.now()
    place.save(update_fields=["rank", "left_at"])
    Place.objects.filter(site=place.site_id, rank__gt=rank).update(rank=F("rank") - 1)
    _note(place, rank, None, reason, acting_user)


def change_list(
    *, application: Application, source_id: int, reason: str, acting_user: User | None
) -> Place:
    """A *locked* file that waits has come from the site `source_id`: it gives up its place there
    and takes the last one here, to become what it waited to become."""
    _lock_lists(source_id, application.site_id)
    place = Place.objects.standing().get(application=application)
    leave(application=application, reason=reason, acting_user=acting_user)
    return enter(application=application, acting_user=acting_user, tenant_kind=place.tenant_kind)


def move(
    *, place: Place, rank: int, reason: str, acting_user: User | None, seen: int | None = None
) -> Place:
    """Move a place to another rank of its list; those in between make room.

    `seen`: the rank it had when the user decided. To where it stands already: nothing changes.
    Raises ReasonNeeded, BadRank, Stale, NotWaiting, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        require_on_file(acting_user, Action.DECIDE, place.application, site_id=place.site_id)
        _lock_lists(place.site_id)
        current = Place.objects.standing().filter(pk=place.pk).first()
        if current is None or current.rank is None:
            raise NotWaiting
        source = current.rank
        if seen is not None and seen != source:
            raise Stale
        length = _length(place.site_id)
        if not 1 <= rank <= length:
            raise BadRank(last=length)
        if rank == source:
            return current
        others = Place.objects.filter(site=place.site_id)
        if rank < source:
            others.filter(rank__gte=rank, rank__lt=source).update(rank=F("rank") + 1)
        else:
            others.filter(rank__gt=source, rank__lte=rank).update(rank=F("rank") - 1)
        current.rank = rank
        current.save(update_fields=["rank"])
        _note(current, source, rank, reason, acting_user)
    return current


def change_kind(*, place: Place, tenant_kind: str, acting_user: User | None) -> Place:
    """Say what the company waits to become: the spaces that are proposed follow from it.

    Raises NotWaiting, NotAllowed, ValidationError.
    """
    with recorded(acting_user):
        require_on_file(acting_user, Action.DECIDE, place.application, site_id=place.site_id)
        current = Place.objects.standing().select_for_update().filter(pk=place.pk).first()
        if current is None:
            raise NotWaiting
        current.tenant_kind = tenant_kind
        current.clean_fields(exclude=["rank", "left_at"])
        current.save(update_fields=["tenant_kind"])
    return current


def _lock_lists(*site_ids: int) -> None:
    """Not against foreign keys: applications and spaces of the sites go on meanwhile. In the order
    of their keys: two files may change places between two sites at once."""
    sites = Site.objects.select_for_update(no_key=True).filter(pk__in=site_ids).order_by("pk")
    list(sites.only("pk"))


def _length(site_id: int) -> int:
    return Place.objects.filter(site=site_id).aggregate(last=Max("rank"))["last"] or 0


def _kind_of(application: Application) -> str:
    """What it was offered to become before, else a start-up."""
    offered = Offer.objects.filter(application=application).order_by("-id")
    return offered.values_list("tenant_kind", flat=True).first() or TenantKind.STARTUP


def _note(
    place: Place, source: int | None, target: int | None, reason: str, user: User | None
) -> None:
    PlaceMove.objects.create(
        place=place,
        source=source,
        target=target,
        reason=reason.strip(),
        moved_by=user,
        moved_at=timezone.now(),
    )
