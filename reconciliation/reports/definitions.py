"""The one place that says what each figure means. Names are the official ones; a rate always names numerator and denominator."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Definition:
    """A figure: key, official name, short label, how it is counted; a rate also names the keys it is divided from."""

    key: str
    official: str
    short: str
    how: str
    numerator: str = ""
    denominator: str = ""


COUNTS = (
    Definition(
        "beneficiaries", "Tổng số đối tượng đang hưởng", "Đang hưởng",
        "Người có ít nhất một hồ sơ đang hưởng tại thời điểm chốt số liệu: đã đến tháng bắt đầu, chưa thôi hưởng, không tạm dừng. Mỗi người tính một lần.",
    ),
    Definition(
        "accounts", "Số đối tượng đã có tài khoản", "Có tài khoản",
        "Trong số đang hưởng, người có tài khoản đã mở và chưa đóng tại thời điểm chốt số liệu: của chính mình, của người giám hộ, người đại diện "
        "hoặc của người được ủy quyền. Người có nhiều tài khoản tính một lần, theo tài khoản đã xác nhận, rồi tài khoản nhận tiền gần nhất, "
        "rồi tài khoản mở sau.",
    ),
    Definition(
        "paid_cashless", "Số đối tượng đã được chi trả qua tài khoản", "Đã chi qua tài khoản",
        "Trong số đã có tài khoản, người có ít nhất một khoản của kỳ đã ghi có và không bị hoàn trả tính đến thời điểm chốt số liệu.",
    ),
    Definition(
        "paid_in_cash", "Số đối tượng được chi tiền mặt", "Chi tiền mặt",
        "Người đang hưởng không được tính là đã chi qua tài khoản, có ít nhất một khoản của kỳ đã ký nhận bằng tiền mặt.",
    ),
    Definition(
        "in_flight", "Số đối tượng đang chuyển", "Đang chuyển",
        "Người chưa nhận khoản nào của kỳ, có khoản đang lập, chờ chuyển hoặc đang được chuyển.",
    ),
    Definition("unpaid", "Số đối tượng chưa được chi trả", "Chưa chi trả", "Người đang hưởng còn lại."),
    Definition(
        "account_money", "Số tiền chi qua tài khoản", "Tiền qua tài khoản",
        "Tổng số tiền đã ghi có trừ số tiền bị hoàn trả của các kỳ chi trả trong kỳ báo cáo, kể cả của người đã thôi hưởng sau đó.",
    ),
    Definition("cash_money", "Số tiền chi tiền mặt", "Tiền mặt", "Tổng số tiền đã ký nhận bằng tiền mặt, cùng phạm vi."),
    Definition("in_flight_money", "Số tiền đang chuyển", "Tiền đang chuyển", "Tổng số tiền các khoản đang lập, chờ chuyển, đang được chuyển, cùng phạm vi."),
    Definition(
        "unpaid_money", "Số tiền chưa chi trả", "Tiền chưa chi trả",
        "Tổng số tiền phải chi trong kỳ chưa đến tay người hưởng và không đang chuyển, cùng phạm vi.",
    ),
)  # fmt: skip

RATES = (
    Definition(
        "coverage", "Tỷ lệ đối tượng hưởng an sinh xã hội đã có tài khoản", "Tỷ lệ có tài khoản",
        "Số đối tượng đã có tài khoản nhận trợ cấp (của chính mình, của người giám hộ hoặc người được ủy quyền) / tổng số đối tượng đang hưởng tại thời điểm "
        "chốt số liệu × 100",
        "accounts", "beneficiaries",
    ),
    Definition(
        "paid_of_accounts", "Tỷ lệ đối tượng có tài khoản đã được chi trả không dùng tiền mặt", "Tỷ lệ chi trả qua tài khoản",
        "Số đối tượng có ít nhất một khoản đã ghi có và không bị hoàn trả trong kỳ / số đối tượng đã có tài khoản × 100",
        "paid_cashless", "accounts",
    ),
    Definition(
        "paid_of_all", "Tỷ lệ chi trả không dùng tiền mặt trên tổng số đối tượng", "Tỷ lệ không dùng tiền mặt",
        "Số đối tượng có ít nhất một khoản đã ghi có và không bị hoàn trả trong kỳ / tổng số đối tượng đang hưởng × 100",
        "paid_cashless", "beneficiaries",
    ),
    Definition(
        "money_share", "Tỷ lệ kinh phí chi trả không dùng tiền mặt", "Tỷ lệ kinh phí qua tài khoản",
        "Số tiền đã chi qua tài khoản (trừ hoàn trả) / tổng số tiền đã chi trong kỳ × 100", "account_money", "paid_money",
    ),
    Definition(
        "cards", "Tỷ lệ cấp thẻ căn cước", "Tỷ lệ cấp thẻ",
        "Số người đã được cấp thẻ căn cước / số nhân khẩu đủ điều kiện cấp thẻ (toàn bộ nhân khẩu trong dữ liệu dân cư) × 100",
        "cards_issued", "residents",
    ),
    Definition(
        "eid", "Tỷ lệ kích hoạt tài khoản định danh điện tử", "Tỷ lệ kích hoạt định danh điện tử",
        "Số tài khoản định danh điện tử đã kích hoạt / số nhân khẩu đủ điều kiện có tài khoản định danh điện tử × 100",
        "eid_active", "eid_eligible",
    ),
)  # fmt: skip


def definitions_as_json() -> list[dict[str, str]]:
    """All definitions as they are frozen with a snapshot."""
    return [asdict(definition) for definition in (*COUNTS, *RATES)]
