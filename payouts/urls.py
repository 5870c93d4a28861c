from django.urls import URLPattern, URLResolver, path

from payouts.views import batch, lists, payout

app_name = "payouts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("uitbetalingen/", lists.overview, name="overview"),
    path("uitbetalingen/klaar/", lists.payable, name="payable"),
    path("uitbetalingen/batches/", lists.batches, name="batches"),
    path("uitbetalingen/batches/<uuid:number>/", batch.batch, name="batch"),
    path("uitbetalingen/batches/<uuid:number>/vrijgeven/", batch.release, name="release"),
    path("uitbetalingen/batches/<uuid:number>/intrekken/", batch.cancel, name="cancel_batch"),
    path("uitbetalingen/batches/<uuid:number>/geboekt/", batch.confirm, name="confirm_batch"),
    path("uitbetalingen/batches/<uuid:number>/bankbestand/", batch.bank_file, name="bank_file"),
    path("uitbetalingen/betalingen/", lists.payouts, name="payouts"),
    path("uitbetalingen/betalingen/<uuid:number>/", payout.payout, name="payout"),
    path("uitbetalingen/betalingen/<uuid:number>/geboekt/", payout.confirm, name="confirm"),
    path("uitbetalingen/betalingen/<uuid:number>/terug/", payout.returned, name="returned"),
    path("uitbetalingen/betalingen/<uuid:number>/melden/", payout.report, name="report"),
    path("uitbetalingen/betalingen/<uuid:number>/intrekken/", payout.cancel, name="cancel"),
    path("uitbetalingen/betalingen/<uuid:number>/uitzoeken/", payout.propose, name="propose"),
    path("uitbetalingen/betalingen/<uuid:number>/uitzoeken/<int:key>/", payout.resolve, name="resolve"),
    path("uitbetalingen/werklijst/", lists.work, name="work"),
    path("uitbetalingen/werklijst/bericht/<int:key>/", payout.clear_message, name="clear_message"),
]
