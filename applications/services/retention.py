"""How long files are kept: the rules, what keeps one longer, and anonymising what is due."""

import logging
from collections import defaultdict
from typing import Final

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import Anonymised, NotEnded, OnLegalHold, ReasonNeeded
from applications.models import Application, LegalHold, RetentionRule
from applications.services.access import require_on_file
from applications.services.erasure import erase_file
from applications.services.keeping import day_after
from applications.services.steps import locked
from applications.workflow import ENDS
from core.history import recorded
from sites.permissions import require

logger = logging.getLogger(__name__)

BY_RULE: Final = "retention"
"""What the log of erasures says of files that the nightly job anonymised."""


def save_rule(*, rule: RetentionRule, acting_user: User | None) -> RetentionRule:
    """Set how many days after such an end files are kept; those that have ended follow at once.

    Raises ValidationError, NotAllowed.
    """
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "admission", None)
        rule.full_clean()
        before = RetentionRule.objects.select_for_update().filter(pk=rule.pk).first()
        rule.save()
        if before is not None and before.state != rule.state:
            _recompute(before.state, None)  # no rule speaks of that end any more
        _recompute(rule.state, rule.days)
    return rule


def delete_rule(*, rule: RetentionRule, acting_user: User | None) -> None:
    """Files of such an end are kept for good. Raises NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.DELETE, "admission", None)
        state = rule.state
        rule.delete()
        _recompute(state, None)


def place_hold(*, application: Application, reason: str, acting_user: User | None) -> LegalHold:
    """Keep a file whatever its date says. Placed twice, the first stands.

    Raises ReasonNeeded, Anonymised, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        file = locked(application)
        require_on_file(acting_user, Action.ERASE, file)
        if file.anonymised_at is not None:
            raise Anonymised
        known: LegalHold | None = file.legal_holds.standing().first()
        if known is not None:
            return known
        return LegalHold.objects.create(
            application=file,
            reason=reason.strip(),
            placed_by=acting_user,
            placed_at=timezone.now(),
        )


def lift_hold(*, application: Application, reason: str, acting_user: User | None) -> None:
    """The file follows its date again. Lifted twice is once. Raises ReasonNeeded, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        file = locked(application)
        require_on_file(acting_user, Action.ERASE, file)
        file.legal_holds.standing().update(lifted_by=acting_user, lifted_at=timezone.now())


def anonymise_now(
    *, application: Application, reason: str, acting_user: User | None
) -> Application:
    """Anonymise a file before its date: its applicant asks for it. Done twice is once.

    Raises ReasonNeeded, NotEnded, OnLegalHold, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user):
        file = locked(application)
        require_on_file(acting_user, Action.ERASE, file)
        if file.anonymised_at is not None:
            return file
        if file.state not in ENDS:
            raise NotEnded(state=file.get_state_display())
        if file.legal_holds.standing().exists():
            raise OnLegalHold
        erase_file(file, acting_user=acting_user, reason=reason.strip()[:300])
    return file


def anonymise_due() -> int:
    """Anonymise each file whose date has come, one transaction each. Returns how many.

    Killed in between, it goes on where it was; a file that fails is reported and tried again the
    next night.
    """
    done = 0
    for pk in list(Application.objects.to_anonymise().order_by("id").values_list("pk", flat=True)):
        try:
            done += _anonymise_due(pk)
        except (IntegrityError, OSError):
            logger.exception("Application %s could not be anonymised.", pk)
    return done


def _anonymise_due(pk: int) -> bool:
    with recorded(None):
        file = locked(Application(pk=pk))
        if not Application.objects.to_anonymise().filter(pk=pk).exists():
            return False  # reopened, or put on hold, meanwhile
        erase_file(file, acting_user=None, reason=BY_RULE)
    return True


def _recompute(state: str, days: int | None) -> None:
    """The dates of the files that have ended so; grouped by day, since ends are many."""
    files = Application.objects.filter(state=state, anonymised_at=None)
    if days is None:
        files.update(retain_until=None)
        return
    by_day = defaultdict(list)
    for pk, since in files.select_for_update().values_list("pk", "state_since"):
        by_day[day_after(since, days)].append(pk)
    for day, keys in by_day.items():
        Application.objects.filter(pk__in=keys).update(retain_until=day)
