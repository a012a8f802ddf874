"""A draft is begun, filled in and sent by a client.

Until it is sent it is the client's user's alone: neither staff nor the applicant see it. How a
client reads a file is the view's (`ReadsFiles`): a partner's portal reads another shape.
"""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from applications.api import bodies, shapes
from applications.api.files import file_in_full, visible_file, wrong_with
from applications.errors import ImpossibleStep, IncompleteDraft
from applications.forms import PREFIX, ChapterForm, Form, given_in
from applications.labels import Channel
from applications.models import Application, CallVersion
from applications.selectors.calls import open_versions
from applications.services import drafting
from applications.services.submission import submit_draft
from sites.api.base import Resource, Row
from sites.api.writing import once, read
from sites.models import Site
from sites.permissions import require


class ReadsFiles(Resource):
    """How a client for somebody on staff reads a file."""

    resource = "application"

    def file(self, user: Any, reference: str) -> Application:
        """One that was sent. Raises Http404."""
        return visible_file(user, reference)

    def named(self, file: Application) -> str:
        """Its state, in the words that this client knows."""
        return str(file.get_state_display())

    def draft(self, user: Any, reference: str) -> Application:
        """The draft that the client's person began: anybody else's does not exist. Raises Http404,
        ImpossibleStep where the file was sent already."""
        drafts = Application.objects.drafts_of_client(user)
        rows = drafts.select_related("site", "call_version__call")
        draft = rows.filter(reference=reference).first()
        if draft is None:
            raise ImpossibleStep(state=self.named(self.file(user, reference)))
        return draft

    def answer(self, user: Any, reference: str) -> Row:
        """Sent or not, as it stands now. Raises Http404."""
        return file_in_full(user, reference)


class DraftsBegun(ReadsFiles):
    """`POST /applications/`."""

    @extend_schema(request=bodies.DraftBody, responses={201: shapes.ApplicationDetailShape})
    @once
    def post(self, request: Request) -> Response:
        """Begin an application. It is sent by `submit/`; until then nobody else sees it."""
        user: Any = request.user
        given = read(request, bodies.DraftBody)
        site = Site.objects.filter(code=given["site"]).first()
        if site is None:
            raise ValidationError({"site": [_("There is no such site.")]})
        require(user, Action.ADD, "application", site.pk)
        version = _version(site, given.get("call"))
        _check_names(Application(site=site, call_version=version), given)
        draft = drafting.start_draft(
            site=site,
            call_version=version,
            email=given["contact_email"],
            language=given["language"],
            typed=_typed(given),
            channel=Channel.API,
            acting_user=user,
        )
        return Response(self.answer(user, draft.reference), status=201)


class DraftActs(ReadsFiles):
    """`PATCH` and `DELETE /applications/{reference}/`."""

    @extend_schema(request=bodies.ChangeBody, responses=shapes.ApplicationDetailShape)
    @once
    def patch(self, request: Request, reference: str) -> Response:
        """Change answers of a draft; what is not named stays. Wrong answers are kept too:
        `draft.wrong` says what keeps it from being sent."""
        user: Any = request.user
        draft = self.draft(user, reference)
        given = read(request, bodies.ChangeBody)
        _check_names(draft, given)
        drafting.type_in(application=draft, fields=_typed(given), acting_user=user)
        return Response(self.answer(user, reference))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str) -> Response:
        """Give a draft up."""
        user: Any = request.user
        drafting.discard(application=self.draft(user, reference), acting_user=user)
        return Response(status=204)


class Submit(ReadsFiles):
    """`POST /applications/{reference}/submit/`."""

    @extend_schema(request=bodies.SubmitBody, responses=shapes.ApplicationDetailShape)
    @once
    def post(self, request: Request, reference: str) -> Response:
        """Send a draft: from now on it is the applicant's and the site's file. Each site of its
        `also_at` gets an application of its own, which stands under `linked`."""
        user: Any = request.user
        draft = self.draft(user, reference)
        if not read(request, bodies.SubmitBody)["consent"]:
            words = _("We may study your application only with your consent.")
            raise ValidationError({"consent": [words]})
        form = Form(draft)
        if not form.is_complete:
            raise IncompleteDraft(fields=wrong_with(form))
        submit_draft(
            application=draft,
            answers=form.answers(),
            given=given_in(draft.typed or {}),
            language=draft.language,
            acting_user=user,
            also_at=form.also_at(),
        )
        return Response(self.answer(user, reference))


def _version(site: Site, code: str | None) -> CallVersion | None:
    if not code:
        return None
    version = open_versions(site).filter(call__code=code).first()
    if version is None:
        raise ValidationError({"call": [_("There is no such call open at this site.")]})
    return version


def _check_names(draft: Application, given: dict[str, Any]) -> None:
    """A misspelt name would be an answer that nobody reads."""
    form = Form(draft)
    known = {
        name
        for section in form.sections
        for name in ChapterForm(section, draft, form.questions, every_question=True).fields
    }
    unknown = {
        name: [_("Unknown field.")]
        for name in given.get("answers", {})
        if name not in known or name.startswith(PREFIX)
    } | {
        f"questions.{key}": [_("Unknown field.")]
        for key in given.get("questions", {})
        if f"{PREFIX}{key}" not in known
    }
    if unknown:
        raise ValidationError(unknown)


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    own = {f"{PREFIX}{key}": value for key, value in given.get("questions", {}).items()}
    return {**given.get("answers", {}), **own}
