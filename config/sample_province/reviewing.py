"""The answers of scripted reviewers: every row the exact match does not confirm, except those left open."""

from datetime import date, timedelta

import numpy as np

from config.sample_province.damage import Typist, exactly_confirmed
from config.sample_province.people import Enrolment, Identity, Person, Review
from config.sample_province.residents import printed_number

RIGHT_PERSON, NOT_FOUND, ANOTHERS_NUMBER, DUPLICATE = "Đúng người", "Không tìm thấy", "Số của người khác", "Trùng"
_GROUNDS = ("Thẻ căn cước", "Sổ hộ khẩu cũ và giấy khai sinh", "Công an xã xác nhận", "Đến nhà kiểm tra")


def type_and_review(*, people: list[Person], typist: Typist, rng: np.random.Generator) -> None:
    """Fill the cells of every row and the answer where one is needed."""
    for person in people:
        for enrolment in person.enrolments:
            enrolment.cells = typist.type_row(person)
            enrolment.review = _answer(person, enrolment, rng)


def _answer(person: Person, enrolment: Enrolment, rng: np.random.Generator) -> Review | None:
    assert enrolment.cells is not None
    original = enrolment.duplicate_of
    if original is not None:
        result, number, other = DUPLICATE, printed_number(person.number), original.code
    elif person.identity is Identity.ABSENT:
        result, number, other = NOT_FOUND, "", ""
    elif person.identity is Identity.CONFLICT:
        result, number, other = ANOTHERS_NUMBER, "", ""
    elif person.identity is Identity.OPEN or exactly_confirmed(person, enrolment.cells):
        return None
    else:
        result, number, other = RIGHT_PERSON, printed_number(person.number), ""
    ground = _GROUNDS[int(rng.integers(len(_GROUNDS)))]
    reviewed_on = date(2024, enrolment.folder, 16) - timedelta(days=int(rng.integers(0, 3)))
    return Review(result=result, number=number, duplicate_of=other, ground=ground, reviewed_on=reviewed_on)
