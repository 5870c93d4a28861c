"""Every door of the site. Dutch has no prefix, English lives under /en/; the API and health checks have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from marketplace import healthchecks
from marketplace.views import about

handler400 = "marketplace.views.errors.bad_request"
handler500 = "marketplace.views.errors.server_error"

urlpatterns = [
    path("healthz", healthchecks.healthz),
    path("readyz", healthchecks.readyz),
    path(".well-known/security.txt", about.security_txt),
    path("robots.txt", about.robots_txt),
    path("favicon.ico", about.favicon),
    path("api/v1/", include("api.urls")),
    path("hooks/", include("payouts.hooks")),
    *i18n_patterns(
        path("account/", include("allauth.urls")),
        path("", include("accounts.urls")),
        path("", include("providers.urls")),
        path("", include("roadmap.urls")),
        path("", include("vouchers.urls")),
        path("", include("payouts.urls")),
        path("", include("marketplace.pages")),
        prefix_default_language=False,
    ),
]
