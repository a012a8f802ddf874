"""Jobs of billing. Each looks for what is to do, and goes on where another was killed."""

from celery import shared_task

from billing.services import issuing, monthly, papers, penalties, receipts, reminding, runs
from core.jobs import each_apart


@shared_task(name=runs.COMPUTE_TASK)
def compute_runs() -> None:
    runs.compute_all()


@shared_task(name=issuing.ISSUE_TASK)
def issue_runs() -> None:
    issuing.issue_all()


@shared_task(name="billing.monthly")
def monthly_runs() -> None:
    each_apart(monthly.draft_next_month, monthly.issue_by_themselves)


@shared_task(name="billing.remind")
def remind() -> None:
    reminding.send_by_themselves()


@shared_task(name="billing.propose_penalties")
def propose_penalties() -> None:
    penalties.propose_penalties()


@shared_task(name=papers.MAKE_TASK)
def make_papers() -> None:
    papers.make_due()


@shared_task(name=receipts.ISSUE_TASK)
def issue_receipts() -> None:
    receipts.issue_due()
