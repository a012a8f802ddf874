from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    """The admin, on our own site class; each app's `admin` registers itself there."""

    default_site = "technopark.staff.site.StaffSite"
