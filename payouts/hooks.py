"""Webhook doors: no language, no session; the signature is the credential."""

from django.urls import URLPattern, URLResolver, path

from payouts.webhooks import stripe_webhook

app_name = "hooks"

urlpatterns: list[URLPattern | URLResolver] = [path("stripe/", stripe_webhook, name="stripe")]
