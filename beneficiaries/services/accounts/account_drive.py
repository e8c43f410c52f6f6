"""The drive for accounts: who of a place has none yet, how far each one is, what is to be done next, and the sheet to go from house to house with."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from django.conf import settings
from django.db import connection
from django.db.models import TextChoices

from beneficiaries.models import HAMLET_FOLDED, AccountOpening, HomeVisit, fold_hamlet, hamlets_as_said
from beneficiaries.models.accounts import Reason
from beneficiaries.parsers.visits import COLUMNS as VISITED
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.accounts.open_accounts import STOOD_FOR, TOO_YOUNG
from beneficiaries.states import OpeningStatus
from staff.models import AdministrativeUnit

MOST_AT_ONCE = 2_000  # people of one sheet, or of one request by name


class Step(TextChoices):
    """How far somebody is on the way to a first payment into an account."""

    NONE = "NONE", "Chưa có tài khoản"
    CASH = "CASH", "Đã chọn nhận tiền mặt"
    NEEDED = "NEEDED", "Cần mở"
    REQUESTED = "REQUESTED", "Đã đề nghị mở"
    REFUSED = "REFUSED", "Ngân hàng từ chối mở"
    OPENED = "OPENED", "Đã mở, chờ xác nhận"
    VERIFIED = "VERIFIED", "Đã xác nhận, chờ kỳ chi đầu"
    PAID = "PAID", "Đã nhận qua tài khoản"


ON_THE_WAY = (Step.NONE, Step.NEEDED, Step.REQUESTED, Step.REFUSED, Step.OPENED, Step.VERIFIED)
TO_ASK_FOR = (Step.NONE, Step.NEEDED, Step.REFUSED)
# Everybody who lives below the unit with a right that runs on the day, once: with the best of their accounts, what was asked of a bank last, and
# the last wish they signed. Set by set, so that a province is read as a commune is.
_PEOPLE = f"""
WITH people AS (
    SELECT b.id, b.full_name, b.birth_year, b.hamlet, b.sort_key, u.code, u.name, u.path,
           b.identity_id IS NOT NULL AND b.identity_status = 'MATCHED' AS identified,
           EXISTS (SELECT FROM beneficiaries_identityrecord r WHERE r.id = b.identity_id AND r.deceased_on IS NOT NULL) AS said_dead,
           {TOO_YOUNG} AS too_young, {STOOD_FOR} AS stood_for
    FROM beneficiaries_beneficiary b JOIN staff_administrativeunit u ON u.id = b.unit_id AND starts_with(u.path, %(path)s)
    WHERE b.same_as_id IS NULL AND (%(hamlet)s::text IS NULL OR {HAMLET_FOLDED.format("b.hamlet")} = %(hamlet)s)
), records AS (
    SELECT id AS record_id, id AS person_id FROM people
    UNION ALL SELECT b.id, b.same_as_id FROM beneficiaries_beneficiary b JOIN people p ON p.id = b.same_as_id
), live AS (
    SELECT r.person_id, coalesce(min(e.code) FILTER (WHERE r.record_id = r.person_id), min(e.code)) AS record
    FROM records r JOIN beneficiaries_enrolment e ON e.beneficiary_id = r.record_id
    WHERE e.starts_month <= %(on)s AND (e.ended_month IS NULL OR e.ended_month > %(on)s)
    GROUP BY r.person_id
), account AS (
    SELECT DISTINCT ON (r.person_id) r.person_id, a.id AS account_id, a.status, a.reason, a.bank_bin, a.last_credited_month
    FROM records r JOIN beneficiaries_bankaccount a ON a.beneficiary_id = r.record_id WHERE a.status <> 'CLOSED'
    ORDER BY r.person_id, array_position(ARRAY['VERIFIED', 'OPENED', 'REQUESTED', 'REFUSED', 'NEEDED'], a.status::text), a.id DESC
), opening AS (
    SELECT DISTINCT ON (o.account_id) o.account_id, o.way, o.status, o.refusal
    FROM beneficiaries_accountopening o JOIN account a ON a.account_id = o.account_id ORDER BY o.account_id, o.id DESC
), wish AS (
    SELECT DISTINCT ON (r.person_id) r.person_id, s.method FROM records r JOIN beneficiaries_registrationslip s ON s.beneficiary_id = r.record_id
    ORDER BY r.person_id, s.signed_on DESC, s.id DESC
), visit AS (
    SELECT DISTINCT ON (r.person_id) r.person_id, v.outcome, v.bank_bin, v.said, v.visited_on
    FROM records r JOIN beneficiaries_homevisit v ON v.beneficiary_id = r.record_id ORDER BY r.person_id, v.visited_on DESC, v.id DESC
)
SELECT p.id, p.full_name, p.birth_year, p.hamlet, p.code, p.name, p.identified, p.said_dead, p.too_young, p.stood_for, live.record,
       CASE WHEN a.status = 'VERIFIED' AND a.last_credited_month IS NOT NULL THEN 'PAID' WHEN a.status IS NOT NULL THEN a.status
            WHEN w.method = 'CASH' THEN 'CASH' ELSE 'NONE' END,
       coalesce(a.reason, ''), coalesce(a.bank_bin, ''), coalesce(o.way, ''), coalesce(o.status, ''), coalesce(o.refusal, ''),
       coalesce(v.outcome, ''), coalesce(v.bank_bin, ''), coalesce(v.said, ''), v.visited_on
