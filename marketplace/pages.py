"""Pages that show several rooms."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from marketplace import demo_mail, styleguide
from marketplace.views import about, estimate, home, my_trede, programmers, roadmap, trail

app_name = "marketplace"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("hulp/<slug:slug>/", home.problem, name="problem"),
    path("gehackt/", home.first_aid, name="first_aid"),
    path("scan/<slug:token>/", roadmap.scan_result, name="scan_result"),
    path("routekaart/", roadmap.roadmap, name="roadmap"),
    path("voucher/", estimate.estimate, name="estimate"),
    path("api/", programmers.programmers, name="api"),
    path("mijn/", my_trede.my_trede, name="my_trede"),
    path("controlespoor/", trail.trail, name="trail"),
    path("controlespoor/lijst.csv", trail.trail_csv, name="trail_csv"),
    path("mijn/scans/", roadmap.my_scans, name="my_scans"),
    path("mijn/scans/<int:pk>/", roadmap.my_scan, name="my_scan"),
    path("mijn/scans/<int:pk>/stappen/", roadmap.my_scan_progress, name="my_scan_progress"),
    path("mijn/scans/<int:pk>/verwijderen/", roadmap.my_scan_delete, name="my_scan_delete"),
    path("privacy/", about.about, {"page": "privacy"}, name="privacy"),
    path("cookies/", about.about, {"page": "cookies"}, name="cookies"),
    path("toegankelijkheid/", about.about, {"page": "accessibility"}, name="accessibility"),
    path("contact/", about.about, {"page": "contact"}, name="contact"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]

if not settings.PRODUCTION:
    urlpatterns += [
        path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
        path("demo/mail/<str:name>/<int:number>/", demo_mail.mail, name="demo_mail_read"),
    ]
