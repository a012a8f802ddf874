"""What the list of applications can be narrowed by."""

import django_filters as filters

from applications.labels import ApplicantKind, ApplicationState
from applications.models import Application


class ApplicationFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    state = filters.ChoiceFilter(choices=ApplicationState)
    applicant_kind = filters.ChoiceFilter(choices=ApplicantKind)
    wanted_from = filters.DateFilter(field_name="wanted_start", lookup_expr="gte")
    wanted_until = filters.DateFilter(field_name="wanted_start", lookup_expr="lte")

    class Meta:
        model = Application
        fields = ("reference",)
