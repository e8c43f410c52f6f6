"""A photograph of a paper keeps its picture and loses place, time and telephone, wherever they are hung on."""

import io

import pytest
from PIL import Image, PngImagePlugin

from staff.services.photographs import without_place

PLACE, PHONE = b"Thon Bay Cay Dua", b"Dien thoai cua ba Lan"
TURNED = 0x0112


def drawn() -> Image.Image:
    picture = Image.effect_noise((90, 60), 80).convert("RGB")
    return picture


def photograph(*, turned: int = 1, **options: object) -> bytes:
    """As a telephone writes it: Exif with place and telephone, a comment, and a second picture with its own behind the end."""
    exif = Image.Exif()
    exif[TURNED], exif[0x010F] = turned, PHONE.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (11.0, 34.0, 5.0), 29: PLACE.decode()})
    out = io.BytesIO()
    drawn().save(out, "JPEG", exif=exif, comment=PLACE, icc_profile=b"mau sac", **options)
    return out.getvalue() + b"\xff\xd8" + PLACE + PHONE


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.tobytes()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"quality": 95, "subsampling": 0}, {"restart_marker_blocks": 2}]
)
class TestAPhotograph:
    def test_tells_neither_place_nor_telephone(self, options: dict[str, object]) -> None:
        told = photograph(**options)
        bare = without_place(told)

        assert PLACE in told and PHONE in told
        assert PLACE not in bare and PHONE not in bare
        assert not Image.open(io.BytesIO(bare)).getexif().get_ifd(0x8825)

    def test_is_the_same_picture(self, options: dict[str, object]) -> None:
        told = photograph(**options)

        assert pixels(without_place(told)) == pixels(told)
        assert Image.open(io.BytesIO(without_place(told))).info["icc_profile"] == b"mau sac"

    def test_stripped_twice_is_the_same_paper(self, options: dict[str, object]) -> None:
        once = without_place(photograph(**options))

        assert without_place(once) == once


class TestHowItIsTurned:
    @pytest.mark.parametrize("turned", [3, 6, 8])
    def test_stays(self, turned: int) -> None:
        exif = Image.open(io.BytesIO(without_place(photograph(turned=turned)))).getexif()

        assert dict(exif) == {TURNED: turned}

    def test_of_an_upright_picture_is_not_told(self) -> None:
        assert b"Exif" not in without_place(photograph())


class TestAPicture:
    def test_of_a_screen_loses_its_notes(self) -> None:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Location", PLACE.decode())
        out = io.BytesIO()
        drawn().save(out, "PNG", pnginfo=notes)
        told = out.getvalue() + PHONE

        bare = without_place(told)

        assert PLACE not in bare and PHONE not in bare and pixels(bare) == pixels(told)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 ban quet", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff anh", b"\x89PNG\r\n\x1a\ncut"]
)
def test_what_is_no_picture_comes_back_as_it_came_but_for_a_lone_byte(content: bytes) -> None:
    assert without_place(content) in (content, content[:-1])


class TestAPictureThatWasCutOff:
    """On its way from a telephone: programs still show its upper half, and would show where it was taken."""

    @pytest.mark.parametrize("progressive", [False, True])
    def test_tells_no_place_wherever_the_cut_is(self, progressive: bool) -> None:
        whole = photograph(progressive=progressive)
        assert PLACE in whole[:400] and PHONE in whole[:400]
        for end in range(4, len(whole), 7):
            bare = without_place(whole[:end])
            assert PLACE not in bare and PHONE not in bare and without_place(bare) == bare

    def test_keeps_what_was_drawn(self) -> None:
        whole = photograph()
        cut = whole[: whole.index(b"\xff\xd9\xff\xd8") - 600]

        assert cut[cut.index(b"\xff\xda") :] in without_place(cut)

    def test_of_a_screen_loses_its_notes_too(self) -> None:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Location", PLACE.decode())
        out = io.BytesIO()
        drawn().save(out, "PNG", pnginfo=notes)
        whole = out.getvalue()
        for cut in (whole[:-20], whole[: whole.index(PLACE) + 3]):
            assert PLACE[:3] not in without_place(cut)

    def test_of_exif_nobody_can_read_goes_too(self) -> None:
        whole = photograph()
        broken = whole.replace(b"Exif\x00\x00MM", b"Exif\x00\x00ZZ").replace(b"Exif\x00\x00II", b"Exif\x00\x00ZZ")

        assert broken != whole and PLACE not in without_place(broken)
