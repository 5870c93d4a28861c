"""Pages of the providers room: vetting here, the catalogue and feedback in `providers.catalogue_urls`."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "providers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("providers.vetting_urls")),
    path("", include("providers.catalogue_urls")),
]