FROM people p JOIN live ON live.person_id = p.id LEFT JOIN account a ON a.person_id = p.id LEFT JOIN opening o ON o.account_id = a.account_id
LEFT JOIN wish w ON w.person_id = p.id LEFT JOIN visit v ON v.person_id = p.id
ORDER BY p.path, beneficiaries_hamlet_order(p.hamlet) COLLATE "C", {HAMLET_FOLDED.format("p.hamlet")} COLLATE "C", p.sort_key COLLATE "C", p.id
"""
_TO_DO = {
    Step.CASH: "Không phải làm gì; muốn đổi thì nhận phiếu đăng ký mới.",
    Step.VERIFIED: "Kỳ chi tới vào tài khoản này.",
    Step.PAID: "Đã xong.",
}
_ASK = "Chọn rồi đề nghị ngân hàng mở; hoặc nhận phiếu đăng ký nếu đã có tài khoản, ví."
_BY_WHO_STANDS = "Còn nhỏ, không mở tài khoản đứng tên: nhận phiếu đăng ký tài khoản của cha, mẹ hoặc người giám hộ, kèm giấy khai sinh, trích lục giám hộ."
_BY_GUARDIAN = "Có người giám hộ, đại diện: nhận qua tài khoản của người ấy, không mở đứng tên riêng; mời người ấy ký phiếu đăng ký."
_AFTER_A_VISIT: dict[str, str] = {
    HomeVisit.Outcome.REFUSES: "Không muốn mở: không ép; muốn tiền mặt thì nhận phiếu chọn tiền mặt.",
    HomeVisit.Outcome.NOT_HOME: "Chưa gặp: đến lại.",
    HomeVisit.Outcome.MOVED: "Nghe nói đã chuyển đi: xem việc cần xử lý của người này.",
    HomeVisit.Outcome.DIED: "Nghe nói đã mất: xem việc cần xử lý của người này.",
}
_NOT_WISHED = frozenset(_AFTER_A_VISIT) - {HomeVisit.Outcome.NOT_HOME}
_FIND_OUT = "Đến nhà xem thẻ căn cước, sửa hồ sơ rồi đối khớp lại: ngân hàng chỉ mở cho người đã xác định."

_SAID_DEAD = "Dữ liệu dân cư ghi đã mất: xem việc cần xử lý của người này; ngân hàng chưa được đề nghị mở."


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Somebody on the way to a first payment into an account: the `step`, and of the newest request to a bank `way`, `request` and `refusal`."""

    beneficiary_id: int
    full_name: str
    birth_year: int | None
    hamlet: str
    unit: str
    unit_name: str
    identified: bool
    said_dead: bool
    too_young: bool
    stood_for: bool
    record: str
    step: str
    reason: str
    bank_bin: str
    way: str
    request: str
    refusal: str
    visit: str
    visit_bank: str
    visit_said: str
    visited_on: date | None

    @property
    def step_label(self) -> str:
        """In words."""
        return str(Step(self.step).label)

    @property
    def bank(self) -> str:
        """The bank or wallet; empty while there is none."""
        return bank_name(self.bank_bin) if self.bank_bin else ""

    @property
    def may_be_asked_for(self) -> bool:
        """Whether a bank can be asked for an account in the own name."""
        return self.identified and not self.said_dead and not self.not_in_own_name and self.step in TO_ASK_FOR

    @property
    def not_in_own_name(self) -> str:
        """Why no account is opened in the own name; empty where one may be."""
        if self.too_young:
            return _BY_WHO_STANDS
        return _BY_GUARDIAN if self.stood_for else ""

    @property
    def visit_label(self) -> str:
        """What was heard at the door last, with the day; empty while nobody was there."""
        if not self.visit:
            return ""
        bank = f" ở {bank_name(self.visit_bank)}" if self.visit_bank else ""
        said = f": {self.visit_said}" if self.visit_said else ""
        return f"Đến nhà {self.visited_on:%d/%m/%Y}: {HomeVisit.Outcome(self.visit).label.lower()}{bank}{said}"

    @property
    def is_wished(self) -> bool:
        """Whether nothing heard at the door speaks against asking a bank."""
        return self.step != Step.REFUSED and self.visit not in _NOT_WISHED

    @property
    def to_do(self) -> str:
        """What is to be done next, as a clerk reads it."""
        if self.step in _TO_DO:
            return _TO_DO[Step(self.step)]
        if self.step in TO_ASK_FOR:
            refused = f"Ngân hàng từ chối: {self.refusal}. " if self.step == Step.REFUSED else ""
            if self.said_dead:
                return refused + _SAID_DEAD
            if self.not_in_own_name:
                return refused + self.not_in_own_name
            return refused + (_AFTER_A_VISIT.get(self.visit, _ASK) if self.identified else _FIND_OUT)
        if self.step == Step.REQUESTED:
            return _of_request(self.request, by_file=self.way == AccountOpening.Way.FILE)
        if self.reason:
            return f"{Reason(self.reason).label}: xem việc cần xử lý của người này."
        return "Chờ ngân hàng xác nhận tên chủ tài khoản."


