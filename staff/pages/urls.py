"""Addresses of logging in and out, and of one's own page."""

from django.urls import URLPattern, path

from staff.pages.inspections import PageReadingsPage
from staff.pages.log_in import LogIn, LogOut
from staff.pages.me import ChangePassword, GuidePage, MePage, SignOutEverywhere
from staff.pages.places import GoTo

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", LogIn.as_view(), name="log-in"),
    path("dang-xuat/", LogOut.as_view(next_page="log-in"), name="log-out"),
    path("toi/", MePage.as_view(), name="page-me"),
    path("huong-dan/", GuidePage.as_view(), name="page-guide"),
    path("toi/noi-lam-viec/", GoTo.as_view(), name="page-place"),
    path("nhat-ky-mo/", PageReadingsPage.as_view(), name="page-page-readings"),
    path("toi/mat-khau/", ChangePassword.as_view(), name="page-me-password"),
    path("toi/thoat-noi-khac/", SignOutEverywhere.as_view(), name="page-me-sign-out"),
]
