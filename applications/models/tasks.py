"""Checklists and tasks of a file: for the screening, until the keys, or any other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import TaskList
from applications.models.calls import in_language
from applications.models.files import Application
from applications.querysets import TaskQuerySet, TaskTemplateQuerySet
from core.fields import PERSONAL
from core.history import tracked
from sites.models import Site


@tracked()
class TaskTemplate(models.Model):
    """A line of the checklists, at a site or everywhere (empty): copied to each file."""

    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site."),
    )
    list = models.CharField(_("list"), max_length=10, choices=TaskList)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_ar = models.CharField(_("title in Arabic"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(_("days until due"), null=True, blank=True)
    for_applicant = models.BooleanField(
        _("up to the applicant"),
        default=False,
        help_text=_("Shown on the applicant's page too."),
    )
    retired = models.BooleanField(_("retired"), default=False)

    objects = TaskTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("lines of checklists")
        ordering = ["list", "position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title")


@tracked()
class Task(models.Model):
    """Something to do on a file. Written by `services.tasks`."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="tasks", verbose_name=_("application")
    )
    list = models.CharField(_("list"), max_length=10, choices=TaskList, default=TaskList.OTHER)
    template = models.ForeignKey(
        TaskTemplate,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("line of a checklist"),
    )
    # Of a task without a template.
    words = models.CharField(
        _("what is to be done"), max_length=200, blank=True, db_comment=PERSONAL
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="application_tasks",
        verbose_name=pgettext_lazy("person", "for"),
    )
    due_on = models.DateField(pgettext_lazy("deadline", "due"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("since"))
    done_at = models.DateTimeField(pgettext_lazy("date", "done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True, db_comment=PERSONAL)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["application", "list", F("template__position").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "template"], name="applications_task_once"
            ),
            models.CheckConstraint(
                # Done, it may be anonymised.
                condition=Q(template__isnull=False, words="")
                | Q(template__isnull=True, done_at__isnull=False)
                | (Q(template__isnull=True) & ~Q(words="")),
                name="applications_task_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_on"],
                name="applications_task_to_do",
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.template.title if self.template else self.words
