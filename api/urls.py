"""The addresses of the API, version 1."""

from django.urls import path, re_path

from api.views import index, me, nothing, programmes, reference, roadmap, schema, solutions, tokens

app_name = "api"

urlpatterns = [
    path("", index.IndexView.as_view(), name="index"),
    path("schema/", schema.SchemaView.as_view(), name="schema"),
    path("auth/token/", tokens.TokenView.as_view(), name="token"),
    path("me/", me.MeView.as_view(), name="me"),
    path("sectors/", reference.SectorList.as_view(), name="sectors"),
    path("categories/", reference.CategoryList.as_view(), name="categories"),
    path("provinces/", reference.ProvinceList.as_view(), name="provinces"),
    path("municipalities/", reference.MunicipalityList.as_view(), name="municipalities"),
    path("programmes/", programmes.ProgrammeList.as_view(), name="programmes"),
    path("programmes/<slug:code>/", programmes.ProgrammeDetail.as_view(), name="programme"),
    path("programmes/<slug:code>/estimate/", programmes.EstimateView.as_view(), name="estimate"),
    path("solutions/", solutions.SolutionList.as_view(), name="solutions"),
    path("solutions/<slug:slug>/", solutions.SolutionDetail.as_view(), name="solution"),
    path("questions/", reference.QuestionList.as_view(), name="questions"),
    path("scans/", roadmap.ScanList.as_view(), name="scans"),
    path("scans/<str:token>/", roadmap.ScanDetail.as_view(), name="scan"),
    path("roadmap/", roadmap.RoadmapView.as_view(), name="roadmap"),
    re_path(r"^.*$", nothing.NothingHere.as_view()),
]
