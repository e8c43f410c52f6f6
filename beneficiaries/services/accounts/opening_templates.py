"""The form in which each bank wants requests to open accounts, kept as data."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beneficiaries.errors import TemplateInvalid
from beneficiaries.models import OpeningTemplate
from beneficiaries.parsers.account_lists import OPENED, OUR_FORM, REFUSED, RESULT_COLUMNS, AnswerForm
from beneficiaries.parsers.workbook import fold_heading
from beneficiaries.services.accounts.banks import require_a_bank
from staff.models import AdministrativeUnit, User
from staff.rights import Right, out_of_reach, require

FIELDS = {
    "position": "STT",
    "request": "Mã đề nghị",
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "sex": "Giới tính",
    "number": "Số định danh cá nhân",
    "residence": "Nơi ở",
}
TITLE = "DANH SÁCH ĐỀ NGHỊ MỞ TÀI KHOẢN NHẬN TRỢ CẤP"
MOST_COLUMNS, LONGEST, MOST_BYTES = 60, 100, 64 * 1024
KEYS = {"title", "columns", "answers", "opened_words", "refused_words"}


@dataclass(frozen=True)
class Column:
    """One column of the list: the bank's heading over one of `FIELDS`, or over a text that is the same in each row."""

    heading: str
    field: str = ""
    text: str = ""


@dataclass(frozen=True)
class RequestForm:
    """A whole form: what is written above, the columns, and where the bank answers."""

    title: str
    columns: tuple[Column, ...]
    answers: AnswerForm

    @property
    def headings(self) -> list[str]:
        """All headings in order, the request's code once."""
        sent = [column.heading for column in self.columns]
        return sent + [heading for key, heading in self.answers.columns.items() if key != "request"]


OURS = RequestForm(
    title=TITLE, columns=tuple(Column(heading, field) for field, heading in FIELDS.items()), answers=OUR_FORM
)


def form_of(bank_bin: str) -> RequestForm:
    """The bank's newest form; ours where it has none."""
    kept = OpeningTemplate.objects.filter(bank_bin=bank_bin).order_by("-pk").first()
    return _form(kept) if kept else OURS


def answer_forms() -> list[AnswerForm]:
    """Every form an answer may come in, those of banks before ours: a list sent in an older form is still answered in it."""
    kept = OpeningTemplate.objects.order_by("-pk")[:MOST_COLUMNS]
    return [*(_form(template).answers for template in kept), OUR_FORM]


def record_template(*, bank_bin: str, content: bytes, actor: User, now: datetime) -> OpeningTemplate:
    """Keep the form a bank asks for, from JSON: {"title", "columns": [{"heading", "field" or "text"}], "answers": {key: heading}}.

    Optional "opened_words" and "refused_words". Only whoever requests accounts for the whole province. Raises `UnknownBank`,
    `TemplateInvalid`, `NotAllowed`.
    """
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.PROVINCE:
        raise out_of_reach(actor, Right.REQUEST_ACCOUNTS)
    require(actor, Right.REQUEST_ACCOUNTS, unit=actor.unit)
    require_a_bank(bank_bin)
    said = _read(content)
    template = OpeningTemplate(
        bank_bin=bank_bin,
        title=said.get("title", TITLE),
        columns=[[one["heading"], one.get("field", ""), one.get("text", "")] for one in said["columns"]],
        answers=[[key, heading] for key, heading in said["answers"].items()],
        opened_words=[word.casefold() for word in said.get("opened_words", [OPENED])],
        refused_words=[word.casefold() for word in said.get("refused_words", [REFUSED])],
        recorded_by=actor,
        recorded_at=now,
    )
    form = _form(template)
    if sentence := _objection(form):
        raise TemplateInvalid(sentence)
    template.save(force_insert=True)
    return template


def _form(kept: OpeningTemplate) -> RequestForm:
    return RequestForm(
        title=kept.title,
        columns=tuple(Column(*column) for column in kept.columns),
        answers=AnswerForm(
            columns=dict(kept.answers), opened=frozenset(kept.opened_words), refused=frozenset(kept.refused_words)
        ),
    )


def _read(content: bytes) -> dict[str, Any]:
    """The JSON, of the right shape. Raises `TemplateInvalid`."""
    try:
        said = json.loads(content) if len(content) <= MOST_BYTES else None
    except ValueError as error:
        raise TemplateInvalid from error
    if not isinstance(said, dict) or not said.keys() <= KEYS:
        raise TemplateInvalid
    columns, answers = said.get("columns"), said.get("answers")
    if not isinstance(columns, list) or not isinstance(answers, dict):
        raise TemplateInvalid
    words = [said.get("title", TITLE), *answers.values()]
    for name in ("opened_words", "refused_words"):
        listed = said.get(name, ["x"])
        words += listed if isinstance(listed, list) and listed else [None]
    for column in columns:
        if not isinstance(column, dict) or not column.keys() <= {"heading", "field", "text"}:
            raise TemplateInvalid
        words += [column.get("heading"), *(column[key] for key in ("field", "text") if key in column)]
    if not all(isinstance(word, str) and 0 < len(word) <= LONGEST for word in words):
        raise TemplateInvalid
    return said


def _objection(form: RequestForm) -> str:
    """Why a list in this form could not be sent or its answer not be read, as a sentence; "" when it could."""
    fields = [column.field for column in form.columns if column.field]
    if unknown := sorted(set(fields) - FIELDS.keys()):
        return f"Mẫu dùng cột chưa biết: {', '.join(unknown)}. Các cột có: {', '.join(FIELDS)}."
    if not {"request", "name", "number"} <= set(fields):
        return "Mẫu phải có mã đề nghị (request), họ tên (name) và số định danh (number)."
    if unknown := sorted(form.answers.columns.keys() - RESULT_COLUMNS.keys()):
        return f"Mẫu có cột trả lời chưa biết: {', '.join(unknown)}. Các cột có: {', '.join(RESULT_COLUMNS)}."
    if missing := RESULT_COLUMNS.keys() - {"reason"} - form.answers.columns.keys():
        return f"Mẫu thiếu cột ngân hàng trả lời: {', '.join(sorted(missing))}."
    request = [column.heading for column in form.columns if column.field == "request"]
    if request != [form.answers.columns["request"]]:
        return "Tiêu đề của mã đề nghị khi gửi và khi trả lời phải là một."
    folded = [fold_heading(heading) for heading in form.headings]
    if len(folded) != len(set(folded)) or len(folded) > MOST_COLUMNS:
        return f"Mỗi tiêu đề chỉ dùng một lần, nhiều nhất {MOST_COLUMNS} cột."
    if form.answers.opened & form.answers.refused:
        return "Từ chỉ “đã mở” và từ chỉ “từ chối” phải khác nhau."
    return ""
