"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from payments.views.webhook import bank_event

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("config.api_urls")),
    path("bank/events/", bank_event, name="bank-event"),
]
