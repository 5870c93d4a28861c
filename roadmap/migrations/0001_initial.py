import core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('providers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BenchmarkReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('questionnaire', models.PositiveSmallIntegerField(unique=True)),
                ('source', models.CharField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('share_low', models.PositiveSmallIntegerField()),
                ('share_high', models.PositiveSmallIntegerField()),
                ('share_beginner', models.PositiveSmallIntegerField()),
                ('share_leader', models.PositiveSmallIntegerField()),
                ('caveat_nl', models.CharField(max_length=300)),
                ('caveat_en', models.CharField(max_length=300)),
            ],
            options={
                'verbose_name': 'outside benchmark',
                'verbose_name_plural': 'outside benchmarks',
            },
        ),
        migrations.CreateModel(
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('title_nl', models.CharField(max_length=80)),
                ('title_en', models.CharField(max_length=80)),
                ('intro_nl', models.CharField(max_length=300)),
                ('intro_en', models.CharField(max_length=300)),
                ('tips_nl', models.TextField()),
                ('tips_en', models.TextField()),
                ('watch_nl', models.TextField()),
                ('watch_en', models.TextField()),
                ('categories', models.CharField(help_text='Codes of solutions that help, best first.', max_length=200)),
            ],
            options={
                'verbose_name': 'problem',
                'verbose_name_plural': 'problems',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Level',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('questionnaire', models.PositiveSmallIntegerField()),
                ('level', models.PositiveSmallIntegerField()),
                ('sum_from', models.PositiveSmallIntegerField()),
                ('sum_to', models.PositiveSmallIntegerField()),
                ('name_nl', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('meaning_nl', models.CharField(max_length=300)),
                ('meaning_en', models.CharField(max_length=300)),
            ],
            options={
                'verbose_name': 'level',
                'verbose_name_plural': 'levels',
                'ordering': ['questionnaire', 'level'],
                'constraints': [models.UniqueConstraint(fields=('questionnaire', 'level'), name='level_defined_once'), models.CheckConstraint(condition=models.Q(('sum_from__lte', models.F('sum_to'))), name='level_covers_sums')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('questionnaire', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=4)),
                ('block', models.CharField(choices=[('A', 'What digital technology changed'), ('B', 'Which skills improved')], max_length=1)),
                ('position', models.PositiveSmallIntegerField()),
                ('stem_nl', models.CharField(max_length=400)),
                ('stem_en', models.CharField(max_length=400)),
                ('text_nl', models.CharField(max_length=400)),
                ('text_en', models.CharField(max_length=400)),
                ('lowest', models.PositiveSmallIntegerField()),
                ('highest', models.PositiveSmallIntegerField()),
                ('anchor_low_nl', models.CharField(max_length=400)),
                ('anchor_low_en', models.CharField(max_length=400)),
                ('anchor_middle_nl', models.CharField(max_length=400)),
                ('anchor_middle_en', models.CharField(max_length=400)),
                ('anchor_high_nl', models.CharField(max_length=400)),
                ('anchor_high_en', models.CharField(max_length=400)),
                ('help_nl', models.CharField(max_length=400)),
                ('help_en', models.CharField(max_length=400)),
                ('short_nl', models.CharField(max_length=400)),
                ('short_en', models.CharField(max_length=400)),
                ('advice_nl', models.CharField(max_length=400)),
                ('advice_en', models.CharField(max_length=400)),
                ('first_step_nl', models.CharField(max_length=400)),
                ('first_step_en', models.CharField(max_length=400)),
                ('categories', models.CharField(blank=True, help_text='Codes of solutions that help, best first.', max_length=200)),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['questionnaire', 'position'],
                'constraints': [models.UniqueConstraint(fields=('questionnaire', 'code'), name='question_asked_once'), models.CheckConstraint(condition=models.Q(('lowest__lt', models.F('highest'))), name='question_has_a_scale'), models.CheckConstraint(condition=models.Q(('block__in', ['A', 'B'])), name='question_block_known')],
            },
        ),
        migrations.CreateModel(
            name='RoadmapCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('why_nl', models.CharField(max_length=300)),
                ('why_en', models.CharField(max_length=300)),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='accounts.sector')),
            ],
            options={
                'verbose_name': 'cell of the roadmap',
                'verbose_name_plural': 'cells of the roadmap',
                'ordering': ['sector', 'level'],
                'constraints': [models.UniqueConstraint(fields=('sector', 'level'), name='one_cell_per_sector_and_level'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='cell_level_on_the_ladder')],
            },
        ),
        migrations.CreateModel(
            name='RoadmapCellItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cell_items', to='providers.category')),
                ('cell', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='roadmap.roadmapcell')),
            ],
            options={
                'verbose_name': 'step of a cell',
                'verbose_name_plural': 'steps of cells',
                'ordering': ['cell', 'priority'],
                'constraints': [models.UniqueConstraint(fields=('cell', 'category'), name='category_once_per_cell')],
            },
        ),
        migrations.CreateModel(
            name='RoadmapLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('only_sbi', models.CharField(help_text='SBI prefixes separated by ; such as 41;42.', max_length=80)),
                ('why_nl', models.CharField(max_length=200)),
                ('why_en', models.CharField(max_length=200)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='providers.category')),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='accounts.sector')),
            ],
            options={
                'verbose_name': 'limit of the roadmap',
                'verbose_name_plural': 'limits of the roadmap',
                'constraints': [models.UniqueConstraint(fields=('sector', 'category'), name='one_limit_per_sector_and_category')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('questionnaire', models.PositiveSmallIntegerField()),
                ('headcount', models.PositiveIntegerField(blank=True, null=True)),
                ('size_class', models.CharField(blank=True, choices=[('1', '1 person'), ('2-9', '2 to 9 people'), ('10-49', '10 to 49 people'), ('50-249', '50 to 249 people'), ('250+', '250 people or more')], max_length=8)),
                ('sbi', models.CharField(blank=True, max_length=8)),
                ('answers', models.JSONField(default=dict)),
                ('have', models.JSONField(default=list)),
                ('have_asked', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField(default=core.clock.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('total', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('level', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('retain_until', models.DateField(blank=True, db_index=True, null=True)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='accounts.municipality')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='accounts.organisation')),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='accounts.sector')),
            ],
            options={
                'verbose_name': 'scan',
                'verbose_name_plural': 'scans',
                'ordering': ['-started_at'],
                'indexes': [models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['questionnaire', 'sector', 'size_class', 'total'], name='scan_benchmark')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('level__isnull', True), ('total__isnull', True)), models.Q(('finished_at__isnull', False), ('level__gte', 1), ('level__lte', 4), ('total__isnull', False)), _connector='OR'), name='finished_scan_has_its_result'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at__isnull', True), ('claimed_by__isnull', True), ('organisation__isnull', True)), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False), ('organisation__isnull', False)), _connector='OR'), name='claimed_scan_has_its_organisation'), models.CheckConstraint(condition=models.Q(('retain_until__isnull', False), ('organisation__isnull', False), _connector='OR'), name='anonymous_scan_has_an_end'), models.CheckConstraint(condition=models.Q(('size_class', ''), ('size_class__in', ['1', '2-9', '10-49', '50-249', '250+']), _connector='OR'), name='scan_size_known')],
            },
        ),
        migrations.CreateModel(
            name='StepProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('progress', models.CharField(choices=[('planned', 'Planned'), ('busy', 'Working on it'), ('done', 'Done'), ('not_for_us', 'Not for us')], max_length=10)),
                ('changed_at', models.DateTimeField(default=core.clock.now)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.category')),
                ('scan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='roadmap.scan')),
            ],
            options={
                'verbose_name': 'progress on a step',
                'verbose_name_plural': 'progress on steps',
                'constraints': [models.UniqueConstraint(fields=('scan', 'category'), name='one_progress_per_step'), models.CheckConstraint(condition=models.Q(('progress__in', ['planned', 'busy', 'done', 'not_for_us'])), name='progress_known')],
            },
        ),
    ]