def people_of_drive(
    *, unit: AdministrativeUnit, on: date, hamlet: str | None = None, steps: Collection[str] = tuple(Step)
) -> list[OnTheWay]:
    """Everybody below the unit (of one hamlet) with a right that runs on the day, once, who is at one of `steps`; by hamlet and name."""
    with connection.cursor() as cursor:
        asked = None if hamlet is None else fold_hamlet(hamlet)
        given = {"path": unit.path, "hamlet": asked, "on": on, "signs_from_age": settings.SIGNS_FROM_AGE}
        cursor.execute(_PEOPLE, given)
        people = [OnTheWay(*row) for row in cursor.fetchall()]
    return [one for one in people if one.step in steps]


def _of_request(request: str, *, by_file: bool) -> str:
    if by_file and request == OpeningStatus.READY:
        return "Tải tệp đề nghị và gửi ngân hàng."
    if by_file:
        return "Đã có trong tệp gửi ngân hàng; có kết quả thì nạp tệp trả lời."
    return (
        "Đang chờ gửi qua kết nối ngân hàng."
        if request == OpeningStatus.READY
        else "Ngân hàng đang xử lý, tự cập nhật khi có kết quả."
    )


@dataclass(frozen=True)
class HamletProgress:
    """How far one hamlet is: people by step; `without` have no account and none on its way."""

    unit: str
    unit_name: str
    hamlet: str
    people: int
    without: int
    requested: int
    opened: int
    verified: int
    cash: int


