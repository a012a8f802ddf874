"""Two records of one company become one."""

from typing import Final

from django.db.models import Min

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period
from tenants.errors import AlreadyMerged
from tenants.models import Company, Contact, Declaration, Presence
from tenants.permissions import require_for
from tenants.services.departures import move_follow_ups
from tenants.services.successions import move_successions
from tenants.signals import companies_merged, declared

_TAKEN_OVER: Final = (
    ("ice", "ice_override_reason"),
    ("if_number",),
    ("rc_number", "rc_court"),
    ("cnss_number",),
    ("tp_number",),
    ("email",),
    ("phone",),
)
"""Each with what belongs to it."""


def merge_companies(*, keep: Company, duplicate: Company, acting_user: User | None) -> Company:
    """`duplicate` becomes a pointer to `keep`, which takes over contacts, sites, all files, what
    was declared, and what it lacks itself: by its ICE the company must be found, and imported,
    again; where it was written to, it can be written to on.

    What stands above (applications, leases) moves its own rows on the signal, in the same
    transaction. The right is needed for both records. Raises NotAllowed, AlreadyMerged, ValueError
    for one and the same record.
    """
    for record in (keep, duplicate):
        require_for(acting_user, Action.MERGE, record)
    if keep.pk == duplicate.pk:
        raise ValueError("a company cannot be merged into itself")
    with recorded(acting_user, reason="merge"):
        rows = Company.objects.select_for_update(no_key=True).filter(pk__in=[keep.pk, duplicate.pk])
        locked = {company.pk: company for company in rows.order_by("pk")}
        for company in locked.values():
            if company.merged_into_id is not None:
                raise AlreadyMerged(company=company.name)
        kept, merged = locked[keep.pk], locked[duplicate.pk]
        Contact.objects.filter(company=merged).update(company=kept)
        here = Presence.objects.filter(company=kept).values("site")
        Presence.objects.filter(company=merged).exclude(site__in=here).update(company=kept)
        _move_declarations(keep=kept, duplicate=merged, acting_user=acting_user)
        move_follow_ups(keep=kept, duplicate=merged)
        move_successions(keep=kept, duplicate=merged)
        kept.sectors.add(*merged.sectors.all())
        kept.technologies.add(*merged.technologies.all())
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        lacking = [name for names in _TAKEN_OVER if not getattr(kept, names[0]) for name in names]
        for name in lacking:
            setattr(kept, name, getattr(merged, name))
        kept.save(update_fields=lacking)
        companies_merged.send(sender=Company, keep=kept, duplicate=merged, acting_user=acting_user)
    return kept


def _move_declarations(*, keep: Company, duplicate: Company, acting_user: User | None) -> None:
    """What was said of the one is now said of the other, since the first day of it."""
    moved = Declaration.objects.filter(company=duplicate)
    first = moved.aggregate(day=Min("on"))["day"]
    if first is None:
        return
    moved.update(company=keep)
    declared.send(sender=Declaration, company=keep, days=Period(first), acting_user=acting_user)
