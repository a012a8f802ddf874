"""When a site reminds, and in which words."""

from collections.abc import Mapping
from typing import Final

from accounts.models import User
from accounts.rights import Action
from billing.choices import DunningLevel
from billing.dunning import DEFAULT_DAYS
from billing.errors.overdue import BadReminderWords, StepOutOfOrder, StepsThere
from billing.models import DunningStep
from billing.placeholders import REMINDER
from core.history import recorded
from core.languages import Language
from core.placeholders import unknown
from sites.models import Site
from sites.permissions import require

NO_WORDS: Final[Mapping[str, str]] = {}


def begin_steps(*, site: Site, acting_user: User | None) -> list[DunningStep]:
    """The usual three steps, in the product's words, sent by a person. Raises StepsThere,
    NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "dunning", site.pk)
        _lock(site)
        if DunningStep.objects.filter(site=site).exists():
            raise StepsThere(site=site.code)
        return DunningStep.objects.bulk_create(
            DunningStep(site=site, level=level, days=days)
            for level, days in zip(DunningLevel, DEFAULT_DAYS, strict=True)
        )


def set_step(
    *,
    site: Site,
    level: int,
    days: int,
    acting_user: User | None,
    by_itself: bool = False,
    words: Mapping[str, str] = NO_WORDS,
) -> DunningStep:
    """The site takes this step so many days after the due date. `words` by language; where there
    are none, the product's own. Raises StepOutOfOrder, BadReminderWords, ValidationError,
    NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "dunning", site.pk)
        _lock(site)
        steps = {step.level: step for step in DunningStep.objects.filter(site=site)}
        step = steps.pop(level, None) or DunningStep(site=site, level=level)
        step.days, step.by_itself = days, by_itself
        for code in Language.values:
            text = words.get(code, "").replace("\r\n", "\n").strip()
            if found := unknown(text, REMINDER):
                raise BadReminderWords(
                    field=f"words_{code}",
                    unknown=" ".join(found),
                    known=" ".join(f"{{{name}}}" for name in REMINDER),
                )
            setattr(step, f"words_{code}", text)
        if days < 1 or any((other.level < level) != (other.days < days) or other.days == days
                           for other in steps.values()):  # fmt: skip
            raise StepOutOfOrder
        step.full_clean()
        step.save()
    return step


def drop_step(*, step: DunningStep, acting_user: User | None) -> None:
    """The site takes this step no more; letters that were sent stay. Raises NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "dunning", step.site_id)
        DunningStep.objects.filter(pk=step.pk).delete()


def _lock(site: Site) -> None:
    """Two who change the steps of a site wait for each other: their order is looked at."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
