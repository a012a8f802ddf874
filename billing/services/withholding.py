"""Which companies keep back a part of what they pay, since when, and how much."""

from accounts.models import User
from accounts.rights import Action
from billing.models import WithholdingRule
from billing.permissions import require_company
from core.history import recorded


def keep_withholding(*, rule: WithholdingRule, acting_user: User | None) -> WithholdingRule:
    """Write a rule, new or changed; what was paid before keeps the rate of its day.

    Raises ValidationError (another rule of the kind in the same days), NotAllowed.
    """
    with recorded(acting_user):
        require_company(acting_user, Action.CHANGE, "payment", rule.company)
        if rule.pk is not None:
            before = WithholdingRule.objects.select_for_update().get(pk=rule.pk)
            rule.company_id = before.company_id
        rule.full_clean()
        rule.save()
    return rule
