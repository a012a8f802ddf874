"""Who applies and how, what is asked of them, and the papers of a file, in people's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicantKind(models.TextChoices):
    COMPANY = "company", _("A company")
    SELF_EMPLOYED = "self_employed", _("A self-employed person (auto-entrepreneur)")
    PROJECT_HOLDER = "project_holder", _("A project holder, without a company yet")


class Channel(models.TextChoices):
    """How an application came."""

    WEB = "web", _("web form")
    API = "api", _("REST client")


class RequestState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    LAPSED = "lapsed", _("lapsed")


class ItemKind(models.TextChoices):
    """What a request for information can open."""

    FIELD = "field", _("field")
    QUESTION = "question", _("question of the call")
    DOCUMENT = "document", _("document")


class ScanState(models.TextChoices):
    """What a virus scanner said of a document."""

    NOT_SCANNED = "not_scanned", _("not scanned")
    PENDING = "pending", _("being scanned")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("infected")


class Visibility(models.TextChoices):
    """Who reads a remark, besides the staff of the file's site."""

    APPLICANT = "applicant", _("the applicant")
    REVIEWERS = "reviewers", _("the reviewers")
    STAFF = "staff", _("staff only")


class TaskList(models.TextChoices):
    SCREENING = "screening", _("screening")
    ONBOARDING = "onboarding", _("onboarding")
    OTHER = "other", _("other tasks")


class TransferState(models.TextChoices):
    OPEN = "open", _("under way")
    DONE = "done", pgettext_lazy("transfer", "done")
    REFUSED = "refused", pgettext_lazy("transfer", "refused")
    CANCELLED = "cancelled", pgettext_lazy("transfer", "cancelled")
