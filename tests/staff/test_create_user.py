"""A member of staff is made by one command, with a password that is never an argument."""

import io

import pytest
from django.core.management import CommandError, call_command

from staff.models import AdministrativeUnit, Role, User

PASSWORD = "mot cau rat dai 2026"


@pytest.fixture
def province(db: None) -> AdministrativeUnit:
    return AdministrativeUnit.objects.create(code="97", name="Tỉnh Mẫu", kind="PROVINCE", path="97/")


def create(monkeypatch: pytest.MonkeyPatch, *, password: str = PASSWORD, unit: str = "97") -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    call_command("create_user", "ke.toan", name="Trần Văn Kiểm", role=Role.CHECKER, unit=unit, stdout=said)
    return said.getvalue()


class TestCreateUser:
    def test_gives_one_role_in_one_unit(self, province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch) -> None:
        said = create(monkeypatch)

        user = User.objects.get(username="ke.toan")
        assert (user.role, user.unit, user.check_password(PASSWORD)) == (Role.CHECKER, province, True)
        assert "Kế toán trưởng" in said
        assert PASSWORD not in said

    def test_refuses_a_second_user_of_the_name(
        self, province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(monkeypatch)

        with pytest.raises(CommandError, match="đã có"):
            create(monkeypatch)

    @pytest.mark.parametrize(("password", "unit"), [("ngan", "97"), (PASSWORD, "98")])
    def test_creates_nobody_with_a_short_password_or_no_unit(
        self, province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch, password: str, unit: str
    ) -> None:
        with pytest.raises(CommandError):
            create(monkeypatch, password=password, unit=unit)

        assert not User.objects.exists()
