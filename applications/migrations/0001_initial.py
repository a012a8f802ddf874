import applications.workflow
import core.fields
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sites', '0002_guards'),
        ('tenants', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True, verbose_name='reference')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], default='submitted', max_length=16, verbose_name='state')),
                ('applicant_kind', models.CharField(choices=[('company', 'A company'), ('self_employed', 'A self-employed person (auto-entrepreneur)'), ('project_holder', 'A project holder, without a company yet')], max_length=16, verbose_name='who applies')),
                ('name', models.CharField(max_length=200, verbose_name='name of the company or project')),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('legal_form', models.CharField(choices=[('none', 'none yet (project)'), ('pp', 'personne physique'), ('ae', 'auto-entrepreneur'), ('sarl', 'SARL'), ('sarl_au', 'SARL AU'), ('sa', 'SA'), ('sas', 'SAS'), ('snc', 'SNC'), ('scs', 'SCS'), ('sca', 'SCA'), ('gie', 'GIE'), ('coop', 'coopérative'), ('asso', 'association'), ('other', 'other')], default='none', max_length=8, verbose_name='legal form')),
                ('ice', models.CharField(blank=True, max_length=15, verbose_name='ICE')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('project', models.TextField(max_length=20000, verbose_name='the project')),
                ('team', models.TextField(blank=True, max_length=20000, verbose_name='the team')),
                ('team_size', models.PositiveSmallIntegerField(verbose_name='people in the team')),
                ('wanted_m2', core.fields.AreaField(decimal_places=2, max_digits=9, verbose_name='wanted area, m²')),
                ('wanted_start', models.DateField(verbose_name='wanted start')),
                ('contact_name', models.CharField(db_comment='personal', max_length=150, verbose_name='contact')),
                ('contact_email', models.EmailField(db_comment='personal', max_length=254, verbose_name='e-mail')),
                ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(db_comment='personal', max_length=128, region=None, verbose_name='phone')),
                ('language', models.CharField(choices=[('fr', 'French'), ('ar', 'Arabic'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('consent_version', models.CharField(max_length=20, verbose_name='consent text')),
                ('consent_at', models.DateTimeField(verbose_name='consent given')),
                ('submitted_at', models.DateTimeField(verbose_name='received')),
                ('state_since', models.DateTimeField(verbose_name='in this state since')),
                ('due_at', models.DateTimeField(editable=False, null=True, verbose_name='due')),
                ('time_left', models.DurationField(editable=False, null=True, verbose_name='time left')),
                ('revision', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('submission_key', models.UUIDField(editable=False, unique=True)),
                ('applicant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to=settings.AUTH_USER_MODEL, verbose_name='applicant')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='tenants.company', verbose_name='company')),
                ('original', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='applications.application', verbose_name='original')),
                ('sectors', models.ManyToManyField(blank=True, to='tenants.sector', verbose_name='sectors')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='sites.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'application',
                'verbose_name_plural': 'applications',
                'ordering': ['-submitted_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ApplicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=20, verbose_name='reference')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], default='submitted', max_length=16, verbose_name='state')),
                ('applicant_kind', models.CharField(choices=[('company', 'A company'), ('self_employed', 'A self-employed person (auto-entrepreneur)'), ('project_holder', 'A project holder, without a company yet')], max_length=16, verbose_name='who applies')),
                ('name', models.CharField(max_length=200, verbose_name='name of the company or project')),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('legal_form', models.CharField(choices=[('none', 'none yet (project)'), ('pp', 'personne physique'), ('ae', 'auto-entrepreneur'), ('sarl', 'SARL'), ('sarl_au', 'SARL AU'), ('sa', 'SA'), ('sas', 'SAS'), ('snc', 'SNC'), ('scs', 'SCS'), ('sca', 'SCA'), ('gie', 'GIE'), ('coop', 'coopérative'), ('asso', 'association'), ('other', 'other')], default='none', max_length=8, verbose_name='legal form')),
                ('ice', models.CharField(blank=True, max_length=15, verbose_name='ICE')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('project', models.TextField(max_length=20000, verbose_name='the project')),
                ('team', models.TextField(blank=True, max_length=20000, verbose_name='the team')),
                ('team_size', models.PositiveSmallIntegerField(verbose_name='people in the team')),
                ('wanted_m2', core.fields.AreaField(decimal_places=2, max_digits=9, verbose_name='wanted area, m²')),
                ('wanted_start', models.DateField(verbose_name='wanted start')),
                ('contact_name', models.CharField(db_comment='personal', max_length=150, verbose_name='contact')),
                ('contact_email', models.EmailField(db_comment='personal', max_length=254, verbose_name='e-mail')),
                ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(db_comment='personal', max_length=128, region=None, verbose_name='phone')),
                ('language', models.CharField(choices=[('fr', 'French'), ('ar', 'Arabic'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('consent_version', models.CharField(max_length=20, verbose_name='consent text')),
                ('consent_at', models.DateTimeField(verbose_name='consent given')),
                ('submitted_at', models.DateTimeField(verbose_name='received')),
                ('state_since', models.DateTimeField(verbose_name='in this state since')),
                ('due_at', models.DateTimeField(editable=False, null=True, verbose_name='due')),
                ('time_left', models.DurationField(editable=False, null=True, verbose_name='time left')),
                ('revision', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('submission_key', models.UUIDField(editable=False)),
                ('applicant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='applicant')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenants.company', verbose_name='company')),
                ('original', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application', verbose_name='original')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.application')),
                ('site', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sites.site', verbose_name='site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ApplicationSectorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('application', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application')),
                ('sector', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenants.sector')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('admit', 'admit'), ('admit_with_conditions', 'admit with conditions'), ('waitlist', 'waiting list'), ('defer', 'defer'), ('refuse', 'refuse')], max_length=24, verbose_name='outcome')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('outside_sectors', 'outside the sectors hosted'), ('not_innovative', 'not innovative enough'), ('not_mature', 'project not mature enough'), ('no_space', 'no suitable space'), ('incomplete', 'file incomplete'), ('other', 'other')], max_length=20), blank=True, default=list, size=None, verbose_name='reasons')),
                ('conditions', models.TextField(blank=True, max_length=5000, verbose_name='conditions')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='note')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('decided_at', models.DateTimeField(verbose_name='decided')),
                ('published_at', models.DateTimeField(null=True, verbose_name='published')),
                ('superseded_at', models.DateTimeField(null=True, verbose_name='superseded')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='applications.application', verbose_name='application')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('outcome', models.CharField(choices=[('admit', 'admit'), ('admit_with_conditions', 'admit with conditions'), ('waitlist', 'waiting list'), ('defer', 'defer'), ('refuse', 'refuse')], max_length=24, verbose_name='outcome')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('outside_sectors', 'outside the sectors hosted'), ('not_innovative', 'not innovative enough'), ('not_mature', 'project not mature enough'), ('no_space', 'no suitable space'), ('incomplete', 'file incomplete'), ('other', 'other')], max_length=20), blank=True, default=list, size=None, verbose_name='reasons')),
                ('conditions', models.TextField(blank=True, max_length=5000, verbose_name='conditions')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='note')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('decided_at', models.DateTimeField(verbose_name='decided')),
                ('published_at', models.DateTimeField(null=True, verbose_name='published')),
                ('superseded_at', models.DateTimeField(null=True, verbose_name='superseded')),
                ('application', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application', verbose_name='application')),
                ('decided_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.decision')),
                ('published_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ineligibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason_code', models.CharField(choices=[('outside_sectors', 'outside the sectors hosted'), ('not_based_here', 'not active in Morocco'), ('not_a_business', 'no business project'), ('wrong_call', 'outside the terms of the call'), ('other', 'other')], max_length=20, verbose_name='reason')),
                ('words', models.TextField(max_length=2000, verbose_name='in words')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('confirmed', models.BooleanField(null=True, verbose_name='confirmed')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ineligibilities', to='applications.application', verbose_name='application')),
                ('found_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='found by')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'finding of ineligibility',
                'verbose_name_plural': 'findings of ineligibility',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='IneligibilityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reason_code', models.CharField(choices=[('outside_sectors', 'outside the sectors hosted'), ('not_based_here', 'not active in Morocco'), ('not_a_business', 'no business project'), ('wrong_call', 'outside the terms of the call'), ('other', 'other')], max_length=20, verbose_name='reason')),
                ('words', models.TextField(max_length=2000, verbose_name='in words')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('confirmed', models.BooleanField(null=True, verbose_name='confirmed')),
                ('application', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application', verbose_name='application')),
                ('found_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='found by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.ineligibility')),
                ('settled_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='InformationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_in', models.CharField(choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], max_length=16, verbose_name='asked in')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('message', models.TextField(max_length=5000, verbose_name='message to the applicant')),
                ('due_on', models.DateField(verbose_name='answer by')),
                ('reminders', models.PositiveSmallIntegerField(default=0, verbose_name='reminders')),
                ('reminded_on', models.DateField(null=True, verbose_name='last reminder')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('closed', 'closed'), ('lapsed', 'lapsed')], default='open', max_length=10, verbose_name='state')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='applications.application', verbose_name='application')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'request for information',
                'verbose_name_plural': 'requests for information',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='InformationRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('asked_in', models.CharField(choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], max_length=16, verbose_name='asked in')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('message', models.TextField(max_length=5000, verbose_name='message to the applicant')),
                ('due_on', models.DateField(verbose_name='answer by')),
                ('reminders', models.PositiveSmallIntegerField(default=0, verbose_name='reminders')),
                ('reminded_on', models.DateField(null=True, verbose_name='last reminder')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('closed', 'closed'), ('lapsed', 'lapsed')], default='open', max_length=10, verbose_name='state')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('application', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application', verbose_name='application')),
                ('asked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.informationrequest')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant_kind', models.CharField(choices=[('startup', 'start-up'), ('sme', 'SME'), ('large', 'large company'), ('coworking', 'coworking member'), ('domiciliation', 'domiciled company'), ('support', 'support organisation')], max_length=16, verbose_name='kind of tenant')),
                ('period', core.fields.PeriodField(verbose_name='lease')),
                ('area_m2', core.fields.AreaField(decimal_places=2, max_digits=9, null=True, verbose_name='area, m²')),
                ('unit', models.CharField(choices=[('per_m2', 'per m² and month'), ('flat', 'flat, per month')], max_length=8, verbose_name='unit')),
                ('steps', models.JSONField(verbose_name='rent steps')),
                ('monthly_rent', core.fields.MoneyField(decimal_places=2, max_digits=14, verbose_name='first monthly rent, excl. tax')),
                ('deposit', core.fields.MoneyField(decimal_places=2, max_digits=14, verbose_name='deposit')),
                ('expires_at', models.DateTimeField(verbose_name='open until')),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('cancelled', 'cancelled')], default='open', max_length=10, verbose_name='state')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='applications.application', verbose_name='application')),
                ('booking', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offer', to='sites.booking', verbose_name='hold')),
                ('space', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='sites.space', verbose_name='space')),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OfferEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('tenant_kind', models.CharField(choices=[('startup', 'start-up'), ('sme', 'SME'), ('large', 'large company'), ('coworking', 'coworking member'), ('domiciliation', 'domiciled company'), ('support', 'support organisation')], max_length=16, verbose_name='kind of tenant')),
                ('period', core.fields.PeriodField(verbose_name='lease')),
                ('area_m2', core.fields.AreaField(decimal_places=2, max_digits=9, null=True, verbose_name='area, m²')),
                ('unit', models.CharField(choices=[('per_m2', 'per m² and month'), ('flat', 'flat, per month')], max_length=8, verbose_name='unit')),
                ('steps', models.JSONField(verbose_name='rent steps')),
                ('monthly_rent', core.fields.MoneyField(decimal_places=2, max_digits=14, verbose_name='first monthly rent, excl. tax')),
                ('deposit', core.fields.MoneyField(decimal_places=2, max_digits=14, verbose_name='deposit')),
                ('expires_at', models.DateTimeField(verbose_name='open until')),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('cancelled', 'cancelled')], default='open', max_length=10, verbose_name='state')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('application', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.application', verbose_name='application')),
                ('booking', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sites.booking', verbose_name='hold')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.offer')),
                ('space', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sites.space', verbose_name='space')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RequestedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('field', 'field')], max_length=10, verbose_name='kind')),
                ('key', models.CharField(max_length=40, verbose_name='item')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='applications.informationrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'requested item',
                'verbose_name_plural': 'requested items',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RequestedItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('field', 'field')], max_length=10, verbose_name='kind')),
                ('key', models.CharField(max_length=40, verbose_name='item')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.requesteditem')),
                ('request', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='applications.informationrequest', verbose_name='request')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('answers', models.JSONField(db_comment='personal', null=True, verbose_name='answers')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='applications.application', verbose_name='application')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'version of the answers',
                'verbose_name_plural': 'versions of the answers',
                'ordering': ['application', 'number'],
            },
        ),
        migrations.CreateModel(
            name='StageTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('submitted', 'received'), ('screening', 'screening'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding')], max_length=16, verbose_name='stage')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='days')),
                ('site', models.ForeignKey(blank=True, help_text='Empty: every site that has no target of its own.', null=True, on_delete=django.db.models.deletion.CASCADE, to='sites.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'target time',
                'verbose_name_plural': 'target times',
                'ordering': ['stage', models.OrderBy(models.F('site'), nulls_first=True)],
            },
        ),
        migrations.CreateModel(
            name='StageTargetEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('stage', models.CharField(choices=[('submitted', 'received'), ('screening', 'screening'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding')], max_length=16, verbose_name='stage')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='days')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='applications.stagetarget')),
                ('site', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: every site that has no target of its own.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sites.site', verbose_name='site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('submit', 'application received'), ('discard_draft', 'draft given up'), ('expire_draft', 'draft expired'), ('resume_draft', 'draft taken up again'), ('start_screening', 'screening started'), ('mark_spam', 'marked as spam'), ('mark_duplicate', 'marked as a duplicate'), ('confirm_ineligible', 'found ineligible'), ('send_to_review', 'sent to review'), ('prepare_for_committee', 'ready for the committee'), ('return_to_review', 'returned to review'), ('request_information', 'information requested'), ('answer_request', 'request answered'), ('close_request', 'request closed'), ('lapse_request', 'request not answered'), ('decide', 'decided'), ('revoke_decision', 'decision taken back'), ('publish_admission', 'admission published'), ('publish_waiting', 'put on the waiting list'), ('publish_deferral', 'deferral published'), ('publish_refusal', 'refusal published'), ('resume', 'taken up again'), ('offer', 'offer made'), ('withdraw_offer', 'offer taken back'), ('accept_offer', 'offer accepted'), ('decline_offer', 'offer declined'), ('lapse_offer', 'offer lapsed'), ('lapse_place', 'place on the waiting list lapsed'), ('start_onboarding', 'onboarding started'), ('cancel_lease', 'lease cancelled'), ('become_tenant', 'keys handed over'), ('withdraw', 'application withdrawn'), ('reopen', 'application reopened')], max_length=24, verbose_name='step')),
                ('source', models.CharField(blank=True, choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], max_length=16, verbose_name='from')),
                ('target', models.CharField(choices=[('draft', 'draft'), ('submitted', 'received'), ('screening', 'screening'), ('info_requested', 'awaiting the applicant'), ('review', 'in review'), ('committee_ready', 'ready for the committee'), ('decided', 'decided'), ('offered', 'offer made'), ('waitlisted', 'on the waiting list'), ('deferred', 'deferred'), ('accepted', 'offer accepted'), ('onboarding', 'onboarding'), ('tenant', 'tenant'), ('expired', 'draft expired'), ('spam', 'spam'), ('duplicate', 'duplicate'), ('ineligible', 'ineligible'), ('declined', 'refused'), ('lapsed', 'lapsed'), ('offer_declined', 'offer declined'), ('withdrawn', 'withdrawn')], max_length=16, verbose_name='to')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('acting_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='applications.application', verbose_name='application')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['application', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ApplicationSector',
            fields=[
            ],
            options={
                'verbose_name': 'sector',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('applications.application_sectors',),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['site', 'state', '-submitted_at'], name='applications_board'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['contact_email'], name='applications_email'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='applications_due'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('wanted_m2__gt', 0)), name='applications_application_wanted_m2'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'screening', 'info_requested', 'review', 'committee_ready', 'decided', 'offered', 'waitlisted', 'deferred', 'accepted', 'onboarding', 'tenant', 'expired', 'spam', 'duplicate', 'ineligible', 'declined', 'lapsed', 'offer_declined', 'withdrawn'])), name='applications_application_state'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('original__isnull', False), models.Q(('state', applications.workflow.State['DUPLICATE']), _negated=True), _connector='OR'), name='applications_application_duplicate_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_applicationevent" ("applicant_id", "applicant_kind", "company_id", "consent_at", "consent_version", "contact_email", "contact_name", "contact_phone", "due_at", "ice", "id", "language", "legal_form", "name", "name_key", "original_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "reference", "revision", "site_id", "state", "state_since", "submission_key", "submitted_at", "team", "team_size", "time_left", "wanted_m2", "wanted_start", "website") SELECT new_values."applicant_id", new_values."applicant_kind", new_values."company_id", new_values."consent_at", new_values."consent_version", new_values."contact_email", new_values."contact_name", new_values."contact_phone", new_values."due_at", new_values."ice", new_values."id", new_values."language", new_values."legal_form", new_values."name", new_values."name_key", new_values."original_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."project", new_values."reference", new_values."revision", new_values."site_id", new_values."state", new_values."state_since", new_values."submission_key", new_values."submitted_at", new_values."team", new_values."team_size", new_values."time_left", new_values."wanted_m2", new_values."wanted_start", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6a3e2d2fe082337c13140454ec0a6a4ee38b605a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_60e1b', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_application', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_applicationevent" ("applicant_id", "applicant_kind", "company_id", "consent_at", "consent_version", "contact_email", "contact_name", "contact_phone", "due_at", "ice", "id", "language", "legal_form", "name", "name_key", "original_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "reference", "revision", "site_id", "state", "state_since", "submission_key", "submitted_at", "team", "team_size", "time_left", "wanted_m2", "wanted_start", "website") SELECT new_values."applicant_id", new_values."applicant_kind", new_values."company_id", new_values."consent_at", new_values."consent_version", new_values."contact_email", new_values."contact_name", new_values."contact_phone", new_values."due_at", new_values."ice", new_values."id", new_values."language", new_values."legal_form", new_values."name", new_values."name_key", new_values."original_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."project", new_values."reference", new_values."revision", new_values."site_id", new_values."state", new_values."state_since", new_values."submission_key", new_values."submitted_at", new_values."team", new_values."team_size", new_values."time_left", new_values."wanted_m2", new_values."wanted_start", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a1b340bcb1f94d77382b143900f0bf12601e8163', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f714e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_application', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_applicationevent" ("applicant_id", "applicant_kind", "company_id", "consent_at", "consent_version", "contact_email", "contact_name", "contact_phone", "due_at", "ice", "id", "language", "legal_form", "name", "name_key", "original_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "reference", "revision", "site_id", "state", "state_since", "submission_key", "submitted_at", "team", "team_size", "time_left", "wanted_m2", "wanted_start", "website") SELECT old_values."applicant_id", old_values."applicant_kind", old_values."company_id", old_values."consent_at", old_values."consent_version", old_values."contact_email", old_values."contact_name", old_values."contact_phone", old_values."due_at", old_values."ice", old_values."id", old_values."language", old_values."legal_form", old_values."name", old_values."name_key", old_values."original_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."project", old_values."reference", old_values."revision", old_values."site_id", old_values."state", old_values."state_since", old_values."submission_key", old_values."submitted_at", old_values."team", old_values."team_size", old_values."time_left", old_values."wanted_m2", old_values."wanted_start", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5ccd828fab7b6d082aed89962644a0e31b448fba', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9016e', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_application', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), ('until__isnull', False)), fields=['until'], name='applications_decision_ends'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('application',), name='applications_decision_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refuse'), _negated=True), models.Q(('reasons', []), _negated=True), _connector='OR'), name='applications_decision_refusal_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'admit_with_conditions'), _negated=True), models.Q(('conditions', ''), _negated=True), _connector='OR'), name='applications_decision_conditions'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waitlist', 'defer']), ('until__isnull', True), _connector='OR'), name='applications_decision_until'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_decisionevent" ("application_id", "conditions", "decided_at", "decided_by_id", "id", "note", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reasons", "superseded_at", "until") SELECT new_values."application_id", new_values."conditions", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."note", new_values."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."reasons", new_values."superseded_at", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b9e0c157d865d717a1af9ab8983654ef2da09e03', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_87166', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_decisionevent" ("application_id", "conditions", "decided_at", "decided_by_id", "id", "note", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reasons", "superseded_at", "until") SELECT new_values."application_id", new_values."conditions", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."note", new_values."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."reasons", new_values."superseded_at", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='55648aa8db44d95d77c2da55b92198bd63b95dbd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e24d6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_decisionevent" ("application_id", "conditions", "decided_at", "decided_by_id", "id", "note", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reasons", "superseded_at", "until") SELECT old_values."application_id", old_values."conditions", old_values."decided_at", old_values."decided_by_id", old_values."id", old_values."note", old_values."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."reasons", old_values."superseded_at", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d1149c837f85464d2798e692173b4adde67d94bc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_26254', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_decision', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='ineligibility',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('application',), name='applications_ineligibility_one_open'),
        ),
        migrations.AddConstraint(
            model_name='ineligibility',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed__isnull', True), ('settled_at__isnull', True)), models.Q(('confirmed__isnull', False), ('settled_at__isnull', False)), _connector='OR'), name='applications_ineligibility_settled'),
        ),
        migrations.AddConstraint(
            model_name='ineligibility',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed', True), _negated=True), models.Q(('settled_by', models.F('found_by')), _negated=True), _connector='OR'), name='applications_ineligibility_four_eyes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ineligibility',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_ineligibilityevent" ("application_id", "confirmed", "found_at", "found_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "settled_at", "settled_by_id", "words") SELECT new_values."application_id", new_values."confirmed", new_values."found_at", new_values."found_by_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason_code", new_values."settled_at", new_values."settled_by_id", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a1e5af610def0a84c80b1ee874529ecad236ab64', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0173a', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_ineligibility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ineligibility',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_ineligibilityevent" ("application_id", "confirmed", "found_at", "found_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "settled_at", "settled_by_id", "words") SELECT new_values."application_id", new_values."confirmed", new_values."found_at", new_values."found_by_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason_code", new_values."settled_at", new_values."settled_by_id", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='538f424ce0c4faa8c797b549cd349236c581a8a8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_71837', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_ineligibility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ineligibility',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_ineligibilityevent" ("application_id", "confirmed", "found_at", "found_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "settled_at", "settled_by_id", "words") SELECT old_values."application_id", old_values."confirmed", old_values."found_at", old_values."found_by_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason_code", old_values."settled_at", old_values."settled_by_id", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='779203399d8591c7746b8fa6a3c6a159d6d70d67', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_09ce0', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_ineligibility', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='informationrequest',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_on'], name='applications_request_due'),
        ),
        migrations.AddConstraint(
            model_name='informationrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('application',), name='applications_request_one_open'),
        ),
        migrations.AddConstraint(
            model_name='informationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='applications_request_settled'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='informationrequest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_informationrequestevent" ("application_id", "asked_at", "asked_by_id", "asked_in", "due_on", "id", "message", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminded_on", "reminders", "settled_at", "state") SELECT new_values."application_id", new_values."asked_at", new_values."asked_by_id", new_values."asked_in", new_values."due_on", new_values."id", new_values."message", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reminded_on", new_values."reminders", new_values."settled_at", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e79619c76ff9c01062d2fc8db21d4d92fbc3a249', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_3d293', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_informationrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='informationrequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_informationrequestevent" ("application_id", "asked_at", "asked_by_id", "asked_in", "due_on", "id", "message", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminded_on", "reminders", "settled_at", "state") SELECT new_values."application_id", new_values."asked_at", new_values."asked_by_id", new_values."asked_in", new_values."due_on", new_values."id", new_values."message", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reminded_on", new_values."reminders", new_values."settled_at", new_values."state" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3172c7a1a62c3b60eefa2652f52ddb433b6cf9d3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_97064', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_informationrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='informationrequest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_informationrequestevent" ("application_id", "asked_at", "asked_by_id", "asked_in", "due_on", "id", "message", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminded_on", "reminders", "settled_at", "state") SELECT old_values."application_id", old_values."asked_at", old_values."asked_by_id", old_values."asked_in", old_values."due_on", old_values."id", old_values."message", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reminded_on", old_values."reminders", old_values."settled_at", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='64cb7364b79029fd90f77974ae76717d81cd7c37', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_61bfc', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_informationrequest', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='applications_offer_expiry'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__startswith__isnull', False)), name='applications_offer_period'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'accepted'])), fields=('application',), name='applications_offer_one_open'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area_m2__isnull', True), ('space__isnull', True)), models.Q(('area_m2__isnull', False), ('space__isnull', False)), _connector='OR'), name='applications_offer_space_has_area'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_offerevent" ("answered_at", "application_id", "area_m2", "booking_id", "created_at", "deposit", "expires_at", "id", "monthly_rent", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "space_id", "state", "steps", "tenant_kind", "unit") SELECT new_values."answered_at", new_values."application_id", new_values."area_m2", new_values."booking_id", new_values."created_at", new_values."deposit", new_values."expires_at", new_values."id", new_values."monthly_rent", new_values."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."space_id", new_values."state", new_values."steps", new_values."tenant_kind", new_values."unit" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fe436808fe73943230fd90606f6d7b11f418b9c9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bd793', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_offer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_offerevent" ("answered_at", "application_id", "area_m2", "booking_id", "created_at", "deposit", "expires_at", "id", "monthly_rent", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "space_id", "state", "steps", "tenant_kind", "unit") SELECT new_values."answered_at", new_values."application_id", new_values."area_m2", new_values."booking_id", new_values."created_at", new_values."deposit", new_values."expires_at", new_values."id", new_values."monthly_rent", new_values."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."space_id", new_values."state", new_values."steps", new_values."tenant_kind", new_values."unit" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='641c762dbe3325a4d3dcc84e85ba25714808e411', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2542f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_offer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_offerevent" ("answered_at", "application_id", "area_m2", "booking_id", "created_at", "deposit", "expires_at", "id", "monthly_rent", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "space_id", "state", "steps", "tenant_kind", "unit") SELECT old_values."answered_at", old_values."application_id", old_values."area_m2", old_values."booking_id", old_values."created_at", old_values."deposit", old_values."expires_at", old_values."id", old_values."monthly_rent", old_values."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."space_id", old_values."state", old_values."steps", old_values."tenant_kind", old_values."unit" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1aa2087f12b155b67e88fa204357518b3a878540', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8ddcb', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_offer', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='requesteditem',
            constraint=models.UniqueConstraint(fields=('request', 'kind', 'key'), name='applications_requesteditem_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requesteditem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_requesteditemevent" ("id", "key", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT new_values."id", new_values."key", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."request_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='af3d4945438ebf60eac68c53a68a97ffe0e1cb09', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c7ef5', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_requesteditem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requesteditem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_requesteditemevent" ("id", "key", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT new_values."id", new_values."key", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."request_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cec17903629179cb6ec1f96a5e3d91a52d6779ad', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4fa4c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_requesteditem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requesteditem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_requesteditemevent" ("id", "key", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT old_values."id", old_values."key", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."request_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a52e426f176a771c1c8b0e27c0806af94b117251', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ec39e', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_requesteditem', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.UniqueConstraint(fields=('application', 'number'), name='applications_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='stagetarget',
            constraint=models.UniqueConstraint(fields=('site', 'stage'), name='applications_stagetarget_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stagetarget',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='applications_stagetarget_days'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagetarget',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_stagetargetevent" ("days", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "stage") SELECT new_values."days", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."site_id", new_values."stage" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='77a8a2d2deb003a711a8cbe801f39b09f01d634d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0838e', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_stagetarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagetarget',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_stagetargetevent" ("days", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "stage") SELECT new_values."days", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."site_id", new_values."stage" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6e2cbb0e708ec47006e3bd7832678ff4e9bb8192', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_32d6c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='applications_stagetarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagetarget',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_stagetargetevent" ("days", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "stage") SELECT old_values."days", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."site_id", old_values."stage" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='40ef4834f947b008c6cca9c3b0a0f0654f648e66', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2929f', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_stagetarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='applicationsector',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_applicationsectorevent" ("application_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "sector_id") SELECT new_values."application_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."sector_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='397057529cf9ec14968b57b4308c1158074e495a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_155cb', referencing='REFERENCING NEW TABLE AS new_values ', table='applications_application_sectors', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='applicationsector',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "applications_applicationsectorevent" ("application_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "sector_id") SELECT old_values."application_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."sector_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c48065648644271ae2bc5c24c01b79a4e6ab523f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2bf4c', referencing='REFERENCING OLD TABLE AS old_values ', table='applications_application_sectors', when='AFTER')),
        ),
    ]
