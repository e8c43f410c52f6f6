"""Addresses of accounts, slips, payees, openings and coverage."""

from django.urls import URLPattern, path

from beneficiaries.api import accounts, drive, lookup_slips, openings, slips, visits

urlpatterns: list[URLPattern] = [
    path("accounts/", accounts.AccountsView.as_view(), name="api-accounts"),
    path("accounts/<int:account_id>/", accounts.AccountView.as_view(), name="api-account"),
    path("accounts/<int:account_id>/close/", accounts.CloseAccountView.as_view(), name="api-account-close"),
    path("accounts/<int:account_id>/confirm-name/", accounts.ConfirmNameView.as_view(), name="api-account-name"),
    path("account-changes/", accounts.ChangesView.as_view(), name="api-account-changes"),
    path("account-changes/<int:change_id>/approve/", accounts.ApproveChangeView.as_view(), name="api-change-approve"),
    path("account-changes/<int:change_id>/refuse/", accounts.RefuseChangeView.as_view(), name="api-change-refuse"),
    path("account-flags/", openings.FlagsView.as_view(), name="api-account-flags"),
    path("beneficiaries/<int:beneficiary_id>/slip-form/", slips.SlipFormView.as_view(), name="api-slip-form"),
    path("beneficiaries/<int:beneficiary_id>/slips/", slips.SlipsView.as_view(), name="api-slips"),
    path("slips/<int:slip_id>/scan/", slips.SlipScanView.as_view(), name="api-slip-scan"),
    path("beneficiaries/<int:beneficiary_id>/payees/", slips.PayeesView.as_view(), name="api-payees"),
    path("payees/<int:payee_id>/end/", slips.EndPayeeView.as_view(), name="api-payee-end"),
    path("payees/<int:payee_id>/paper/", slips.PayeePaperView.as_view(), name="api-payee-paper"),
    path("papers-running-out/", slips.PapersView.as_view(), name="api-papers"),
    path("account-openings/people/", drive.DrivePeopleView.as_view(), name="api-openings-people"),
    path("account-openings/hamlets/", drive.DriveHamletsView.as_view(), name="api-openings-hamlets"),
    path("account-openings/visits/", drive.VisitingSheetView.as_view(), name="api-openings-visits"),
    path("account-openings/visits/look/", visits.LookAtVisitsView.as_view(), name="api-visits-look"),
    path("account-openings/visits/take/", visits.TakeVisitsView.as_view(), name="api-visits-take"),
    path("account-openings/visits/reasons/", visits.VisitsWithReasonsView.as_view(), name="api-visits-reasons"),
    path("account-openings/need/", openings.NeededView.as_view(), name="api-openings-need"),
    path("account-openings/request/", openings.RequestAccountsView.as_view(), name="api-openings-request"),
    path("account-openings/file/", openings.OpeningFileView.as_view(), name="api-openings-file"),
    path("lookup-slips/", lookup_slips.LookupSlipsView.as_view(), name="api-lookup-slips"),
    path(
        "beneficiaries/<int:beneficiary_id>/lookup-slip/",
        lookup_slips.PersonLookupView.as_view(),
        name="api-lookup-slip",
    ),
    path(
        "beneficiaries/<int:beneficiary_id>/lookup-slip/off/",
        lookup_slips.LookupOffView.as_view(),
        name="api-lookup-slip-off",
    ),
    path("coverage/", openings.CoverageView.as_view(), name="api-coverage"),
    path("account-funnel/", openings.FunnelView.as_view(), name="api-account-funnel"),
]
