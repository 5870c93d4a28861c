import core.clock
import core.fields
import core.identifiers
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('code', models.CharField(max_length=6, primary_key=True, serialize=False)),
                ('name', models.CharField(db_index=True, max_length=80)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('in_s7', models.BooleanField(default=False, verbose_name='member of the S7 cities')),
            ],
            options={
                'verbose_name': 'municipality',
                'verbose_name_plural': 'municipalities',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('code', models.CharField(max_length=4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('is_north', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'province',
                'verbose_name_plural': 'provinces',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SbiDivision',
            fields=[
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=1)),
                ('title_nl', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=200)),
            ],
            options={
                'verbose_name': 'SBI division',
                'verbose_name_plural': 'SBI divisions',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name_nl', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('analogue', models.CharField(blank=True, max_length=120)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'sector',
                'verbose_name_plural': 'sectors',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('language', models.CharField(choices=[('nl', 'Nederlands'), ('en', 'English')], default='nl', max_length=2, verbose_name='language')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may open the admin')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('date_joined', models.DateTimeField(default=core.clock.now, verbose_name='joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_person_per_address')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sme', 'business'), ('provider', 'provider'), ('authority', 'authority'), ('desk', 'desk')], max_length=10, verbose_name='kind')),
                ('legal_name', models.CharField(max_length=160, verbose_name='name in the trade register')),
                ('trade_name', models.CharField(blank=True, max_length=160, verbose_name='trade name')),
                ('legal_form', models.CharField(blank=True, choices=[('sole_trader', 'sole trader (eenmanszaak)'), ('partnership', 'partnership (vof, maatschap, cv)'), ('company', 'company (bv, nv)'), ('association', 'association or foundation'), ('other', 'other')], max_length=12, verbose_name='legal form')),
                ('kvk', models.CharField(blank=True, max_length=8, validators=[core.identifiers.validate_kvk], verbose_name='KvK number')),
                ('foreign_registration', models.CharField(blank=True, max_length=40, verbose_name='number in a foreign register')),
                ('rsin', models.CharField(blank=True, max_length=9, validators=[core.identifiers.validate_rsin], verbose_name='RSIN')),
                ('vat_id', models.CharField(blank=True, max_length=16, validators=[core.identifiers.validate_vat_id], verbose_name='VAT id')),
                ('country', models.CharField(default='NL', max_length=2, verbose_name='country')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street and number')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('phone', models.CharField(blank=True, max_length=24, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='general e-mail address')),
                ('sbi', models.CharField(blank=True, max_length=8, verbose_name='SBI code')),
                ('headcount', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of people working in the business')),
                ('turnover', core.fields.MoneyField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='turnover of last year')),
                ('balance_total', core.fields.MoneyField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='balance total of last year')),
                ('founded_on', models.DateField(blank=True, null=True, verbose_name='founded on')),
                ('insolvent_since', models.DateField(blank=True, null=True, verbose_name='bankrupt or in suspension of payments since')),
                ('created_at', models.DateTimeField(default=core.clock.now)),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='accounts.municipality', verbose_name='municipality')),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='accounts.sector', verbose_name='sector')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'indexes': [models.Index(fields=['kind', 'legal_name'], name='accounts_or_kind_90fa35_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kvk', ''), _negated=True), fields=('kind', 'kvk'), name='one_organisation_per_kind_and_kvk'), models.CheckConstraint(condition=models.Q(('kind__in', ['sme', 'provider', 'authority', 'desk'])), name='organisation_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('member', 'member'), ('adviser', 'adviser'), ('assessor', 'assessor'), ('decider', 'decider'), ('treasurer', 'treasurer'), ('approver', 'approver'), ('manager', 'programme manager'), ('auditor', 'auditor')], max_length=10, verbose_name='role')),
                ('since', models.DateTimeField(default=core.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'organisation', 'role'), name='one_live_membership_per_role'), models.CheckConstraint(condition=models.Q(('role__in', ['member', 'adviser', 'assessor', 'decider', 'treasurer', 'approver', 'manager', 'auditor'])), name='membership_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=200, verbose_name='what connects you')),
                ('declared_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'declared interest',
                'verbose_name_plural': 'declared interests',
                'ordering': ['-declared_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'organisation'), name='one_live_interest_per_organisation'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='interest_says_why')],
            },
        ),
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('iban', models.CharField(max_length=34, validators=[core.identifiers.validate_iban], verbose_name='IBAN')),
                ('holder', models.CharField(max_length=70, verbose_name='account holder')),
                ('stripe_account', models.CharField(blank=True, max_length=64, verbose_name='Stripe account')),
                ('created_at', models.DateTimeField(default=core.clock.now)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'bank account',
                'verbose_name_plural': 'bank accounts',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('organisation', 'iban'), name='one_live_account_per_iban')],
            },
        ),
        migrations.AddField(
            model_name='municipality',
            name='province',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='municipalities', to='accounts.province'),
        ),
        migrations.CreateModel(
            name='SectorSbi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(choices=[('2008', 'SBI 2008'), ('2025', 'SBI 2025')], max_length=4)),
                ('prefix', models.CharField(max_length=8)),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sbi_prefixes', to='accounts.sector')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'prefix'), name='sbi_prefix_has_one_sector')],
            },
        ),
    ]
