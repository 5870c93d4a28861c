"""Pages of the catalogue, of a provider's own solutions, and of feedback."""

from django.urls import path

from providers.views import catalogue, feedback, solutions, solutions_authority, solutions_references

urlpatterns = [
    path("oplossingen/", catalogue.catalogue, name="catalogue"),
    path("oplossingen/lijst.csv", catalogue.catalogue_csv, name="catalogue_csv"),
    path("oplossingen/vergelijk/", catalogue.compare, name="compare"),
    path("oplossingen/voorkeurslijst/", catalogue.preferred_explained, name="preferred_explained"),
    path("oplossingen/<slug:slug>/", catalogue.solution, name="solution"),
    path("voor-aanbieders/", catalogue.for_providers, name="for_providers"),
    path("aanbieders/<slug:slug>/", catalogue.provider, name="provider_public"),
    path("ervaring/bedankt/", feedback.thanks, name="feedback_thanks"),
    path("ervaring/<str:token>/", feedback.feedback, name="feedback"),
    path("mijn/oplossingen/", solutions.my_solutions, name="my_solutions"),
    path("mijn/oplossingen/nieuw/", solutions.new, name="my_solution_new"),
    path("mijn/oplossingen/<int:pk>/", solutions.my_solution, name="my_solution"),
    path("mijn/oplossingen/<int:pk>/wijzigen/", solutions.edit, name="my_solution_edit"),
    path("mijn/oplossingen/<int:pk>/pakket/", solutions.new_package, name="my_package_new"),
    path("mijn/oplossingen/<int:pk>/pakket/<int:package>/", solutions.edit_package, name="my_package"),
    path("mijn/oplossingen/<int:pk>/pakket/<int:package>/weg/", solutions.drop_package, name="my_package_drop"),
    path("mijn/oplossingen/<int:pk>/pakket/<int:package>/prijs/", solutions.new_price, name="my_price"),
    path("mijn/oplossingen/<int:pk>/klanten/", solutions_references.references, name="my_references"),
    path(
        "mijn/oplossingen/<int:pk>/klanten/<int:invitation>/", solutions_references.resend, name="my_reference_resend"
    ),
    path(
        "mijn/oplossingen/<int:pk>/klanten/<int:invitation>/intrekken/",
        solutions_references.withdraw,
        name="my_reference_withdraw",
    ),
    path("mijn/oplossingen/<int:pk>/zienswijze/", solutions.react, name="my_solution_react"),
    path("mijn/oplossingen/<int:pk>/toetsing/", solutions.start_vetting, name="my_solution_vetting"),
    path("mijn/oplossingen/<int:pk>/reactie/", solutions.reply, name="my_solution_reply"),
    path("mijn/oplossingen/<int:pk>/stoppen/", solutions.retire, name="my_solution_retire"),
    path("toetsing/oplossingen/", solutions_authority.solution_list, name="vetting_solutions"),
    path("toetsing/oplossingen/lijst.csv", solutions_authority.solution_list_csv, name="vetting_solutions_csv"),
    path("toetsing/oplossing/<int:pk>/", solutions_authority.solution, name="vetting_solution"),
    path("toetsing/oplossing/<int:pk>/<slug:act>/", solutions_authority.act, name="vetting_solution_act"),
]
