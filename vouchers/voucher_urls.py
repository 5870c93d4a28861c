"""Pages of vouchers and claims. The words in the addresses are Dutch in both languages, like those of the other rooms."""

from django.urls import path

from vouchers.views import claim, determination, measures, voucher

urlpatterns = [
    # the business
    path("vouchers/", voucher.vouchers, name="vouchers"),
    path("vouchers/<slug:number>/", voucher.detail, name="voucher"),
    path("vouchers/<slug:number>/bestelling/", voucher.order, name="voucher_order"),
    path("vouchers/<slug:number>/levering/", voucher.delivery, name="voucher_delivery"),
    path("vouchers/<slug:number>/verlengen/", voucher.extend, name="voucher_extend"),
    path("vouchers/<slug:number>/annuleren/", voucher.cancel, name="voucher_cancel"),
    path("vouchers/<slug:number>/reactie/<int:notice>/", voucher.respond, name="voucher_respond"),
    path("vouchers/<slug:number>/uitbetaling/", claim.start, name="claim_start"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/", claim.detail, name="claim"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/factuur/", claim.invoice, name="claim_invoice"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/rekening/", claim.payment, name="claim_payment"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/gebruikers/", claim.users, name="claim_users"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/bewijs/", claim.proof, name="claim_proof"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/versturen/", claim.send, name="claim_send"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/intrekken/", claim.withdraw, name="claim_withdraw"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/reactie/", claim.respond, name="claim_respond"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/besluit/", determination.letter, name="claim_letter"),
    path("vouchers/<slug:number>/uitbetaling/<int:seq>/bestand/<uuid:file>/", claim.file, name="claim_file"),
    # the provider
    path("aanbieder/vouchers/", voucher.provider_vouchers, name="provider_vouchers"),
    path("aanbieder/vouchers/<slug:number>/", voucher.provider_detail, name="provider_voucher"),
    path("aanbieder/vouchers/<slug:number>/bestelling/", voucher.provider_confirm_order, name="provider_confirm_order"),
    path(
        "aanbieder/vouchers/<slug:number>/levering/",
        voucher.provider_confirm_delivery,
        name="provider_confirm_delivery",
    ),
    # the authority
    path("beoordelen/vouchers/<slug:number>/", measures.voucher, name="voucher_review"),
    path("beoordelen/uitbetalingen/", determination.queue, name="claim_queue"),
    path("beoordelen/uitbetalingen/<int:pk>/", determination.review, name="claim_review"),
    path("beoordelen/uitbetalingen/<int:pk>/oppakken/", determination.take_up, name="claim_take_up"),
    path("beoordelen/uitbetalingen/<int:pk>/vraag/", determination.ask, name="claim_ask"),
    path("beoordelen/uitbetalingen/<int:pk>/advies/", determination.advise, name="claim_advise"),
    path("beoordelen/uitbetalingen/<int:pk>/besluiten/", determination.decide, name="claim_decide"),
    path("beoordelen/uitbetalingen/<int:pk>/terug/", determination.send_back, name="claim_return"),
    path("beoordelen/uitbetalingen/<int:pk>/voornemen/", determination.intend, name="claim_intend"),
    path("beoordelen/uitbetalingen/<int:pk>/aanhouden/", determination.withhold, name="claim_withhold"),
    path("beoordelen/uitbetalingen/<int:pk>/terugvordering/", measures.reclaim, name="claim_reclaim"),
    path("beoordelen/uitbetalingen/<int:pk>/vrijgeven/", determination.release, name="claim_release"),
]
