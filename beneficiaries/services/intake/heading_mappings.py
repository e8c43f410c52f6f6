"""What the headings of one source mean, confirmed once by a person and used ever after."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from beneficiaries.errors import MappingUnclear, WrongStage
from beneficiaries.models import HeadingMapping, ReceivedFile, RegistryUpload, UploadStage
from beneficiaries.parsers.headings import saved_names
from beneficiaries.parsers.registry_columns import WORDINGS, WORKS_WITHOUT
from beneficiaries.services.intake.import_registry import require_intake
from staff.models import User


@transaction.atomic
def save_mapping(*, upload: RegistryUpload, columns: Mapping[int, str], actor: User, now: datetime) -> None:
    """Keep which column key each heading (by its position) stands for; every list of the unit that waits for these headings is read again.

    Headings not named keep what was certain about them; "" says that a column means nothing to us. Raises `MappingUnclear`, `WrongStage`.
    """
    require_intake(actor, unit=upload.unit)
    locked = RegistryUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.stage != UploadStage.NEEDS_MAPPING:
        raise WrongStage
    texts = {heading["position"]: heading["text"] for heading in locked.headings}
    keys = {heading["position"]: heading["key"] for heading in locked.headings if heading["certain"]} | dict(columns)
    _refuse_unclear(keys, texts=texts)
    names = dict(zip(texts, saved_names(list(texts.values())), strict=True))
    HeadingMapping.objects.update_or_create(
        unit=upload.unit,
        kind=ReceivedFile.Kind.REGISTRY,
        fingerprint=locked.fingerprint,
        defaults={
            "columns": {names[position]: key for position, key in keys.items()},
            "saved_by": actor,
            "saved_at": now,
        },
    )
    # Other lists of the unit under the same headings wait for the same answer.
    RegistryUpload.objects.filter(
        unit=upload.unit, stage=UploadStage.NEEDS_MAPPING, fingerprint=locked.fingerprint
    ).update(stage=UploadStage.RECEIVED, problem_code="", problem="", headings=[])


def _refuse_unclear(keys: Mapping[int, str], *, texts: Mapping[int, str]) -> None:
    named = [key for key in keys.values() if key]
    wrong = [str(position) for position in keys if position not in texts]
    wrong += sorted(set(named) - set(WORDINGS))
    if wrong:
        raise MappingUnclear("Bảng khai có cột không có trong tệp hoặc không có trong mẫu.", conflicts=wrong)
    if twice := sorted({key for key in named if named.count(key) > 1}):
        raise MappingUnclear("Hai cột của tệp được khai cho cùng một cột của mẫu.", conflicts=twice)
    by_sex = {"birth_male", "birth_female"} <= set(named)
    missing = [
        wording.label
        for key, wording in WORDINGS.items()
        if wording.required
        and key not in named
        and key not in WORKS_WITHOUT
        and not (by_sex and key in ("birth", "sex"))
    ]
    if missing:
        raise MappingUnclear("Còn cột bắt buộc chưa khai.", conflicts=missing)
