"""Addresses of logging in and out."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from staff.pages.log_in import LogIn

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", LogIn.as_view(), name="log-in"),
    path("dang-xuat/", LogoutView.as_view(next_page="log-in"), name="log-out"),
]
