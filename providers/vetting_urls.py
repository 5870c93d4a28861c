"""Pages of vetting: the provider's dossiers under /mijn/aanbieder/, the authority's queue under /toetsing/."""

from django.urls import path

from providers.views import vetting, vetting_authority, vetting_files, vetting_lists, vetting_measures

urlpatterns = [
    path("mijn/aanbieder/", vetting.provider_home, name="provider_home"),
    path("mijn/aanbieder/aanmelden/", vetting.register, name="provider_register"),
    path("mijn/aanbieder/dossier/<int:pk>/", vetting.dossier, name="dossier"),
    path("mijn/aanbieder/dossier/<int:pk>/indienen/", vetting.submit, name="dossier_submit"),
    path("mijn/aanbieder/dossier/<int:pk>/intrekken/", vetting.withdraw, name="dossier_withdraw"),
    path("mijn/aanbieder/dossier/<int:pk>/zienswijze/", vetting.react_to_rejection, name="dossier_react"),
    path("mijn/aanbieder/dossier/<int:pk>/onderdeel/<slug:code>/", vetting.item, name="dossier_item"),
    path("mijn/aanbieder/dossier/<int:pk>/bewijs/<int:evidence>/weg/", vetting.drop_file, name="dossier_drop_file"),
    path("mijn/aanbieder/<slug:slug>/", vetting.provider_page, name="provider_page"),
    path("mijn/aanbieder/<slug:slug>/gegevens/", vetting.profile, name="provider_profile"),
    path("mijn/aanbieder/<slug:slug>/dossier/", vetting.start, name="dossier_start"),
    path("mijn/aanbieder/<slug:slug>/zienswijze/", vetting.react_to_measure, name="provider_react"),
    path("mijn/aanbieder/<slug:slug>/stoppen/", vetting.leave, name="provider_leave"),
    path("mijn/aanbieder/<slug:slug>/opnieuw/", vetting.reapply, name="provider_reapply"),
    path("toetsing/", vetting_lists.queue, name="vetting_queue"),
    path("toetsing/lijst.csv", vetting_lists.queue_csv, name="vetting_queue_csv"),
    path("toetsing/bewijs/<int:pk>/", vetting_files.evidence, name="evidence"),
    path("toetsing/besluit/<int:pk>/", vetting_files.decision, name="vetting_decision"),
    path("toetsing/dossier/<int:pk>/", vetting_authority.review, name="review"),
    path("toetsing/dossier/<int:pk>/onderdeel/<slug:code>/", vetting_authority.review_item, name="review_item"),
    path("toetsing/dossier/<int:pk>/<slug:act>/", vetting_authority.review_act, name="review_act"),
    path("toetsing/aanbieders/", vetting_lists.provider_list, name="vetting_providers"),
    path("toetsing/aanbieders/lijst.csv", vetting_lists.provider_list_csv, name="vetting_providers_csv"),
    path("toetsing/aanbieder/<slug:slug>/", vetting_measures.provider, name="vetting_provider"),
    path("toetsing/aanbieder/<slug:slug>/<slug:act>/", vetting_measures.provider_act, name="vetting_provider_act"),
]
