"""What waits on a file, and what other files are to it, in people's words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.next_act import Next

NEXT_ACTS: Final[Mapping[Next, str | Promise]] = {
    Next.ANSWER_TRANSFER: _("Your site is asked to take this file"),
    Next.DO_TASKS: _("Finish the checklist"),
    Next.REPLY: _("Answer the applicant"),
    Next.GIVE_REVIEW: _("Give your review"),
    Next.APPROVE_LETTER: _("Approve the letter"),
    Next.SIT: _("Open the session's page"),
    Next.ASSIGN_REVIEWERS: _("Nobody reviews this file yet"),
    Next.AWAIT_SECOND_PERSON: _("Another person has to confirm that it is ineligible"),
    Next.AWAIT_APPLICANT: _("The applicant is awaited"),
    Next.AWAIT_REVIEWS: _("Reviews are awaited"),
    Next.AWAIT_SPACE: _("A space is awaited"),
    Next.AWAIT_DAY: _("The file comes back on its day"),
    Next.AWAIT_KEYS: _("The signature and the keys are awaited"),
    Next.NOTHING: _("Nothing is left to do"),
}
"""Of what is no act with a button of its own name."""
KINSHIPS: Final[Mapping[str, str | Promise]] = {
    "original": _("the original of this one"),
    "duplicate": _("a duplicate of this one"),
    "sister": _("made together with this one"),
    "ice": _("the same ICE"),
    "email": _("the same e-mail address"),
    "name": _("a similar name"),
}
