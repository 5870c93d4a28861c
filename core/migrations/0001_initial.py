import core.models
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('body', models.TextField()),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=80)),
                ('seq', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(db_index=True, max_length=80)),
                ('action', models.CharField(db_index=True, max_length=60)),
                ('subject', models.CharField(db_index=True, max_length=80)),
                ('body', models.TextField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='audit_place_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('stream', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Hand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=80)),
                ('role', models.CharField(choices=[('assessor', 'assessor'), ('decider', 'decider'), ('preparer', 'preparer of the payment'), ('releaser', 'releaser of the payment')], max_length=12)),
            ],
            options={
                'verbose_name': 'hand on a file',
                'verbose_name_plural': 'hands on files',
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['assessor', 'decider', 'preparer', 'releaser'])), name='hand_role_known')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=255)),
                ('request_hash', models.CharField(max_length=64)),
                ('answer', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'key'), name='idempotency_key_used_once')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.FileField(upload_to=core.models._private_path)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('case', models.CharField(db_index=True, max_length=80)),
                ('uploaded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditPayload',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payload', serialize=False, to='core.auditentry')),
                ('salt', models.CharField(max_length=32)),
                ('body', models.TextField()),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('body', ''), ('salt', '')), _connector='OR'), name='erased_payload_is_empty')],
            },
        ),
        migrations.AddField(
            model_name='hand',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hands', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='hand',
            constraint=models.UniqueConstraint(fields=('file', 'person'), name='one_role_per_person_and_file'),
        ),
    ]
