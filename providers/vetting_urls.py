"""Pages of vetting: the provider's dossiers and the authority's queue."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
