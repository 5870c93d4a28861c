"""The addresses of the API, version 1."""

from django.urls import path

from api.views import me, reference, roadmap, tokens

app_name = "api"

urlpatterns = [
    path("auth/token/", tokens.TokenView.as_view(), name="token"),
    path("me/", me.MeView.as_view(), name="me"),
    path("sectors/", reference.SectorList.as_view(), name="sectors"),
    path("categories/", reference.CategoryList.as_view(), name="categories"),
    path("municipalities/", reference.MunicipalityList.as_view(), name="municipalities"),
    path("scans/", roadmap.ScanList.as_view(), name="scans"),
    path("scans/<str:token>/", roadmap.ScanDetail.as_view(), name="scan"),
    path("roadmap/", roadmap.RoadmapView.as_view(), name="roadmap"),
]
