"""What a file that a person uploads may be: decided by its bytes, before it is kept.

Accepted are documents and pictures that show something and do nothing. Macros, scripts and files
inside a PDF are refused even where a scanner (core.scanning) runs: printing such a file to a PDF
keeps all that a reader needs. What a file says of its own kind or size is not believed.
"""

from core.uploads.checking import Checked, check_upload
from core.uploads.kinds import (
    accepted_extensions,
    accepted_kinds,
    accepted_media_types,
    kind_in_words,
)
from core.uploads.names import cleaned_name
from core.uploads.refusals import UploadRefused, UploadTooLarge

__all__ = [
    "Checked",
    "UploadRefused",
    "UploadTooLarge",
    "accepted_extensions",
    "accepted_kinds",
    "accepted_media_types",
    "check_upload",
    "cleaned_name",
    "kind_in_words",
]
