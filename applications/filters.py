"""What the list of applications can be narrowed by."""

import django_filters as filters

from applications.labels import ApplicantKind, ApplicationState
from applications.models import Application
from applications.querysets import ApplicationQuerySet


class ApplicationFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(
        method="matching", help_text="Words of the answers, the contact, the reference or the ICE."
    )
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    state = filters.ChoiceFilter(choices=ApplicationState)
    applicant_kind = filters.ChoiceFilter(choices=ApplicantKind)
    wanted_from = filters.DateFilter(field_name="wanted_start", lookup_expr="gte")
    wanted_until = filters.DateFilter(field_name="wanted_start", lookup_expr="lte")

    class Meta:
        model = Application
        fields = ("reference",)

    def matching(self, rows: ApplicationQuerySet, _name: str, text: str) -> ApplicationQuerySet:
        return rows.matching(text)
