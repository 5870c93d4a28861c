import core.clock
import core.fields
import core.state
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('vouchers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='number')),
                ('rail', models.CharField(choices=[('sepa', 'SEPA batch'), ('stripe', 'Stripe transfer')], max_length=8, verbose_name='rail')),
                ('state', models.CharField(choices=[('prepared', 'waiting for release'), ('released', 'released'), ('closed', 'done'), ('cancelled', 'cancelled')], db_index=True, default='prepared', editable=False, max_length=12)),
                ('execution_date', models.DateField(verbose_name='pay on')),
                ('payer_name', models.CharField(max_length=140)),
                ('payer_iban', models.CharField(blank=True, max_length=34)),
                ('payer_bic', models.CharField(blank=True, max_length=11)),
                ('prepared_at', models.DateTimeField(default=core.clock.now)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('released_sha256', models.CharField(blank=True, max_length=64)),
                ('fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='bank file downloaded')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='vouchers.programme')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'batch',
                'verbose_name_plural': 'batches',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'released', 'closed', 'cancelled'])), name='batch_state_known'), models.CheckConstraint(condition=models.Q(('rail__in', ['sepa', 'stripe'])), name='batch_rail_known'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='batch_by_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('released_by__isnull', False), ('state__in', ['released', 'closed']), ('released_at__isnull', False), models.Q(('released_sha256', ''), _negated=True)), models.Q(('released_at__isnull', True), ('released_by__isnull', True), ('released_sha256', ''), ('state__in', ['prepared', 'cancelled'])), _connector='OR'), name='released_batch_has_person'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['closed', 'cancelled'])), models.Q(('ended_at__isnull', True), ('state__in', ['prepared', 'released'])), _connector='OR'), name='ended_batch_has_moment')],
            },
            bases=(core.state.GuardedState, models.Model),
        ),
        migrations.CreateModel(
            name='BatchFile',
            fields=[
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file_row', serialize=False, to='payouts.batch')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('n', models.PositiveIntegerField()),
                ('total', core.fields.MoneyField()),
                ('sealed_at', models.DateTimeField(default=core.clock.now)),
            ],
            options={
                'verbose_name': 'bank file',
                'verbose_name_plural': 'bank files',
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='number')),
                ('seq', models.PositiveSmallIntegerField(default=1, verbose_name='time')),
                ('rail', models.CharField(choices=[('sepa', 'SEPA batch'), ('stripe', 'Stripe transfer')], max_length=8, verbose_name='rail')),
                ('state', models.CharField(choices=[('prepared', 'prepared'), ('approved', 'approved'), ('ready', 'ready to be sent'), ('sending', 'sent, waiting for word'), ('unknown', 'no word: look it up'), ('manual', 'people must look'), ('paid', 'paid'), ('rejected', 'refused by the bank'), ('returned', 'came back'), ('cancelled', 'cancelled')], db_index=True, default='prepared', editable=False, max_length=12)),
                ('amount', core.fields.MoneyField(verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('holder', models.CharField(max_length=160, verbose_name='account holder')),
                ('destination', models.CharField(max_length=64, verbose_name='account')),
                ('remittance', models.CharField(max_length=140, verbose_name='text')),
                ('content_sha256', models.CharField(max_length=64)),
                ('agreed_sha256', models.CharField(blank=True, max_length=64)),
                ('idempotency_key', models.CharField(max_length=64, unique=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_owner', models.CharField(blank=True, max_length=80)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('next_try_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('first_sent_at', models.DateTimeField(blank=True, null=True)),
                ('provider_id', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('prepared_at', models.DateTimeField(default=core.clock.now)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='paid on')),
                ('returned_on', models.DateField(blank=True, null=True, verbose_name='came back on')),
                ('because', models.CharField(blank=True, max_length=80, verbose_name='why')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='vouchers.claim')),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='accounts.organisation')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='vouchers.programme')),
            ],
            options={
                'verbose_name': 'payout',
                'verbose_name_plural': 'payouts',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'rail'], name='payout_state_rail'), models.Index(fields=['prepared_at', 'id'], name='payout_by_moment')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('prepared', 'approved', 'ready', 'sending', 'unknown', 'manual'))), fields=('claim',), name='one_live_payout_per_claim'), models.UniqueConstraint(fields=('claim', 'seq'), name='payout_seq_used_once'), models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'approved', 'ready', 'sending', 'unknown', 'manual', 'paid', 'rejected', 'returned', 'cancelled'])), name='payout_state_known'), models.CheckConstraint(condition=models.Q(('rail__in', ['sepa', 'stripe'])), name='payout_rail_known'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_amount_positive'), models.CheckConstraint(condition=models.Q(('currency', 'EUR')), name='payout_in_euro'), models.CheckConstraint(condition=models.Q(models.Q(('agreed_sha256', models.F('content_sha256')), ('released_at__isnull', False), ('state__in', ('approved', 'ready', 'sending', 'unknown', 'manual', 'paid', 'rejected', 'returned'))), models.Q(('agreed_sha256', models.F('content_sha256')), ('state', 'approved')), models.Q(('agreed_sha256', ''), ('state__in', ['prepared', 'cancelled'])), _connector='OR'), name='agreed_payout_is_what_was_agreed'), models.CheckConstraint(condition=models.Q(models.Q(('first_sent_at__isnull', False), ('state__in', ('sending', 'unknown', 'manual', 'paid', 'rejected', 'returned'))), models.Q(('state__in', ('sending', 'unknown', 'manual', 'paid', 'rejected', 'returned')), _negated=True), _connector='OR'), name='sent_payout_has_moment'), models.CheckConstraint(condition=models.Q(models.Q(('paid_on__isnull', False), ('state__in', ['paid', 'returned'])), models.Q(models.Q(('state__in', ['paid', 'returned']), _negated=True), ('paid_on__isnull', True)), _connector='OR'), name='paid_payout_has_day'), models.CheckConstraint(condition=models.Q(models.Q(('returned_on__isnull', False), ('state', 'returned')), models.Q(models.Q(('state', 'returned'), _negated=True), ('returned_on__isnull', True)), _connector='OR'), name='returned_payout_has_day'), models.CheckConstraint(condition=models.Q(models.Q(('provider_id__isnull', False), ('rail', 'stripe'), ('state', 'paid')), models.Q(('rail', 'stripe'), ('state', 'paid'), _negated=True), _connector='OR'), name='paid_by_stripe_has_transfer')],
            },
            bases=(core.state.GuardedState, models.Model),
        ),
        migrations.CreateModel(
            name='InboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=8)),
                ('event_id', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=255)),
                ('livemode', models.BooleanField()),
                ('body', models.TextField()),
                ('received_at', models.DateTimeField(default=core.clock.now)),
                ('state', models.CharField(choices=[('received', 'received'), ('processed', 'handled'), ('ignored', 'not for us'), ('quarantined', 'set apart: people must look'), ('cleared', 'looked at')], db_index=True, default='received', editable=False, max_length=12)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.CharField(blank=True, max_length=120)),
                ('payout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='payouts.payout')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('provider', 'event_id'), name='message_kept_once'), models.CheckConstraint(condition=models.Q(('state__in', ['received', 'processed', 'ignored', 'quarantined', 'cleared'])), name='message_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('state', 'received')), models.Q(models.Q(('state', 'received'), _negated=True), ('handled_at__isnull', False)), _connector='OR'), name='handled_message_has_moment')],
            },
            bases=(core.state.GuardedState, models.Model),
        ),
        migrations.CreateModel(
            name='BatchLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('end_to_end_id', models.CharField(max_length=35, unique=True)),
                ('live', models.BooleanField(default=True)),
                ('dropped_because', models.JSONField(blank=True, default=list)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payouts.batch')),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payouts.payout')),
            ],
            options={
                'verbose_name': 'line of a batch',
                'verbose_name_plural': 'lines of batches',
                'ordering': ['batch', 'position'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('payout',), name='one_live_line_per_payout'), models.UniqueConstraint(fields=('batch', 'position'), name='batch_position_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='PayoutAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('send', 'sent'), ('look_up', 'looked up')], max_length=8)),
                ('fence', models.PositiveIntegerField()),
                ('worker', models.CharField(blank=True, max_length=80)),
                ('request_sha256', models.CharField(max_length=64)),
                ('started_at', models.DateTimeField(default=core.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('paid', 'paid'), ('pending', 'handed over'), ('absent', 'not known there'), ('rejected', 'refused by the bank'), ('unknown', 'no answer'), ('conflict', 'something else under this name')], max_length=8)),
                ('code', models.CharField(blank=True, max_length=120)),
                ('http_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('provider_id', models.CharField(blank=True, max_length=80)),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='payouts.payout')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['payout', 'n'],
                'constraints': [models.UniqueConstraint(fields=('payout', 'n'), name='attempt_number_used_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='ended_attempt_has_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('settle', 'It was paid'), ('absent', 'It was never sent: send it again'), ('decline', 'It was refused: no money left'), ('returned', 'The money came back')], max_length=8, verbose_name='what happened')),
                ('evidence', models.TextField(max_length=1000, verbose_name='where you saw it')),
                ('provider_id', models.CharField(blank=True, max_length=80, verbose_name='number of the transfer')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='day in the statement')),
                ('because', models.CharField(blank=True, max_length=80, verbose_name='what the bank says')),
                ('proposed_at', models.DateTimeField(default=core.clock.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='payouts.payout')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'resolution',
                'verbose_name_plural': 'resolutions',
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('payout',), name='one_open_resolution_per_payout'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='resolution_by_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('withdrawn_at__isnull', True)), _connector='OR'), name='confirmed_resolution_has_person'), models.CheckConstraint(condition=models.Q(models.Q(('happened_on__isnull', False), ('verdict', 'returned'), models.Q(('because', ''), _negated=True)), models.Q(('verdict', 'returned'), _negated=True), _connector='OR'), name='reported_return_has_day_and_reason')],
            },
        ),
    ]
