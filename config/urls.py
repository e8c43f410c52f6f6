"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from payments.views.webhook import bank_event

urlpatterns: list[URLPattern | URLResolver] = [
    path("", TemplateView.as_view(template_name="config/start.html"), name="start"),
    path("api/", include("config.api_urls")),
    path("bank/events/", bank_event, name="bank-event"),
]

handler404 = "staff.api.refusals.not_found"
handler500 = "staff.api.refusals.server_error"
