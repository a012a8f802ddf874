"""What may be uploaded, for the pages that ask for files."""

from django import template
from django.conf import settings

from core import uploads

register = template.Library()


@register.simple_tag
def accepted_extensions() -> str:
    return ",".join(uploads.accepted_extensions())


@register.simple_tag
def accepted_kinds() -> str:
    return uploads.accepted_kinds()


@register.simple_tag
def upload_megabytes() -> int:
    limit: int = settings.UPLOAD_LIMIT
    return limit // 1024**2
