"""The files of admission as the engine reads them."""

from typing import Final

from applications.workflow import HAS_TARGET, NEVER_SENT, State, Step
from indicators.selectors.columns import columns
from indicators.selectors.moments import days_or_open, local_days, seconds
from indicators.tables import FILE_STATES, Awaited, Files, Places, Trail

_OUTCOMES: Final = (
    Step.PUBLISH_ADMISSION,
    Step.PUBLISH_WAITING,
    Step.PUBLISH_DEFERRAL,
    Step.PUBLISH_REFUSAL,
    Step.CONFIRM_INELIGIBLE,
    Step.OFFER,  # tells of an admission that was not published before
)
"""The steps by which an applicant is told a first outcome."""

_TARGETED: Final = HAS_TARGET[: HAS_TARGET.index(State.DECIDED) + 1]
"""The stages up to the publication."""

_FILE: Final = "state <> ALL(%s) AND submitted_at IS NOT NULL"
_NO_FILE: Final = [str(state) for state in (*NEVER_SENT, State.SPAM, State.DUPLICATE)]


def files() -> Files:
    """A site's target is what it gives all the stages up to the publication together."""
    target = """
        (SELECT coalesce(sum(days), -1) FROM
           (SELECT DISTINCT ON (stage) days FROM applications_stagetarget AS target
             WHERE stage = ANY(%s) AND (target.site_id = file.site_id OR target.site_id IS NULL)
             ORDER BY stage, target.site_id NULLS LAST) AS of_stages)
    """
    application, site, received, target_days = columns(
        f"SELECT id, site_id, {seconds('submitted_at')}, {target} "  # noqa: S608  our own words
        f"FROM applications_application AS file WHERE {_FILE}",
        [[str(state) for state in _TARGETED], _NO_FILE],
        count=4,
    )
    return Files(application, site, local_days(received), target_days)


def trail() -> Trail:
    states = [str(state) for state in FILE_STATES]
    application, at, state, is_outcome = columns(
        f"SELECT application_id, {seconds('step.at')}, "  # noqa: S608  our own words only
        "array_position(%s::text[], step.target::text) - 1, (step.step = ANY(%s))::int "
        "FROM applications_transition AS step "
        f"JOIN applications_application AS file ON file.id = step.application_id WHERE {_FILE} "
        "ORDER BY step.id",
        [states, [str(step) for step in _OUTCOMES], _NO_FILE],
        count=4,
    )
    return Trail(application, local_days(at), state, is_outcome)


def awaited() -> Awaited:
    application, asked, settled = columns(
        f"SELECT application_id, {seconds('asked_at')}, {seconds('settled_at')} "  # noqa: S608
        "FROM applications_informationrequest",
        count=3,
    )
    start, end = local_days(asked), days_or_open(settled)
    lasting = start < end
    return Awaited(application[lasting], start[lasting], end[lasting])


def places() -> Places:
    application, site, entered, left = columns(
        f"SELECT application_id, site_id, {seconds('entered_at')}, "  # noqa: S608
        f"{seconds('left_at')} FROM applications_place ORDER BY id",
        count=4,
    )
    return Places(application, site, local_days(entered), days_or_open(left))
