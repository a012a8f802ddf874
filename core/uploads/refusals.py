"""Why a file is not taken, in words for the person who sent it."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class UploadRefused(InvalidInput):
    """Base of every reason not to take a file."""

    field = "file"


class UploadEmpty(UploadRefused):
    code = "upload_empty"
    text = _("The file is empty.")


class UploadTooLarge(UploadRefused):
    code = "upload_too_large"
    text = _("The file is larger than %(megabytes)s MB: make it smaller or divide it.")


class UploadNameTooLong(UploadRefused):
    code = "upload_name_too_long"
    text = _("The name of the file has more than %(limit)s characters: shorten it.")


class UploadKindRefused(UploadRefused):
    code = "upload_kind_refused"
    text = _("Files of this kind are not accepted. Accepted are: %(accepted)s.")


class UploadOfOldOffice(UploadKindRefused):
    text = _("Old Office files (.doc, .xls, .ppt) are not accepted: save it as .docx or PDF.")


class UploadKindDiffers(UploadRefused):
    code = "upload_kind_differs"
    text = _("The name ends in “.%(extension)s”, the content is something else: export it anew.")


class UploadEncrypted(UploadRefused):
    code = "upload_encrypted"
    text = _("The file is protected by a password: save it without one.")


class UploadDamaged(UploadRefused):
    code = "upload_damaged"
    text = _("The file is damaged or incomplete: open it, save it anew and send that.")


class UploadActive(UploadRefused):
    code = "upload_active"
    text = _("The file holds macros, scripts or attached files: print it to a PDF and send that.")


class UploadBomb(UploadRefused):
    code = "upload_bomb"
    text = _("The file unpacks to far more than a document needs: simplify or divide it.")


class UploadOfHugePicture(UploadBomb):
    text = _("The picture has more than %(limit)s megapixels: save it smaller.")
