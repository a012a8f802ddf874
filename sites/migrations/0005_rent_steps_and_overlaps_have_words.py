"""What staff read of rate plans: rent steps, and why two plans cannot overlap."""

import django.contrib.postgres.constraints
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('sites', '0004_tokens_say_when_they_reach_every_site'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='rateplanstep',
            options={'ordering': ['plan', 'after_months'], 'verbose_name': 'rent step', 'verbose_name_plural': 'rent steps'},
        ),
        migrations.AlterConstraint(
            model_name='rateplan',
            name='sites_rateplan_one_at_a_time',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('site', '='), ('tenant_kind', '='), ('period', '&&')], name='sites_rateplan_one_at_a_time', violation_error_message='The site has another plan for this kind of tenant on some of these days: give that one a last day first.'),
        ),
    ]
