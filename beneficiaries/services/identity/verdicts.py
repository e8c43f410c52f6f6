"""Record verdicts and let the latest one have its effect: on the identity status and on cases, never on whether somebody is paid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from beneficiaries.linkage.names import HONOURS
from beneficiaries.models import CaseKind, IdentityEnquiry, ReceivedFile, Verdict
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.services.identity.match import link_same_people
from staff.models import User

HONOURED = f"^(?:{'|'.join(HONOURS)})+(?=[a-z])"  # as `without_honour`, of keys that normalisers before 3 made
_NEWS = """
CREATE TEMP TABLE verdict_news (
    id bigint, question_id bigint, beneficiary_id bigint, outcome text, answered_on date, recorded bigint, counts boolean, unchanged boolean
) ON COMMIT DROP
"""
_STAGE = """
WITH added AS (
    INSERT INTO beneficiaries_verdict
        (question_id, beneficiary_id, outcome, source, answered_on, recorded_at, recorded_by_id, file_id, sealed_note)
    SELECT q.id, q.beneficiary_id, a.outcome, %(source)s, a.answered_on, %(now)s, %(actor)s, %(file)s, a.note
    FROM (SELECT unnest(%(ordinals)s::int[]) AS ordinal, unnest(%(outcomes)s::text[]) AS outcome,
                 unnest(%(days)s::date[]) AS answered_on, unnest(%(notes)s::bytea[]) AS note) a
    JOIN beneficiaries_identityquestion q ON q.enquiry_id = %(enquiry)s AND q.ordinal = a.ordinal
    WHERE a.answered_on >= %(asked_on)s  -- what was said before anybody asked answers no question
    ON CONFLICT DO NOTHING
    RETURNING id, question_id, beneficiary_id, outcome, answered_on
), latest AS (
    SELECT DISTINCT ON (beneficiary_id) * FROM added ORDER BY beneficiary_id, answered_on DESC, id DESC
)
INSERT INTO verdict_news
SELECT l.*, (SELECT count(*) FROM added) AS recorded,
       NOT EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.beneficiary_id = l.beneficiary_id AND v.answered_on > l.answered_on)
       AND NOT EXISTS (SELECT 1 FROM beneficiaries_identitymatch m WHERE m.beneficiary_id = l.beneficiary_id AND l.outcome <> 'MATCHES'
                       AND (m.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > l.answered_on) AS counts,
       -- A verdict is about what was asked: it proves nothing of a number or name put in since. Questions keep the key of their day.
       (b.number_id, b.name_key, b.birth_date, b.birth_year)
           IS NOT DISTINCT FROM (q.number_id, regexp_replace(q.name_key, %(honours)s, ''), q.birth_date, q.birth_year) AS unchanged
FROM latest l JOIN beneficiaries_identityquestion q ON q.id = l.question_id JOIN beneficiaries_beneficiary b ON b.id = l.beneficiary_id
"""
_KNOW_RESIDENTS = """
INSERT INTO beneficiaries_identityrecord
    (number_id, full_name, name_key, birth_date, birth_year, sex, unit_id, hamlet, basis, card_issued, eid_eligible, eid_active)
SELECT DISTINCT ON (b.number_id)
       b.number_id, b.full_name, b.name_key, b.birth_date, b.birth_year, b.sex, b.unit_id, b.hamlet, 'VERDICT', false, false, false
FROM verdict_news n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
WHERE n.outcome = 'MATCHES' AND n.counts AND n.unchanged AND b.number_id IS NOT NULL
ORDER BY b.number_id, b.id
ON CONFLICT (number_id) DO NOTHING
"""
_CONFIRM = """
WITH confirmed AS (
    UPDATE beneficiaries_beneficiary b SET identity_status = 'MATCHED', identity_id = r.id
    FROM verdict_news n, beneficiaries_identityrecord r
    WHERE n.beneficiary_id = b.id AND n.outcome = 'MATCHES' AND n.counts AND n.unchanged AND r.number_id = b.number_id
      AND r.name_key = b.name_key AND r.birth_year IS NOT DISTINCT FROM b.birth_year AND r.sex = b.sex
    RETURNING b.id, r.id AS identity_id, n.answered_on
), kept AS (
    INSERT INTO beneficiaries_identitymatch (beneficiary_id, identity_id, band, evidence, decided_by_id, decided_at)
    SELECT c.id, c.identity_id, 'VERDICT', jsonb_build_array('trả lời xác minh ngày ' || to_char(c.answered_on, 'DD/MM/YYYY') || ': khớp đúng'),
           %(actor)s, %(now)s
    FROM confirmed c
)
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = 'Trả lời xác minh: khớp đúng',
       solution = '', proposal = NULL, proposed_by_id = NULL
FROM confirmed k WHERE c.beneficiary_id = k.id AND c.kind = 'IDENTITY' AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED')
"""
# Nobody found under their number says nothing for the resident they contradict: they stay in doubt, and don't die by that one (ADR 55).
_DOUBT = """
UPDATE beneficiaries_beneficiary b SET identity_status = CASE
    WHEN n.outcome = 'NOT_FOUND' AND NOT (b.identity_status = 'CONFLICT' AND b.identity_id IS NOT NULL) THEN 'NOT_FOUND' ELSE 'CONFLICT' END
FROM verdict_news n
WHERE n.beneficiary_id = b.id AND n.counts AND n.unchanged AND n.outcome IN ('WRONG_NAME', 'WRONG_BIRTH_DATE', 'WRONG_NUMBER', 'NOT_FOUND')
"""
# "Khớp đúng" that can't be used is work for a person too: no number in the file, or another source says something else.
_WORK = """
CREATE TEMP TABLE verdict_work ON COMMIT DROP AS
SELECT b.id AS beneficiary_id, b.unit_id,
       CASE n.outcome WHEN 'DECEASED' THEN 'DECEASED' WHEN 'DUPLICATE' THEN 'DUPLICATE' ELSE 'IDENTITY' END AS kind,
       CASE WHEN n.outcome = 'MATCHES' AND b.number_id IS NULL THEN 'NUMBER_MISSING'
            WHEN n.outcome = 'MATCHES' THEN 'SOURCES_DISAGREE' ELSE 'VERDICT_' || n.outcome END AS reason,
       'trả lời xác minh ngày ' || to_char(n.answered_on, 'DD/MM/YYYY') || ': ' || o.label AS sentence
FROM verdict_news n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
JOIN (SELECT unnest(%(codes)s::text[]) AS code, unnest(%(labels)s::text[]) AS label) o ON o.code = n.outcome
WHERE n.counts AND (n.unchanged OR n.outcome IN ('DECEASED', 'DUPLICATE')) AND NOT (n.outcome = 'MATCHES' AND b.identity_status = 'MATCHED')
"""
_ADD_TO_OPEN_CASES = """
UPDATE beneficiaries_case c SET evidence = c.evidence || jsonb_build_array(w.sentence)
FROM verdict_work w
WHERE c.beneficiary_id = w.beneficiary_id AND c.kind = w.kind AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED') AND NOT c.evidence ? w.sentence
"""
_FOUND = """
WITH found AS (
    SELECT w.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, w.unit_id, w.reason, '' AS subject,
           jsonb_build_array(w.sentence) AS evidence
    FROM verdict_work w
    WHERE w.kind = %(kind)s AND NOT EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = w.beneficiary_id AND c.kind = w.kind
                                            AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED'))
)"""
_IDLE = """
SELECT q.ordinal, n.counts FROM verdict_news n JOIN beneficiaries_identityquestion q ON q.id = n.question_id
WHERE NOT n.counts OR (NOT n.unchanged AND n.outcome NOT IN ('DECEASED', 'DUPLICATE')) ORDER BY q.ordinal
"""
OVERTAKEN = "đã có kết quả hoặc kết luận mới hơn ngày trả lời này; kết quả được lưu, không thay đổi hồ sơ."
BEFORE_ASKED = (
    "ghi ngày trả lời trước ngày hỏi nên không phải kết quả của câu hỏi này; không được lưu, người này sẽ được hỏi lại."
)
CHANGED_SINCE = (
    "hồ sơ đã sửa từ khi hỏi; kết quả nói về thông tin cũ nên được lưu mà không thay đổi hồ sơ, mời hỏi lại."
)
_COUNT = "SELECT coalesce(max(recorded), 0), count(*) FILTER (WHERE NOT counts) FROM verdict_news"


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """One answer to the question `ordinal` of an enquiry; `sealed_note` is encrypted already."""

    ordinal: int
    outcome: str
    answered_on: date
    sealed_note: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """`recorded` new verdicts; of the people in them, `overtaken` had a newer answer or decision, so theirs changed nothing.

    `without_effect`: by ordinal, the sentence why the answer changed nothing.
    """

    recorded: int
    overtaken: int
    confirmed: int
    doubted: int
    cases_opened: int
    without_effect: dict[int, str]


@transaction.atomic
def record_verdicts(
    *,
    enquiry: IdentityEnquiry,
    given: Sequence[VerdictGiven],
    actor: User,
    now: datetime,
    file: ReceivedFile | None,
) -> Recorded:
    """Keep the verdicts, each once, and apply the latest of each person. Callers have checked the actor's right; repeating changes nothing.

    MATCHES: MATCHED (with a resident record of its own where no extract knows the number). A wrong name, date or number: CONFLICT; not
    found: NOT_FOUND; dead and duplicate leave the status. All but the first open a case. Only a new or changed account waits for it.
    """
    values: dict[str, Any] = {
        "enquiry": enquiry.pk, "asked_on": localdate(enquiry.asked_at),
        "source": enquiry.source, "actor": actor.pk, "now": now, "file": file.pk if file else None,
        "ordinals": [one.ordinal for one in given], "outcomes": [one.outcome for one in given],
        "days": [one.answered_on for one in given], "notes": [one.sealed_note for one in given],
        "honours": HONOURED, "codes": Verdict.Outcome.values, "labels": [str(label).lower() for label in Verdict.Outcome.labels],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.verdict_news, pg_temp.verdict_work")
        cursor.execute(_NEWS)
        cursor.execute(_STAGE, values)
        cursor.execute("ANALYZE verdict_news")
        recorded, overtaken = cursor.execute(_COUNT).fetchone()
        idle = {one.ordinal: BEFORE_ASKED for one in given if one.answered_on < values["asked_on"]}
        idle |= {
            ordinal: CHANGED_SINCE if counts else OVERTAKEN for ordinal, counts in cursor.execute(_IDLE).fetchall()
        }
        cursor.execute(_KNOW_RESIDENTS)
        cursor.execute(_CONFIRM, values)
        cursor.execute(_DOUBT)
        doubted = int(cursor.rowcount)
        cursor.execute(_WORK, values)
        cursor.execute(_ADD_TO_OPEN_CASES)
        confirmed = cursor.execute(
            "SELECT count(*) FROM verdict_news n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id "
            "WHERE n.outcome = 'MATCHES' AND n.counts AND b.identity_status = 'MATCHED'"
        ).fetchone()[0]
        answered = [pk for (pk,) in cursor.execute("SELECT beneficiary_id FROM verdict_news WHERE counts").fetchall()]
    opened = sum(
        raise_cases(kind=kind, found=_FOUND, given={"kind": kind}, now=now)
        for kind in (CaseKind.IDENTITY, CaseKind.DUPLICATE, CaseKind.DECEASED)
    )
    link_same_people(now=now)
    follow_identities(people=answered, actor_id=actor.pk, now=now)
    return Recorded(
        recorded=recorded,
        overtaken=overtaken,
        confirmed=confirmed,
        doubted=doubted,
        cases_opened=opened,
        without_effect=idle,
    )
