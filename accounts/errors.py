"""What can be refused about people and what they keep."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class BadFilter(InvalidInput):
    code = "bad_filter"
    text = _("%(reason)s")
    field = "name"


class NoSuchFilter(DomainError):
    code = "no_such_filter"
    text = _("There is no such saved filter any more.")
    status = 404
