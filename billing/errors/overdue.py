"""What can be refused about reminders, penalties, doubt and write-offs."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class ReminderNotDue(DomainError):
    code = "reminder_not_due"
    text = _("%(company)s is not reminded today: %(why)s.")


class StepOutOfOrder(InvalidInput):
    code = "step_out_of_order"
    text = _("Each step comes later than the one before it.")
    field = "days"


class StepsThere(DomainError):
    code = "steps_there"
    text = _("Site %(site)s has its steps already.")


class BadReminderWords(InvalidInput):
    code = "bad_reminder_words"
    text = _("In braces, these words mean nothing: %(unknown)s. Known: %(known)s.")


class PauseOver(DomainError):
    code = "pause_over"
    text = _("This pause is over already.")


class PenaltyDecided(DomainError):
    code = "penalty_decided"
    text = _("This penalty is « %(state)s »: this cannot be done any more.")


class PenaltiesApart(InvalidInput):
    code = "penalties_apart"
    text = _("Only penalties of one company at one site go on one invoice.")


class DoubtfulAlready(DomainError):
    code = "doubtful_already"
    text = _("%(number)s is doubtful already.")


class NotDoubtful(DomainError):
    code = "not_doubtful"
    text = _("%(number)s is not doubtful.")


class NothingOpen(DomainError):
    code = "nothing_open"
    text = _("Nothing is open of %(number)s.")


class WriteOffAsked(DomainError):
    code = "write_off_asked"
    text = _("For %(number)s a write-off is asked for already.")


class WriteOffDecided(DomainError):
    code = "write_off_decided"
    text = _("This write-off is « %(state)s »: this cannot be done any more.")


class AnotherPerson(DomainError):
    code = "another_person"
    text = _("Whoever asked for the write-off does not decide it: another person does.")
