"""Jobs of one task, each apart from the others."""

from collections.abc import Callable

import pytest

from core.jobs import each_apart


def test_one_that_fails_holds_up_no_other_and_is_told() -> None:
    ran: list[str] = []

    def job(name: str, error: Exception | None = None) -> Callable[[], None]:
        def run() -> None:
            ran.append(name)
            if error is not None:
                raise error

        return run

    wrong, broken = ValueError("wrong"), KeyError("broken")
    with pytest.raises(ExceptionGroup) as told:
        each_apart(job("a"), job("b", wrong), job("c"), job("d", broken), job("e"))
    assert (ran, told.value.exceptions) == (["a", "b", "c", "d", "e"], (wrong, broken))
    each_apart(job("f"))
    assert ran[-1] == "f"
