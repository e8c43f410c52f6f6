"""Rules every installation starts with: which grounds stand beside each other, and the ages that change them. Dated data, not code.

Sources: Decree 20/2021/NĐ-CP art. 5 (the highest ground is paid; a single poor parent keeps the own ground), art. 20 (care stands beside);
Decree 176/2025/NĐ-CP (the higher of social pension and monthly allowance).
"""

from datetime import date

from django.db import transaction

from beneficiaries.models import AgeChange, BenefitCategory, Exclusion, Programme, StandardAmount

# programme, category ("" for all), other programme, other category, together, from, source
EXCLUSIONS = [
    ("TCXH", "DT-CON", "TCXH", "", True, date(2021, 7, 1), "Nghị định 20/2021/NĐ-CP, điều 5"),
    ("TCXH", "", "CSND", "", True, date(2021, 7, 1), "Nghị định 20/2021/NĐ-CP, điều 20"),
    ("HTXH", "", "TCXH", "", False, date(2025, 7, 1), "Nghị định 176/2025/NĐ-CP"),
]
# category, age, next category ("" when the right ends)
AGES = [
    ("TE-3", 3, ""),
    ("TE-KNND-4", 4, "TE-KNND-16"),
    ("TE-HIV-4", 4, "TE-HIV-16"),
    ("TE-KNND-16", 16, "SV-16-22"),
    ("TE-HIV-16", 16, "HIV-NGHEO"),
    ("KTDBN-TE", 16, "KTDBN-NL"),
    ("KTN-TE", 16, "KTN-NL"),
    ("SV-16-22", 22, ""),
    ("KTDBN-NL", 60, "KTDBN-TE"),
    ("KTN-NL", 60, "KTN-TE"),
    ("CT-60", 80, "CT-80"),
    ("DT-75", 80, "CT-80-KLH"),
    ("HT-70", 75, "HT-75"),
]

FUNERAL = "MTP"


@transaction.atomic
def load_rules() -> None:
    """Add what is missing of programmes and categories that exist; running it again changes nothing."""
    _open_funeral_allowance()
    programmes = {programme.code: programme for programme in Programme.objects.all()}
    categories: dict[str, BenefitCategory | None] = {row.code: row for row in BenefitCategory.objects.all()}
    for code, category, other, other_category, together, valid_from, source in EXCLUSIONS:
        if code in programmes and other in programmes:
            Exclusion.objects.get_or_create(
                programme=programmes[code],
                category=categories[category] if category else None,
                other_programme=programmes[other],
                other_category=categories[other_category] if other_category else None,
                valid_from=valid_from,
                defaults={"together": together, "legal_source": source},
            )
    for code, age, following in AGES:
        if (reached := categories.get(code)) is not None:
            AgeChange.objects.get_or_create(
                category=reached, age=age, defaults={"next_category": categories.get(following)}
            )


def _open_funeral_allowance() -> None:
    """The funeral allowance counts in standard amounts of monthly assistance, whichever is in force (Decree 20/2021/NĐ-CP art. 11)."""
    programme, _ = Programme.objects.get_or_create(
        code=FUNERAL,
        defaults={
            "name": "Hỗ trợ chi phí mai táng",
            "budget_source": "Ngân sách địa phương",
            "kind": Programme.Kind.FUNERAL,
        },
    )
    BenefitCategory.objects.get_or_create(
        code=FUNERAL, defaults={"programme": programme, "neutral_code": FUNERAL, "name": "Tổ chức, cá nhân lo mai táng"}
    )
    for rate in StandardAmount.objects.filter(programme__code="TCXH"):
        StandardAmount.objects.get_or_create(
            programme=programme,
            valid_from=rate.valid_from,
            defaults={"amount": rate.amount, "known_on": rate.known_on, "legal_source": rate.legal_source},
        )
