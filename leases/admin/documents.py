"""The documents of a lease on its page: issued, opened, kept signed."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.forms import DayFormField
from core.languages import Language
from core.periods import today
from core.uploads import accepted_extensions
from leases.choices import COUNTING_STATES, DocumentKind, LeaseState
from leases.models import Lease, LeaseDocument
from leases.selectors.documents import contracts_from_elsewhere, documents_of, language_of
from leases.services.documents import draft_contract, issue_document
from leases.services.signed_copies import keep_contract_from_elsewhere, keep_signed_copy
from leases.signature import ByHand, SignedFile
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work


class IssueForm(WorkForm):
    what = forms.ChoiceField(label=_("document"))
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)

    def __init__(self, *args: Any, lease: Lease, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        what.choices = [(key, label) for key, (label, _about) in _issuable(lease).items()]


class DocumentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class SignedCopyForm(WorkForm):
    document = DocumentField(LeaseDocument.objects.none(), label=_("document"))
    file = forms.FileField(label=_("file"))
    signed_on = DayFormField(label=_("signed on"), initial=today)
    signers = forms.CharField(
        label=_("signers"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Names and capacities, one a line."),
    )

    def __init__(self, *args: Any, lease: Lease, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.fields["document"]
        document.queryset = lease.documents.select_related("amendment", "report")
        if lease.imported:
            document.required = False
            document.empty_label = _("the contract, signed elsewhere")
        self.fields["file"].widget.attrs["accept"] = ",".join(accepted_extensions())


class DocumentActs(WorkPages):
    """To stand before the admin class; the names of its pages are `DOCUMENT_ACTS`."""

    DOCUMENT_ACTS = ("draft_contract", "issue_document", "keep_signed_copy")

    @work(
        _("Draft of the contract"),
        path="draft-contract",
        right=Action.VIEW,
        icon="draft",
        when=lambda lease: lease.state == LeaseState.DRAFT,
    )
    def draft_contract(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        """How it would read today, in the language asked for or the company's."""
        language = request.GET.get("language", "")
        if language not in Language.values:
            language = language_of(lease)
        return shown(draft_contract(lease, language), f"{lease.number}-draft-{language}.pdf")

    @work(
        _("Issue a document"),
        path="issue-document",
        right=Action.CHANGE,
        icon="description",
        when=lambda lease: lease.state in COUNTING_STATES,
    )
    def issue_document(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            _label, about = _issuable(lease)[given["what"]]
            made = issue_document(
                lease=lease, language=given["language"], acting_user=acting(request), **about
            )
            return gettext("%(document)s is here.") % {"document": made}

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=IssueForm,
            form_kwargs={"lease": lease},
            initial={"language": language_of(lease)},
            title=_("Issue a document"),
            submit=_("Issue"),
            hint=_("What was issued already is not made anew: it stays as it was issued."),
        )

    @work(
        _("Keep a signed copy"),
        path="signed-copy",
        right=Action.SIGN,
        icon="task",
        when=lambda lease: lease.state in COUNTING_STATES,
    )
    def keep_signed_copy(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            file = given["file"]
            signed = SignedFile(
                file=cast("Any", file.file),
                name=file.name or "",
                size=file.size or 0,
                signed_on=given["signed_on"],
                signers=given["signers"],
            )
            document, user = given["document"], acting(request)
            if document is None:
                keep_contract_from_elsewhere(lease=lease, signed=signed, acting_user=user)
            else:
                keep_signed_copy(document=document, signature=ByHand(signed), acting_user=user)
            return gettext("The signed copy is kept.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=SignedCopyForm,
            form_kwargs={"lease": lease},
            title=_("Keep a signed copy"),
        )


def documents_context(lease: Lease, user: Any, *, before: dt.datetime) -> dict[str, Any]:
    """What `leases/admin/documents.html` shows, of what was issued or came before a moment; at most
    two queries, a third where the lease came from elsewhere."""
    drafted = lease.state == LeaseState.DRAFT
    issued = [] if drafted else documents_of(lease, user)
    elsewhere = contracts_from_elsewhere(lease, user)
    return {
        "documents": [each for each in issued if each.made_at < before],
        "from_elsewhere": [each for each in elsewhere if each.made_at < before],
        "drafted": drafted,
        "languages": [(code, get_language_info(code)["name_local"]) for code in Language.values],
    }


def shown(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that was made for this page and is kept nowhere."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _issuable(lease: Lease) -> dict[str, tuple[str, dict[str, Any]]]:
    """What may be asked for, with its name and what `issue_document` wants to know."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    if not lease.imported:
        kind = DocumentKind.CONTRACT
        found[kind] = (str(kind.label), {"kind": kind})
    for amendment in lease.amendments.signed().order_by("number"):
        kind = DocumentKind.AMENDMENT
        label = f"{kind.label} {amendment.number}"
        found[f"{kind}-{amendment.number}"] = (label, {"kind": kind, "amendment": amendment})
    notice = lease.notices.standing().first()
    if notice is not None:
        kind = DocumentKind.NOTICE
        found[kind] = (str(kind.label), {"kind": kind, "notice": notice})
    for report in lease.handover_reports.closed().order_by("id"):
        kind = DocumentKind.HANDOVER
        day = formats.day(report.day, language())
        label = formats.apart((kind.label, report.get_way_display(), day), language())
        found[f"{kind}-{report.pk}"] = (label, {"kind": kind, "report": report})
    if lease.state == LeaseState.ACTIVE:
        kind = DocumentKind.CERTIFICATE
        found[kind] = (str(kind.label), {"kind": kind})
    return found
