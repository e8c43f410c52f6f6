"""Bank statements: look at a file, take it in, read it line by line, and go on to its differences."""

import hashlib
import json
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.models import FundingAccount
from reconciliation.api.statement_previews import StatementMappingsView, StatementPreviewView
from reconciliation.api.statements import MAX_BYTES, StatementLinesView, StatementsView, StatementView, UndoMatchView
from reconciliation.models import Discrepancy, StatementLine
from reconciliation.pages.named import payees_of
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.services.lines.match_statement import TAKEN, lines_in_words, taken_in_words
from staff.models import User
from staff.pages import FileStep, Page, PageStep
from staff.pages.base import ERRORS_SHOWN
from staff.pages.kept import UNDER, kept_result, show_later
from staff.pages.kept_files import keep_files, put_files_back
from staff.rights import Right, may

COLUMN, KEPT, PREVIEWED = "column-", "kept", "previewed"  # fields of the forms
LOOKED_AT, FILES = "looked-at-statement", "statement-files"


class StatementsPage(Page):
    """Statements taken in, newest first, and the form to send one."""

    template_name = "reconciliation/statements.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value and name != UNDER}
        actor = self.request.user
        path = actor.unit.path if isinstance(actor, User) and actor.unit else "-"
        accounts = FundingAccount.objects.filter(paying_unit__path__startswith=path).order_by("code")
        statements = self.ask(StatementsView, query=given)
        return {
            "statements": statements
            | {"results": [one | {"form": form_of(one["format"])} for one in statements["results"]]},
            "accounts": list(accounts.values_list("code", "paying_unit__name")),
            "columns": [(key, wording.label) for key, wording in WORDINGS.items()],
            "may_send": isinstance(actor, User) and may(actor, Right.RECONCILE),
            "given": given,
        } | kept_result(self.request, purpose=LOOKED_AT)


def form_of(code: str) -> str:
    """What kind of file a statement came in, in the words of the page that takes it in."""
    return {"table": "bảng Excel, CSV", "api": "lấy từ ngân hàng", "mt940": "MT940"}.get(code, code)


class StatementPage(Page):
    """One statement: what each line was found to be, and what nothing explains."""

    template_name = "reconciliation/statement.html"

    def content(self, **address: Any) -> dict[str, Any]:
        statement_id: int = address["statement_id"]
        asked = {name: value for name, value in self.request.GET.items() if value}
        statement = self.ask(StatementView, statement_id=statement_id)
        lines = self.ask(StatementLinesView, query=asked, statement_id=statement_id)
        open_ones = Discrepancy.objects.filter(
            line_id__in=[line["id"] for line in lines["results"]], status=Discrepancy.Status.OPEN
        )
        differences = dict(open_ones.order_by("pk").values_list("line_id", "pk"))
        for line in lines["results"]:
            live = [match for match in line["matches"] if not match["reverses"] and not match["undone"]]
            line |= {"explained": bool(live), "difference": differences.get(line["id"])}
        matches = [match for line in lines["results"] for match in line["matches"]]
        payees = payees_of(self.request.user, [match["payment"] for match in matches])
        for match in matches:
            match["payee"] = payees.get(match["payment"])
        return {
            "statement": statement,
            "lines": lines,
            "nothing_new": statement["line_count"]
            and not StatementLine.objects.filter(statement=statement_id).exists(),
            "given": asked,
            "may_undo": isinstance(self.request.user, User) and may(self.request.user, Right.RECONCILE),
            "open": Discrepancy.Status.OPEN.value,
        }


class UndoMatch(PageStep):
    """Take a match back; the line is a difference again until it is explained anew."""

    step, back = UndoMatchView, "page-statement"
    done = "Đã hủy nối; dòng sao kê thành chênh lệch phải xử lý."

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"match_id": address["match_id"]}

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"statement_id": address["statement_id"]}


ANOTHER = {
    "code": "NOT_THE_PREVIEWED_FILE",
    "sentence": "Tệp vừa chọn không phải tệp đã xem trước; mời chọn lại đúng tệp, hoặc bấm “Xem trước” với tệp này.",
    "conflicts": [],
}


OVER = {
    "code": "KEPT_FILE_IS_GONE",
    "sentence": "Tệp đã xem trước hết thời hạn giữ (30 phút); mời chọn lại tệp.",
    "conflicts": [],
}


def _digest_of(request: HttpRequest) -> str:
    """SHA-256 over the files of the form, whatever their order."""
    found = []
    for file in request.FILES.getlist("file"):
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
        found.append(digest.hexdigest())
    return hashlib.sha256("".join(sorted(found)).encode()).hexdigest()