def progress_by_hamlet(*, unit: AdministrativeUnit, on: date) -> list[HamletProgress]:
    """One row per hamlet of the unit and below, in the order of the map, however its people's lists write it."""
    people = people_of_drive(unit=unit, on=on)
    found: dict[tuple[str, str, str], list[str]] = {}
    for person in people:
        found.setdefault((person.unit, person.unit_name, fold_hamlet(person.hamlet)), []).append(person.step)
    said = hamlets_as_said((one.unit, one.hamlet) for one in people)
    return [
        HamletProgress(
            unit=code,
            unit_name=name,
            hamlet=said[code, hamlet],
            people=len(steps),
            without=sum(step in TO_ASK_FOR for step in steps),
            requested=steps.count(Step.REQUESTED),
            opened=steps.count(Step.OPENED),
            verified=steps.count(Step.VERIFIED) + steps.count(Step.PAID),
            cash=steps.count(Step.CASH),
        )
        for (code, name, hamlet), steps in found.items()
    ]


# As it comes back it is read by `beneficiaries.parsers.visits`: what is asked at the door stands under the same headings.
SHEET = (
    ("STT", 5), ("Thôn, tổ dân phố", 14), (VISITED["code"], 16), (VISITED["name"], 24), ("Năm sinh", 8), ("Tình trạng", 18), ("Việc cần làm", 34),
    (VISITED["outcome"], 15), (VISITED["day"], 12), (VISITED["bank"], 14), (VISITED["number"], 18), (VISITED["said"], 22),
    (VISITED["signed"], 9), ("Điện thoại", 12), ("Chữ ký", 12),
)  # fmt: skip


_OUTCOME_AT = [label for label, _ in SHEET].index(VISITED["outcome"])


def visiting_sheet(*, unit: AdministrativeUnit, hamlet: str | None, on: date) -> bytes:
    """Who has no account yet (.xlsx, A4 landscape), by hamlet and given name, with room for what is heard at the door. No number stands on it."""
    everybody = people_of_drive(unit=unit, on=on, hamlet=hamlet, steps=TO_ASK_FOR)
    rows, beyond = everybody[:MOST_AT_ONCE], max(0, len(everybody) - MOST_AT_ONCE)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Đi từng nhà")
    bold, cell = book.add_format({"bold": True}), book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    sheet.write_string(
        0, 0, f"DANH SÁCH NGƯỜI HƯỞNG CHƯA CÓ TÀI KHOẢN: {unit.name}{f', {hamlet}' if hamlet else ''}", bold
    )
    sheet.write_string(
        1,
        0,
        f"Ngày {on:%d/%m/%Y}, {len(rows)} người. Không ai phải mở tài khoản: ai muốn tiền mặt thì ký phiếu chọn tiền mặt.",
    )
    if beyond:
        sheet.write_string(2, 0, f"CÒN {beyond} NGƯỜI KHÔNG CÓ TRONG TỜ NÀY; mời tải riêng từng thôn, từng xã.", bold)
    for column, (label, width) in enumerate(SHEET):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, label, head)
    for at, person in enumerate(rows, start=1):
        heard = f"{person.visit_label}. " if person.visit else ""
        said = [
            "",
            person.hamlet,
            person.record,
            person.full_name,
            str(person.birth_year or ""),
            person.step_label,
            heard + person.to_do,
        ]
        sheet.write_row(3 + at, 0, said + [""] * (len(SHEET) - len(said)), cell)
        sheet.write_number(3 + at, 0, at, cell)
    if rows:
        outcomes = {"validate": "list", "source": [str(label) for label in HomeVisit.Outcome.labels]}
        sheet.data_validation(4, _OUTCOME_AT, 3 + len(rows), _OUTCOME_AT, outcomes)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return stream.getvalue()
