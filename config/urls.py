"""All addresses."""

from django.urls import URLPattern, URLResolver, path

from payments.views.webhook import bank_event

urlpatterns: list[URLPattern | URLResolver] = [
    path("bank/events/", bank_event, name="bank-event"),
]
