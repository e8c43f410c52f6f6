"""Who received for a person, and whose telephone it is: the whole of it, oldest first, without a number."""

from datetime import date

from beneficiaries.services.receiving.agents_and_phones import agents_of, phones_of
from beneficiaries.services.receiving.contacts import record_phone, set_opt_out
from beneficiaries.services.receiving.payees import Paper, end_payee, record_payee
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, TODAY, Offices, the_person


def test_every_relation_stands_with_its_last_day(offices: Offices) -> None:
    offices.receive(person())
    who, maker = the_person(), offices.maker
    paper = Paper(number="12/CT", certified_by="UBND xã", valid_from=date(2024, 1, 1), valid_until=date(2030, 1, 1))
    given = {"beneficiary": who, "kind": "AUTHORISED", "full_name": "Trần Thị Con", "actor": maker, "now": NOW}
    relation = record_payee(paper=paper, identity_number="097142000077", phone="0912345678", **given)
    end_payee(relation=relation, reason="REVOKED", on=TODAY, actor=maker, now=NOW)
    record_payee(
        beneficiary=who,
        kind="CARER",
        full_name="Lê Thị Ba",
        paper=Paper(number="7/QĐ-UBND", valid_from=TODAY),
        actor=maker,
        now=NOW,
    )

    first, second = agents_of([who.pk])
    assert (first.kind, first.paper, first.last_day, first.end_reason, first.ended_by) == (
        "Người được ủy quyền", "12/CT", date(2024, 6, 14), "Chấm dứt theo đề nghị", "nguoilap",
    )  # fmt: skip
    assert (second.full_name, second.last_day, second.ended_by) == ("Lê Thị Ba", None, "")
    assert "097142000077" not in repr([first, second])


def test_a_telephone_is_told_by_whose_it_is(offices: Offices) -> None:
    offices.receive(person())
    who = the_person()
    record_phone(
        beneficiary_id=who.pk, number="0912345678", owner="RELATIVE", owner_name="Trần Thị Con", actor=offices.maker, now=NOW
    )  # fmt: skip
    set_opt_out(beneficiary_id=who.pk, wants_none=True, actor=offices.maker, now=NOW)

    (contact,) = phones_of([who.pk])
    assert (contact.owner, contact.owner_name, contact.opted_out_at) == ("Của người thân", "Trần Thị Con", NOW)
    assert "0912345678" not in repr(contact)
