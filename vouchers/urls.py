"""Pages of this room: applying, assessing and deciding here, vouchers and claims in `vouchers.voucher_urls`."""

from django.urls import include, path

from vouchers.views import apply, assess, decide, group, letters, objections, programme

app_name = "vouchers"

urlpatterns = [
    path("aanvragen/", apply.applications, name="applications"),
    path("aanvragen/nieuw/", apply.start, name="start"),
    path("aanvragen/bedrijf/", apply.register, name="register"),
    path("aanvragen/<int:pk>/", apply.application, name="application"),
    path("aanvragen/<int:pk>/bedrijf/", apply.business, name="business"),
    path("aanvragen/<int:pk>/offerte/<int:line>/", apply.quote, name="quote"),
    path("aanvragen/<int:pk>/offerte/<int:line>/bestand/", letters.quote_file, name="quote_file"),
    path("aanvragen/<int:pk>/btw/", apply.vat, name="vat"),
    path("aanvragen/<int:pk>/groep/", group.group, name="group"),
    path("aanvragen/<int:pk>/staatssteun/", apply.aid, name="aid"),
    path("aanvragen/<int:pk>/waarom/", apply.motivation, name="motivation"),
    path("aanvragen/<int:pk>/verklaringen/", apply.statements, name="statements"),
    path("aanvragen/<int:pk>/versturen/", apply.send, name="send"),
    path("aanvragen/<int:pk>/intrekken/", apply.withdraw, name="withdraw"),
    path("aanvragen/<int:pk>/voornemen/<int:intent>/", apply.answer_intent, name="answer_intent"),
    path("aanvragen/<int:pk>/besluit/<int:decision>/", letters.letter, name="letter"),
    path("aanvragen/<int:pk>/besluit/<int:decision>/bezwaar/", letters.objects, name="object"),
    path("beoordelen/aanvragen/", assess.queue, name="assess_queue"),
    path("beoordelen/aanvragen/<int:pk>/", assess.case, name="assess_case"),
    path("beslissen/aanvragen/", decide.queue, name="decide_queue"),
    path("beslissen/aanvragen/<int:pk>/", decide.case, name="decide_case"),
    path("beslissen/bezwaren/", objections.objections, name="objections"),
    path("beslissen/bezwaren/<int:pk>/", objections.objection, name="objection"),
    path("beheer/regelingen/", programme.programmes, name="programmes"),
    path("beheer/regelingen/<slug:code>/", programme.programme, name="programme"),
    path("", include("vouchers.voucher_urls")),
]
