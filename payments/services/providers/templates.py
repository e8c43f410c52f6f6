"""A provider's form: saved once, so that every list goes out in its columns and every answer is read by its headings and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beneficiaries.parsers.workbook import fold_heading
from payments.errors.providers import TemplateUnusable
from payments.models import Provider, ProviderTemplate, ResultLine
from payments.services.providers.columns import COLUMNS, KEYS, NEEDED, OURS
from payments.states import Channel
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province

Outcome = ResultLine.Outcome
MOST_COLUMNS = 60
RESULT_KEYS = ("payment", "code", "name", "amount", "result", "paid", "signed_by", "relation", "fingerprint", "reason")
OUR_WORDS: dict[str, tuple[str, ...]] = {
    Outcome.PAID: ("Đã nhận", "Đã chi", "Đã trả", "Đã chi trả", "Đã ký nhận", "Thành công"),
    Outcome.NOT_COLLECTED: ("Chưa nhận", "Chưa chi", "Chưa đến nhận", "Không đến nhận", "Vắng mặt"),
    Outcome.RETURNED: ("Trả lại", "Hoàn trả", "Không chi được", "Không thành công", "Từ chối nhận"),
}


@dataclass(frozen=True)
class Form:
    """A form ready for use: `columns` as (field, heading), `headings` folded heading → our key, `words` folded word → outcome.

    `titles` and `says` are the form's own, to ask for what is missing: our key → heading, outcome → the first word for it.
    """

    columns: tuple[tuple[str, str], ...]
    headings: Mapping[str, str]
    words: Mapping[str, str]
    titles: Mapping[str, str]
    says: Mapping[str, str]


def form_of(*, provider: Provider | None, channel: str) -> Form:
    """The provider's newest form for the channel; ours where it has none. Our own headings and words are always understood."""
    saved = (
        ProviderTemplate.objects.filter(provider=provider, channel=channel).order_by("-pk").first()
        if provider
        else None
    )
    columns = saved.columns if saved else [[key, COLUMNS[key].heading] for key in OURS[channel]]
    ours = {fold_heading(word): outcome for outcome, words in OUR_WORDS.items() for word in words}
    theirs = {fold_heading(word): outcome for outcome, words in saved.words.items() for word in words} if saved else {}
    headings = {fold_heading(heading): key for key, heading in columns if key in RESULT_KEYS} if saved else {}
    if saved:
        headings |= {fold_heading(heading): key for key, heading in saved.headings.items()}
    titles = {"result": "Kết quả", "paid": "Ngày nhận", "amount": COLUMNS["amount"].heading} | {
        key: heading for key, heading in columns if key
    }
    says = {outcome: words[0] for outcome, words in OUR_WORDS.items()}
    if saved:
        titles |= saved.headings
        says |= {outcome: words[0] for outcome, words in saved.words.items() if words}
    return Form(
        columns=tuple((key, heading) for key, heading in columns),
        headings=headings,
        words=ours | theirs,
        titles=titles,
        says=says,
    )


@transaction.atomic
def save_template(
    *,
    provider: Provider,
    channel: Channel,
    columns: Sequence[tuple[str, str]],
    headings: Mapping[str, str],
    words: Mapping[str, Sequence[str]],
    actor: User,
    now: datetime,
) -> ProviderTemplate:
    """Keep a form; lists handed over from now on use it. An empty field name stands for a column that stays empty.

    Raises `TemplateUnusable` with what is wrong: an unknown field, a heading twice, a field without which nobody can be paid or told apart.
    """
    require(actor, Right.KEEP_PROVIDERS, unit=the_province())
    keys = [key for key, _ in columns]
    folded = [fold_heading(heading) for _, heading in columns]
    wrong = sorted({key for key in keys if key and key not in COLUMNS})
    wrong += sorted({heading for _, heading in columns if folded.count(fold_heading(heading)) > 1})
    wrong += [COLUMNS[key].heading for key in sorted(NEEDED[channel] - set(keys))]
    wrong += [] if KEYS & set(keys) else ["Mã khoản chi"]
    wrong += sorted(set(headings) - set(RESULT_KEYS)) + sorted(set(words) - set(Outcome.values))
    said = [fold_heading(word) for group in words.values() for word in group]
    wrong += sorted({word for word in said if said.count(word) > 1})
    if wrong or len(columns) > MOST_COLUMNS or not all(folded):
        raise TemplateUnusable(conflicts=wrong)
    return ProviderTemplate.objects.create(
        provider=provider,
        channel=channel,
        columns=[list(column) for column in columns],
        headings=dict(headings),
        words={outcome: list(group) for outcome, group in words.items()},
        saved_by=actor,
        saved_at=now,
    )


def open_provider(*, code: str, name: str, actor: User, now: datetime) -> Provider:
    """Record a provider; the same code again is the same provider. Raises `NotAllowed`."""
    require(actor, Right.KEEP_PROVIDERS, unit=the_province())
    values = {"name": name, "recorded_by": actor, "recorded_at": now}
    return Provider.objects.get_or_create(code=code, defaults=values)[0]
