"""What people are asked when something happened in somebody's life: one open question per person and kind."""

from datetime import date

from beneficiaries.models import Case, LifeEvent
from beneficiaries.services.life_events.cases import Asked
from beneficiaries.services.life_events.people import Person
from beneficiaries.services.life_events.weigh import Weighed

CIVIL_REASONS = frozenset(
    {"DEATH_NOTICE", "MOVED", "NAME_CHANGED", "NUMBER_CHANGED", "CHILD_BORN", "EVENT_OF_ANOTHER_NAME", "FUNERAL_FILE"}
)


def questions(person: Person, result: Weighed, *, enrolled: bool) -> dict[tuple[int, str], Asked]:
    """By (beneficiary, kind of case). Evidence holds names of places and days, never a number of a person."""
    pk = person.beneficiary.pk
    asked: dict[tuple[int, str], Asked] = {}
    if result.asked:
        asked[pk, Case.Kind.DEATH] = Asked(
            "DEATH_NOTICE",
            [
                *dict.fromkeys(
                    f"{LifeEvent.Source(one.source).label} báo mất ngày {_day(one.occurred_on)}."
                    for one in result.asked
                ),
                "Tiền các tháng sau được giữ, chưa chi; mời gặp gia đình rồi xác nhận hoặc bỏ giữ.",
            ],
        )
    if result.death_registered and enrolled:
        asked[pk, Case.Kind.FUNERAL] = Asked(
            "FUNERAL_FILE",
            [
                f"Đã đăng ký khai tử, mất ngày {_day(result.deceased_on)}.",
                "Mời liên hệ gia đình làm thủ tục hỗ trợ chi phí mai táng; giấy ủy quyền đã hết hiệu lực.",
            ],
        )
    moved = result.moved
    if moved is not None and moved.to_unit is not None and moved.to_unit_id != person.beneficiary.unit_id:
        asked[pk, Case.Kind.MOVE] = Asked(
            "MOVED",
            [
                f"Chuyển đến {moved.to_unit.name} từ ngày {_day(moved.occurred_on)}.",
                "Nơi cũ chi đến khi có quyết định chuyển đi; nơi mới chi theo quyết định chuyển đến.",
            ],
        )
    if civil := _civil(person, result):
        asked[pk, Case.Kind.CIVIL] = Asked(civil[0][0], sorted(sentence for _, sentence in civil))
    return asked


def _civil(person: Person, result: Weighed) -> list[tuple[str, str]]:
    """(reason, sentence), the most pressing first."""
    found = [
        (
            "EVENT_OF_ANOTHER_NAME",
            f"Có tin {LifeEvent.Kind(event.kind).label.lower()} ngày {_day(event.occurred_on)} ghi cùng số định danh nhưng "
            "khác họ tên hoặc năm sinh; chưa áp dụng cho người này.",
        )
        for event in person.others
    ]
    if result.named is not None:
        found.append(
            (
                "NAME_CHANGED",
                f"Đổi họ tên từ ngày {_day(result.named.occurred_on)}; mời xác nhận lại tên chủ tài khoản.",
            )
        )
    if result.numbered is not None:
        found.append(
            (
                "NUMBER_CHANGED",
                f"Được cấp lại số định danh ngày {_day(result.numbered.occurred_on)}; mời sửa hồ sơ giấy.",
            )
        )
    found += [
        ("CHILD_BORN", f"Sinh con ngày {_day(event.child_born_on)}; mời xem xét nhóm đối tượng tính theo con.")
        for event, withdrawn in result.children
        if not withdrawn
    ]
    return found


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "..."
