"""Pages that show several rooms."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from marketplace import demo_mail, styleguide

app_name = "marketplace"

urlpatterns: list[URLPattern | URLResolver] = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]

if not settings.PRODUCTION:
    urlpatterns += [
        path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
        path("demo/mail/<str:name>/<int:number>/", demo_mail.mail, name="demo_mail_read"),
    ]
