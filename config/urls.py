"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from payments.views.webhook import bank_event

urlpatterns: list[URLPattern | URLResolver] = [
    # Addresses are tried in turn: those asked a thousand times a second come first.
    path("bank/events/", bank_event, name="bank-event"),
    path("api/", include("config.api_urls")),
    path("", include("staff.pages.urls")),
    path("", include("payments.pages.urls")),
    path("", include("beneficiaries.pages.urls")),
    path("", include("reconciliation.pages.urls")),
]

handler404 = "staff.api.refusals.not_found"
handler500 = "staff.api.refusals.server_error"
