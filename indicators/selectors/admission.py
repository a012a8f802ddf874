"""The files of admission as the engine reads them. Moments become days of Casablanca here."""

import datetime as dt
from typing import Any, Final

import numpy as np

from applications.workflow import HAS_TARGET, NEVER_SENT, State, Step
from core.periods import CASABLANCA
from indicators.selectors.columns import columns
from indicators.tables import FILE_STATES, OPEN, Awaited, Files, Ints, Places, Trail

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
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()
_DAY: Final = 86_400
_HOUR: Final = 3_600
_NEVER_LEFT: Final = -1


def files() -> Files:
    """A site's target is what it gives all the stages up to the publication together."""
    target = """
        (SELECT coalesce(sum(days), -1) FROM
           (SELECT DISTINCT ON (stage) days FROM applications_stagetarget AS target
             WHERE stage = ANY(%s) AND (target.site_id = file.site_id OR target.site_id IS NULL)
             ORDER BY stage, target.site_id NULLS LAST) AS of_stages)
    """
    application, site, received, target_days = columns(
        f"SELECT id, site_id, {_seconds('submitted_at')}, {target} "  # noqa: S608  our own words
        f"FROM applications_application AS file WHERE {_FILE}",
        [[str(state) for state in _TARGETED], _NO_FILE],
        count=4,
    )
    return Files(application, site, local_days(received), target_days)


def trail() -> Trail:
    states = [str(state) for state in FILE_STATES]
    application, at, state, is_outcome = columns(
        f"SELECT application_id, {_seconds('step.at')}, "  # noqa: S608  our own words only
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
        f"SELECT application_id, {_seconds('asked_at')}, {_seconds('settled_at')} "  # noqa: S608
        "FROM applications_informationrequest",
        count=3,
    )
    start, end = local_days(asked), _or_open(settled)
    lasting = start < end
    return Awaited(application[lasting], start[lasting], end[lasting])


def places() -> Places:
    application, site, entered, left = columns(
        f"SELECT application_id, site_id, {_seconds('entered_at')}, "  # noqa: S608
        f"{_seconds('left_at')} FROM applications_place ORDER BY id",
        count=4,
    )
    return Places(application, site, local_days(entered), _or_open(left))


def local_days(seconds: Ints) -> Ints:
    """The days of Casablanca of moments since 1970, as ordinals.

    By Python's zone, as everywhere: the database's own may be older. The clocks there change on the
    hour, so that one look-up an hour is enough.
    """
    hours, hour_of = np.unique(seconds // _HOUR, return_inverse=True)
    offsets = np.array([_offset(int(hour) * _HOUR) for hour in hours], dtype=np.int64)
    if not len(seconds):
        return np.zeros(0, np.int64)
    days: Ints = (seconds + offsets[hour_of]) // _DAY + _EPOCH_DAY
    return days


def _offset(second: int) -> int:
    moment: Any = dt.datetime.fromtimestamp(second, CASABLANCA).utcoffset()
    return int(moment.total_seconds())


def _or_open(seconds: Ints) -> Ints:
    return np.where(seconds == _NEVER_LEFT, OPEN, local_days(seconds))


def _seconds(column: str) -> str:
    return f"coalesce(floor(extract(epoch FROM {column})), {_NEVER_LEFT})"
