"""Addresses of the API: the server's own door here, each room's where its views are."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from beneficiaries.api.urls import urlpatterns as of_people
from config.openapi import tokens  # noqa: F401  # the API's document knows our tokens by it
from payments.api.batch_progress import BatchProgressView
from payments.api.urls import urlpatterns as of_money
from reconciliation.api.urls import urlpatterns as of_books
from staff.api.assignments import AssignmentsView
from staff.api.health import HealthView
from staff.api.own_door import PasswordView, SignInsView, SignOutEverywhereView
from staff.api.page_readings import PageReadingsView
from staff.api.papers import PaperReadingsView
from staff.api.token import RevokeView, TokenView

urlpatterns: list[URLPattern | URLResolver] = [
    # Addresses are tried in turn, and this one is asked every few seconds by whoever watches a list.
    path("batches/<int:batch_id>/progress/", BatchProgressView.as_view(), name="api-batch-progress"),
    path("health/", HealthView.as_view(), name="api-health"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("token/", TokenView.as_view(), name="api-token"),
    path("token/revoke/", RevokeView.as_view(), name="api-token-revoke"),
    path("password/", PasswordView.as_view(), name="api-password"),
    path("sign-ins/", SignInsView.as_view(), name="api-sign-ins"),
    path("sign-ins/end/", SignOutEverywhereView.as_view(), name="api-sign-ins-end"),
    path("page-readings/", PageReadingsView.as_view(), name="api-page-readings"),
    path("paper-readings/", PaperReadingsView.as_view(), name="api-paper-readings"),
    path("assignments/", AssignmentsView.as_view(), name="api-assignments"),
    *of_people,
    *of_money,
    *of_books,
]
