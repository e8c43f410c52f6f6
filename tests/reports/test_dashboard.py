"""One definition, one figure: dashboard, page, report and the older addresses say the same; as of any day; small groups protected alike."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from beneficiaries.services.accounts.coverage import BreakDown, coverage, funnel
from payments.money import format_amount
from reconciliation.models import Discrepancy, DiscrepancyStep
from reconciliation.reports import take_snapshot
from reconciliation.reports.snapshot import count_figures
from reconciliation.reports.wording import write_sentences
from reconciliation.services.dashboard import Span, first_day, show_dashboard
from reconciliation.services.differences.ageing import open_before
from staff.models import User
from tests.reports.world import AUGUST, JULY, NOW, QUARTER, SEPTEMBER, World

LAST = date(2024, 9, 30)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def leader(world: World) -> APIClient:
    client = APIClient()
    user = User.objects.create(username="ld", full_name="Lãnh đạo", role="LEADER", unit=world.province)
    client.force_authenticate(user)
    return client


@pytest.fixture
def paid(world: World) -> World:
    """Six people in two communes: by account, in cash, returned, unpaid, and two of a sensitive category."""
    for number in range(4):
        person = world.person(commune=number % 2)
        account = world.account(person.beneficiary) if number else None
        for month in (JULY, AUGUST, SEPTEMBER):
            world.pay(
                person,
                month,
                account=account,
                status="RETURNED" if number == 3 else "POSTED",
                **({"returned_on": month.replace(day=20)} if number == 3 else {}),
            )
    for _ in range(2):
        world.refuse(world.person(sensitive=True), SEPTEMBER, reason="NO_DECISION")
    world.play()
    return world


def test_the_dashboard_of_a_last_day_is_the_report_of_that_period(paid: World, leader: APIClient) -> None:
    snapshot = take_snapshot(unit=paid.province, now=NOW, **QUARTER)

    body = leader.get("/api/dashboard/", {"on": "2024-09-30", "span": "QUARTER"}).json()

    figures = snapshot.figures
    assert {key: body[key] for key in ("headline", "rates", "as_of", "definitions", "differences")} == {
        key: figures[key] for key in ("headline", "rates", "as_of", "definitions", "differences")
    }
    units = [{"parent": row.pop("above"), **row} for row in body["units"]]
    for given, frozen in ((units, figures["units"]), (body["programmes"], figures["programmes"])):
        assert [row | shown for row, shown in zip(frozen, given, strict=True)] == frozen
    assert body["ties_out"] == snapshot.ties_out
    assert body["headline"]["beneficiaries"] == 6


def test_the_older_addresses_say_the_same(paid: World, leader: APIClient) -> None:
    body = leader.get("/api/dashboard/", {"on": "2024-09-30"}).json()

    communes = coverage(unit=paid.province, on=LAST, by=BreakDown.COMMUNE, whole=True)
    assert sum(row.accounts for row in communes) == body["rates"]["coverage"]["numerator"]
    assert sum(row.beneficiaries for row in communes) == body["rates"]["coverage"]["denominator"]
    assert funnel(unit=paid.province, on=LAST) == body["funnel"]


def test_every_figure_of_the_page_is_the_dashboard_s(paid: World, leader: APIClient) -> None:
    query = {"on": "2024-09-30"}
    body, page = leader.get("/api/dashboard/", query).json(), leader.get("/api/dashboard/page/", query).content.decode()

    brief, _, tables = page.partition("<h2>1. Các tỷ lệ</h2>")
    cells = re.findall(r'<td class="n">([^<]*)</td>', tables)
    rates = [
        [
            format_amount(rate["numerator"]),
            format_amount(rate["denominator"]),
            f"{rate['percent'].replace('.', ',')}%" if rate["percent"] else "-",
        ]
        for rate in body["rates"].values()
    ]
    units = [
        [
            format_amount(row[key])
            for key in ("beneficiaries", "accounts", "paid_cashless", "paid_in_cash", "in_flight", "unpaid")
        ]
        for row in body["units"]
    ]
    expected = [cell for row in rates + units for cell in row]
    assert cells[: len(expected)] == expected
    said = body["brief"]
    lowest = [[row["accounts"], row["beneficiaries"], row["coverage"], row["unpaid"]] for row in said["lowest"]]
    reasons = [[row["people"], row["unpaid"]] for row in said["reasons"]]
    assert re.findall(r'<td class="n">([^<]*)</td>', brief) == [str(cell) for row in lowest + reasons for cell in row]
    assert all(sentence in brief for sentence in said["sentences"])


def test_a_leader_reads_the_reports_own_sentences_and_the_lowest_communes_with_their_people(
    paid: World, leader: APIClient
) -> None:
    said = leader.get("/api/dashboard/", {"on": "2024-09-30"}).json()["brief"]
    report = write_sentences(count_figures(unit=paid.province, kind="QUARTER", **QUARTER))

    assert said["sentences"] == [report.accounts, report.payments, report.gap]
    shares = [row["accounts"] / row["beneficiaries"] for row in said["lowest"]]
    assert shares == sorted(shares) and 0 < len(shares) <= 5
    assert all(row["reason"] and row["responsible"] and row["deadline"] for row in said["reasons"])


def test_cycles_add_up_to_the_headline_s_money(paid: World, leader: APIClient) -> None:
    body = leader.get("/api/dashboard/", {"on": "2024-09-30"}).json()

    def money(outcome: str, channel: str) -> int:
        return sum(row["money"] for row in body["cycles"] if (row["outcome"], row["channel"]) == (outcome, channel))

    assert money("PAID", "ACCOUNT") == body["headline"]["account_money"] > 0
    assert money("PAID", "CASH") == body["headline"]["cash_money"] > 0
    assert sum(row["money"] for row in body["cycles"] if row["outcome"] == "UNPAID") == body["headline"]["unpaid_money"]
    assert {row["month"] for row in body["cycles"]} == {"2024-07", "2024-08", "2024-09"}


def test_an_earlier_day_is_counted_as_it_was_then(paid: World) -> None:
    before_the_return = show_dashboard(unit=paid.province, on=date(2024, 7, 10), span=Span.MONTH, now=NOW).figures
    after_it = show_dashboard(unit=paid.province, on=date(2024, 7, 25), span=Span.MONTH, now=NOW).figures

    assert (before_the_return["headline"]["paid_cashless"], after_it["headline"]["paid_cashless"]) == (3, 2)


def test_small_groups_are_merged_as_in_the_report_for_every_unit(paid: World) -> None:
    for unit in (paid.province, *paid.communes):
        board = show_dashboard(unit=unit, on=LAST, span=Span.QUARTER, now=NOW).figures
        report = count_figures(unit=unit, kind="QUARTER", **QUARTER)
        assert (board["programmes"], board["persons"]) == (report["programmes"], report["persons"])
        groups = [group for programme in board["programmes"] for group in programme["groups"]]
        assert "N03" not in {group["code"] for group in groups}


@pytest.mark.parametrize(
    ("span", "day"), [("MONTH", date(2024, 8, 1)), ("QUARTER", date(2024, 7, 1)), ("YEAR", date(2024, 1, 1))]
)
def test_a_span_begins_on_its_first_day(span: str, day: date) -> None:
    assert first_day(date(2024, 8, 31), span=Span(span)) == day


def test_differences_stand_open_as_of_the_day_reopened_ones_too(world: World) -> None:
    user = User.objects.create(username="kt", full_name="Kế toán", role="CHECKER", unit=world.province)
    item = Discrepancy.objects.create(kind="LATE", key="x", sentence="Đến muộn.", found_at=_day(2))
    for kind, day in (("RESOLVED", 10), ("REOPENED", 20), ("RESOLVED", 25)):
        ground = "FOUND_LATER" if kind == "RESOLVED" else ""
        DiscrepancyStep.objects.create(
            discrepancy=item, kind=kind, ground=ground, note="x", made_by=user, made_at=_day(day)
        )
    Discrepancy.objects.filter(pk=item.pk).update(
        status="RESOLVED", resolved_by=user, resolved_at=_day(25), ground="FOUND_LATER"
    )

    stood_open = [
        day for day in (1, 5, 15, 22, 28) if open_before(Discrepancy.objects.all(), moment=_day(day)).exists()
    ]

    assert stood_open == [5, 22]


def _day(day: int) -> datetime:
    return datetime(2024, 9, day, 3, tzinfo=UTC)


def test_a_minute_s_screens_ask_the_database_once(paid: World, django_assert_num_queries: object) -> None:
    first = show_dashboard(unit=paid.province, on=LAST, span=Span.QUARTER, now=NOW)

    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture that is a function
        assert show_dashboard(unit=paid.province, on=LAST, span=Span.QUARTER, now=NOW).counted_at == first.counted_at
