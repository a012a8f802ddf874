"""One act on many files: each in a transaction of its own, so that a refusal stops no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from applications.models import Application
from core.errors import DomainError

Service = Callable[..., Any]
"""A service that takes no more than `application` and `acting_user`."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file; `refusal` is None when the act was done."""

    application: Application
    refusal: DomainError | None


def do_to_each(
    *, applications: Iterable[Application], service: Service, acting_user: Any
) -> list[Done]:
    """Call the service for each file, in the order given."""
    done = []
    for application in applications:
        refusal = None
        try:
            service(application=application, acting_user=acting_user)
        except DomainError as error:
            refusal = error
        done.append(Done(application, refusal))
    return done
