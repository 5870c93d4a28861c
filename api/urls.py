"""The addresses of the API, version 1."""

from django.urls import path

from api.views import reference, tokens

app_name = "api"

urlpatterns = [
    path("auth/token/", tokens.TokenView.as_view(), name="token"),
    path("sectors/", reference.SectorList.as_view(), name="sectors"),
    path("categories/", reference.CategoryList.as_view(), name="categories"),
    path("municipalities/", reference.MunicipalityList.as_view(), name="municipalities"),
]
