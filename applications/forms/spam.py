"""Telling people from machines without asking either: a hidden field, and a signed minimum time."""

import time
from typing import Any, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FASTEST: Final = 2.0
"""Seconds: nobody reads and fills the form in less; machines do."""

_SALT: Final = "apply"


def opened_now() -> str:
    """When the form was opened, signed."""
    return signing.dumps(time.time(), salt=_SALT)


def opened_at(stamp: str) -> float | None:
    """When that was, in seconds; None when the stamp is not ours. An old tab is still good."""
    try:
        since: float = signing.loads(stamp, salt=_SALT)
    except signing.BadSignature:
        return None
    return since


class PeopleForm(forms.Form):
    """A form that anybody may send; what a machine sent is asked for once more."""

    opened = forms.CharField(widget=forms.HiddenInput)
    # A field that people do not see and machines fill in.
    fax = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"opened": opened_now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since = opened_at(cleaned.get("opened", ""))
        if cleaned.get("fax") or since is None or time.time() - since < FASTEST:
            # People who are merely fast lose nothing: what they typed stays in the form.
            raise ValidationError(
                _("Please read your answers once more, then send them again."), code="hasty"
            )
        return cleaned

    def again(self) -> None:
        """Before the form is shown with its errors: a stamp that was not ours is replaced."""
        if not opened_at(self.data.get("opened", "")):
            self.data = {**self.data.dict(), "opened": opened_now()}  # type: ignore[attr-defined]
