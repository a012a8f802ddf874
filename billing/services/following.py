"""Two records of one company become one: papers, money and terms follow the one that is kept."""

from billing.models import (
    Account,
    DunningLetter,
    DunningPause,
    Invoice,
    Payment,
    WithholdingRule,
)
from billing.services.accounts import held
from tenants.models import Company


def follow(*, keep: Company, duplicate: Company) -> None:
    """Inside the transaction of the merge, once the duplicate points to `keep`.

    What was said of withholding for the kept one goes before what was said for the other.
    """
    for account in Account.objects.filter(company=duplicate).order_by("lessor"):
        list(held(account.lessor_id, [keep.pk, duplicate.pk]))
    for papers in (Invoice, Payment, DunningLetter, DunningPause):
        papers._default_manager.filter(company=duplicate).update(company=keep)
    Account.objects.filter(company=duplicate).delete()
    _join_rules(keep, duplicate)


def _join_rules(keep: Company, duplicate: Company) -> None:
    for rule in WithholdingRule.objects.filter(company=duplicate):
        taken = WithholdingRule.objects.filter(company=keep, kind=rule.kind)
        left = rule.period.without(taken.values_list("period", flat=True))
        kind, rate = rule.kind, rule.rate
        rule.delete()
        WithholdingRule.objects.bulk_create(
            WithholdingRule(company=keep, kind=kind, rate=rate, period=period) for period in left
        )
