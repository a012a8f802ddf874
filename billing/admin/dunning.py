"""Reminders: a site's steps, the letters as they were sent, pauses."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.by_number import ByNumber, NumberForm
from billing.choices import LOOKS, PauseKind
from billing.errors.overdue import ReminderNotDue
from billing.models import DunningLetter, DunningLetterLine, DunningPause, DunningStep
from billing.papers.reminder import product_words
from billing.placeholders import REMINDER
from billing.services.dunning_steps import drop_step, set_step
from billing.services.pauses import end_pause, pause_reminders
from billing.services.reminding import preview_words
from core import formats
from core.languages import Language
from core.periods import today
from leases.admin.documents import shown
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin, ScopedTabular
from sites.admin.columns import badge, day_column, language, period
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work


class LanguageForm(WorkForm):
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)


class ReasonForm(WorkForm):
    reason = forms.CharField(label=_("reason"), max_length=300)


@admin.register(DunningStep)
class DunningStepAdmin(ScopedAdmin):
    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("site",)
    list_display = ("site", "level", "days", "by_itself")
    list_filter = ("site",)
    fields = (("site", "level"), ("days", "by_itself"), "words_fr", "words_ar", "words_en",
              "placeholders", "own_words")  # fmt: skip
    exported = ("site__code", "level", "days", "by_itself", "words_fr", "words_ar", "words_en")
    actions_detail = ("preview", "remove")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        known = ("placeholders", "own_words")
        return known if obj is None else ("site", "level", *known)

    def save_model(self, request: HttpRequest, obj: DunningStep, form: Any, change: bool) -> None:
        made = set_step(
            site=obj.site,
            level=obj.level,
            days=obj.days,
            by_itself=obj.by_itself,
            words={code: getattr(obj, f"words_{code}") for code in Language.values},
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    @admin.display(description=_("what is filled in"))
    def placeholders(self, step: DunningStep) -> str:
        """A blank line ends a paragraph; a line whose words in braces say nothing is left out."""
        return " ".join(f"{{{name}}}" for name in REMINDER)

    @admin.display(description=_("the product's own words"))
    def own_words(self, step: DunningStep) -> str:
        if not step.level:
            return gettext("They are used where the site has none.")
        return format_html_join(
            "",
            '<p dir="auto" lang="{}" class="staff-code mb-4">{}</p>',
            ((code, product_words(step.level, code)) for code in Language.values),
        )

    @work(_("Preview"), path="preview", right=Action.VIEW, icon="visibility")
    def preview(self, request: HttpRequest, step: DunningStep) -> HttpResponse:
        """The letter of this step about the site's last invoice, marked as a draft."""
        asked = request.GET.get("language", "")
        code = asked if asked in Language.values else language()[:2]
        try:
            pdf = preview_words(step=step, language=code)
        except ReminderNotDue as refusal:
            messages.warning(request, refusal.message)
            return redirect(self.address_of(step))
        return shown(pdf, f"{step.site.code}-{step.level}-{code}.pdf")

    @work(_("Remove"), path="remove", right=Action.CHANGE, icon="delete")
    def remove(self, request: HttpRequest, step: DunningStep) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            drop_step(step=step, acting_user=acting(request))
            return gettext("The site takes this step no more.")

        return self.work_page(
            request,
            step,
            act=act,
            title=_("Remove the step"),
            submit=_("Remove"),
            hint=_("Letters that were sent stay."),
            then="../../",
        )


class LetterLines(ScopedTabular):
    model = DunningLetterLine
    related = ("letter", "invoice")
    fields = readonly_fields = ("invoice", "due", "open_shown", "step")
    ordering = ("invoice__due_on", "invoice_id")
    can_delete = False

    @admin.display(description=_("due on"))
    def due(self, line: DunningLetterLine) -> str:
        return formats.day(line.invoice.due_on, language())

    @admin.display(description=pgettext_lazy("of an invoice", "open"))
    def open_shown(self, line: DunningLetterLine) -> str:
        return formats.money(line.open, language())

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DunningLetter)
class DunningLetterAdmin(ReadOnlyAdmin):
    related = ("site", "company", "acting_user")
    list_display = ("number", "step", "company", "site", "day", "total_shown", "sent_how")
    list_filter = ("level", "site")
    search_fields = ("number", "company__name_key")
    search_help_text = _("Number or company")
    found_by_name = True
    fields = ("number", ("level", "day", "awaited"), ("company", "site"), "total_shown",
              "sent_how", "language", "acting_user")  # fmt: skip
    inlines = (LetterLines,)
    exported = ("number", "level", "company__name", "site__code", "on", "total")
    actions_detail = ("pdf",)
    day = day_column("on", _("on"))
    awaited = day_column("pay_by", _("awaited by"))

    @admin.display(description=_("step"), ordering="level")
    def step(self, letter: DunningLetter) -> str:
        return badge(letter.get_level_display(), LOOKS[letter.level])

    @admin.display(description=_("overdue"), ordering="total")
    def total_shown(self, letter: DunningLetter) -> str:
        return formats.money(letter.total, language())

    @admin.display(description=_("sent to"))
    def sent_how(self, letter: DunningLetter) -> str:
        if not letter.sent_to:
            return gettext("to print and post")
        return formats.listed(letter.sent_to, language())

    @work(_("PDF"), path="pdf", right=Action.VIEW, icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, letter: DunningLetter) -> HttpResponse:
        """As it was sent."""
        with letter.file.open() as kept:
            return shown(kept.read(), f"{letter.number}.pdf")


class PauseForm(NumberForm):
    everything = forms.BooleanField(
        label=_("everything of its company at its site"),
        required=False,
        help_text=_("Otherwise the invoice alone."),
    )


@admin.register(DunningPause)
class DunningPauseAdmin(ByNumber):
    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = PauseForm
    related = ("company", "site", "invoice", "acting_user")
    list_display = ("company", "site", "of_invoice", "kind", "days", "reason", "acting_user")
    list_filter = ("kind", "site")
    search_fields = ("company__name_key", "invoice__number")
    search_help_text = _("Company or invoice")
    fields = (("company", "site"), "of_invoice", "kind", "days", "reason", "acting_user")
    readonly_fields = ("of_invoice", "days")
    add_fieldsets = ((None, {"fields": (("number", "everything"), "kind", "period", "reason")}),)
    exported = ("company__name", "site__code", "invoice__number", "kind", "period", "reason")
    actions_detail = ("end",)
    days = staticmethod(period())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"period": [today(), None], **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: DunningPause, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made = pause_reminders(
            invoice=given["number"],
            everything=given["everything"],
            kind=PauseKind(obj.kind),
            period=obj.period,
            reason=obj.reason,
            acting_user=acting(request),
        )
        obj.pk, obj.company = made.pk, made.company
        obj._state.adding = False

    @admin.display(description=_("invoice"), ordering="invoice__number")
    def of_invoice(self, pause: DunningPause) -> str:
        return pause.invoice.number if pause.invoice is not None else gettext("everything")

    @work(
        _("End the pause"),
        path="end",
        right=Action.CHANGE,
        icon="play_arrow",
        when=lambda pause: not pause.period.is_past(today()),
    )
    def end(self, request: HttpRequest, pause: DunningPause) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            end_pause(pause=pause, acting_user=acting(request))
            return gettext("The company is reminded again.")

        return self.work_page(
            request, pause, act=act, title=_("End the pause"), submit=_("End"), then="../../"
        )