class SendStatement(FileStep):
    """Take a statement in: all of it or nothing; what was here before adds nothing. After a preview only what was previewed."""

    step, again, most_bytes, own = StatementsView, StatementsPage, MAX_BYTES, (KEPT, PREVIEWED)
    back = "page-statements"

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """What was looked at was kept, sealed; a file too large for that is chosen twice, and another one then is told, not taken in."""
        if (kept := request.POST.get(KEPT)) and not put_files_back(request, field="file", purpose=FILES, token=kept):
            return self.refused(Response(OVER, status=status.HTTP_409_CONFLICT), address)
        seen = request.POST.get(PREVIEWED, "")
        if seen and seen != _digest_of(request):
            return self.refused(Response(ANOTHER, status=status.HTTP_409_CONFLICT), address)
        return super().post(request, **address)

    def then(self, data: Any, address: dict[str, Any]) -> str:
        found = next((one["id"] for one in data if one["id"]), None)
        return reverse("page-statement", args=[found]) if found else reverse("page-statements")

    def said(self, data: Any) -> str:
        fresh = [one for one in data if not one["repeated"]]
        if not fresh:
            return "Sao kê này đã nạp từ trước, không thêm dòng nào."
        total = {key: sum(one[key] for one in fresh) for key in ("lines", "new_lines", *TAKEN, "discrepancies")}
        return f"Đã nạp {len(fresh)} sao kê, {lines_in_words(total['lines'], new=total['new_lines'])}: {taken_in_words(total)}."


class LookAtStatement(FileStep):
    """What a file says and what would be new, nothing of it written; of a table also what stands in its first rows."""

    step: type[APIView] = StatementPreviewView
    again, most_bytes, own = StatementsPage, MAX_BYTES, (COLUMN, KEPT, PREVIEWED)
    back = "page-statements"

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """Of the file that was kept, if it was."""
        if (kept := request.POST.get(KEPT)) and not put_files_back(request, field="file", purpose=FILES, token=kept):
            return self.refused(Response(OVER, status=status.HTTP_409_CONFLICT), address)
        return super().post(request, **address)

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return show_later(self.request, page=reverse(self.back), purpose=LOOKED_AT, result=self.looked_at(data))

    def looked_at(self, previews: Any) -> dict[str, Any]:
        """What the page is to show."""
        typed = {name: value for name, value in self.request.POST.items() if not name.startswith(COLUMN)}
        files = self.not_sent.get(KEPT) or keep_files(self.request, field="file", purpose=FILES)
        ready = not any(one["missing"] or one["problems"] for one in previews)
        for one in previews:
            _with_samples(one)
        result = {"previews": previews, "typed": typed, "kept": files, "ready": ready}
        return result if files else result | {"previewed": _digest_of(self.request)}


class NameColumns(LookAtStatement):
    """What the columns of a bank's table mean, kept for the account; the file is looked at with it."""

    step = StatementMappingsView

    def body(self, typed: QueryDict) -> QueryDict:
        """The choices of each heading as the one field the API takes."""
        given = super().body(typed)
        columns = {name.removeprefix(COLUMN): typed[name] for name in typed if name.startswith(COLUMN)}
        given["columns"] = json.dumps(columns)
        return given

    def refused(self, answer: Any, address: dict[str, Any]) -> HttpResponse:
        """Shown beside the columns as they were named, so that only the wrong one is named again."""
        asked = cast(QueryDict, self.request.POST)  # the copy `body` made
        named = json.loads(asked.get("columns", "{}"))
        if not self.request.FILES or answer.status_code == status.HTTP_429_TOO_MANY_REQUESTS:
            return super().refused(answer, address)
        asked.pop("columns", None)
        looked = self.answer_of(StatementPreviewView)
        if not status.is_success(looked.status_code):
            return super().refused(answer, address)
        shown = self.looked_at(looked.data)
        for one in shown["previews"]:
            for heading in one["headings"]:
                heading["key"] = named.get(str(heading["position"]), heading["key"])
        faults = self.faults(answer.data, address)[:ERRORS_SHOWN]
        shown["refused"] = {"sentence": answer.data["sentence"], "faults": faults}
        return self.shown(StatementsPage, shown, address, code=answer.status_code)


def _with_samples(preview: dict[str, Any]) -> None:
    """Beside each heading what stands under it in the first bookings."""
    shown = preview["shown"]
    bookings = [row["cells"] for row in shown["rows"] if row["number"] >= shown["first_booking"]] if shown else []
    for heading in preview["headings"]:
        at = heading["position"]
        heading["samples"] = [cells[at] for cells in bookings if at < len(cells) and cells[at]]
