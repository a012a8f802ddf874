"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import freeze, insert_only

HISTORY = [
    "tenants_sectorevent",
    "tenants_technologyevent",
    "tenants_companyevent",
    "tenants_contactevent",
    "tenants_formeridentityevent",
    "tenants_presenceevent",
    "tenants_successionevent",
    "tenants_companysectorevent",
    "tenants_companytechnologyevent",
    "tenants_followupevent",
    "tenants_milestoneevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("tenants", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        # Two records of one company become one: what was declared of either is the kept one's.
        freeze("tenants_declaration", may_change=["company_id"]),
    ]
