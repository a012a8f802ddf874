"""Acts for an applicant who telephones: staff click what they are told."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.acts import ReasonForm, can_step
from applications.models import Application, Offer
from applications.services import answers
from applications.services.addresses import change_address
from applications.workflow import Step
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, work


class AddressForm(ReasonForm):
    email = forms.EmailField(label=_("e-mail"), max_length=254)
    field_order = ("email", "reason")


class ApplicantActs(WorkPages):
    """On the applicant's own word."""

    @work(
        _("Accept for the applicant"),
        path="accept",
        right=Action.DECIDE,
        icon="check",
        when=can_step(Step.ACCEPT_OFFER),
    )
    def accept(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            answers.accept_offer(offer=_last_offer(file), acting_user=acting(request))
            return gettext("Accepted; the draft lease is ready.")

        return self.work_page(
            request,
            file,
            act=act,
            title=_("Accept for the applicant"),
            submit=_("Accept the offer"),
            hint=_("Only on the applicant's own word: it makes the company and the draft lease."),
        )

    @work(
        _("Decline for the applicant"),
        path="decline-offer",
        right=Action.DECIDE,
        icon="close",
        when=can_step(Step.DECLINE_OFFER),
    )
    def decline_offer(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            answers.decline_offer(offer=_last_offer(file), acting_user=acting(request), **given)
            return gettext("Declined; the space is free again.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Decline for the applicant"),
            submit=_("Decline"),
        )

    @work(
        _("Withdraw for the applicant"),
        path="withdraw",
        right=Action.SCREEN,
        icon="logout",
        when=can_step(Step.WITHDRAW),
    )
    def withdraw(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            answers.withdraw(application=file, acting_user=acting(request), **given)
            return gettext("The application was withdrawn.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Withdraw for the applicant"),
            submit=_("Withdraw"),
        )

    @work(
        _("Change the e-mail address"),
        path="change-address",
        right=Action.SCREEN,
        icon="alternate_email",
        when=lambda file: file.anonymised_at is None,
    )
    def change_address(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            change_address(application=file, acting_user=acting(request), **given)
            return gettext("Letters go to %(email)s from now on.") % {"email": given["email"]}

        return self.work_page(
            request,
            file,
            act=act,
            form_class=AddressForm,
            title=_("Change the e-mail address"),
            hint=_("Make sure who asks: the new address alone opens the file. Both are told."),
        )


def _last_offer(file: Application) -> Offer:
    return file.offers.latest("id")
