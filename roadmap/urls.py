"""The pages of the scan. The result and the roadmap also show vouchers and so stand in marketplace/pages.py."""

from django.urls import URLPattern, URLResolver, path

from roadmap import views

app_name = "roadmap"

urlpatterns: list[URLPattern | URLResolver] = [
    path("scan/", views.scan_start, name="scan_start"),
    path("scan/verwijderd/", views.scan_deleted, name="scan_deleted"),
    path("scan/<slug:token>/uw-bedrijf/", views.scan_about, name="scan_about"),
    path("scan/<slug:token>/vraag/<int:number>/", views.scan_question, name="scan_question"),
    path("scan/<slug:token>/heeft-u-al/", views.scan_have, name="scan_have"),
    path("scan/<slug:token>/stappen/", views.scan_progress, name="scan_progress"),
    path("scan/<slug:token>/verwijderen/", views.scan_delete, name="scan_delete"),
    path("scan/<slug:token>/bewaren/", views.scan_claim, name="scan_claim"),
]
