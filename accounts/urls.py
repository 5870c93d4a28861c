from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("mijn/gegevens/", views.profile, name="profile"),
    path("mijn/gegevens/rekening/<int:organisation>/", views.bank_account, name="bank_account"),
    path("mijn/belangen/", views.interests, name="interests"),
    path("mijn/belangen/<int:pk>/voorbij/", views.end_interest, name="end_interest"),
    path("organisaties/<int:organisation>/faillissement/", views.insolvency, name="insolvency"),
    path("mijn/gegevens/sleutels/", views.make_key, name="make_key"),
    path("mijn/gegevens/sleutels/<str:token_key>/weg/", views.withdraw_key, name="withdraw_key"),
]
