"""Rows inside a page that its user only reads: a table of what they say, without forms."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.admin.utils import (
    help_text_for_field,
    label_for_field,
    lookup_field,
    quote,
)
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.forms import Media
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.text import capfirst
from unfold.forms import PaginationInlineFormSet
from unfold.utils import display_for_field, display_for_value


class ReadRows(PaginationInlineFormSet):  # type: ignore[misc]
    """What Django's admin takes for the formset of such rows. It has no forms: nothing of it is
    sent with the page, validated or saved."""

    inline: ClassVar[Any]
    names: ClassVar[list[str]]
    """The columns, set where the class is made."""

    forms: ClassVar[list[Any]] = []
    errors: ClassVar[list[Any]] = []
    media = Media()

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return 0

    def is_valid(self) -> bool:
        return True

    def is_multipart(self) -> bool:
        return False

    def non_form_errors(self) -> list[str]:
        return []

    def save(self, commit: bool = True) -> list[Any]:
        self.new_objects: list[Any] = []
        self.changed_objects: list[Any] = []
        self.deleted_objects: list[Any] = []
        return []

    @cached_property
    def heads(self) -> list[tuple[str, str]]:
        """The title of each column, and what explains it."""
        return [
            (
                capfirst(str(label_for_field(name, self.model, self.inline))),
                help_text_for_field(name, self.model),
            )
            for name in self.names
        ]

    def lines(self) -> Iterator[list[tuple[str, str, str]]]:
        """For each row the name, the title and the content of its cells."""
        for row in self.get_queryset():
            yield [
                (name, title, self._said(row, name))
                for name, (title, _help) in zip(self.names, self.heads, strict=True)
            ]

    def _said(self, row: models.Model, name: str) -> str:
        """As unfold's read-only fields say it."""
        nothing = self.inline.get_empty_value_display()
        try:
            field, attribute, value = lookup_field(name, row, self.inline)
        except ObjectDoesNotExist:
            return str(nothing)
        if field is None:
            boolean = getattr(attribute, "boolean", False)
            shown = display_for_value(value, nothing, boolean)
        elif isinstance(field, models.ForeignKey) and value is not None:
            shown = self._linked(value)
        else:
            shown = display_for_field(value, field, nothing)
        said = conditional_escape(shown)
        in_words = self.inline.readonly_preprocess_fields.get(name)
        return in_words(said) if in_words else said

    def _linked(self, row: models.Model) -> str:
        opts = row._meta
        route = f"{self.inline.admin_site.name}:{opts.app_label}_{opts.model_name}_change"
        try:
            address = reverse(route, args=(quote(row.pk),))
        except NoReverseMatch:
            return str(row)
        return format_html('<a href="{}" class="text-link">{}</a>', address, row)
