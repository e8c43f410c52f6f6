"""Who signed an old decision can be said afterwards, from the paper and by two people (ADR 81); the decision stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import id_never_changes, keep_history, make, never_deleted

# What a registry gave as a signer may be a title alone ("Chủ tịch UBND xã"): as `beneficiaries.linkage.signers` reads it, of an undivided text.
NAMES = r"""
CREATE FUNCTION beneficiaries_names_its_signer(signer text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT signer ~ '\S\s+\S' AND NOT (
        signer ~* '^\s*(((kt|tm|tl|tuq|q)\.?|quyền|phó)\s+)*(chủ tịch|(tổng )?giám đốc|bộ trưởng|thứ trưởng|trưởng phòng|trưởng ban|chánh |bí thư|ubnd|ubhc|[uủ][yỷ] ban|sở )'
        AND signer !~ '[,;:(]|\s[-–—]\s'
        AND signer !~* '\m(nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|trương|đinh|trịnh|đoàn|đào|lương|lưu|mai|lâm|cao|hà)\s+\S+\s+\S'
    )
$$;
"""
OF = """
CREATE FUNCTION beneficiaries_signer_of(decision bigint, kept text) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT s.signer || ' (bổ sung ngày ' || to_char(s.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY') || ')'
                     FROM beneficiaries_suppliedsigner s WHERE s.decision_id = decision AND s.status = 'IN_FORCE' ORDER BY s.id DESC LIMIT 1),
                    CASE WHEN beneficiaries_names_its_signer(kept) THEN kept ELSE '' END)
$$;
"""
# Begun as a proposal about a decision that names nobody; decided once.
GUARD = """
CREATE FUNCTION beneficiaries_supplied_signer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'PROPOSED' THEN
            RAISE EXCEPTION 'a signer is proposed first' USING ERRCODE = 'check_violation', CONSTRAINT = 'supplied_signer_begins_proposed';
        END IF;
        IF EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.id = NEW.decision_id AND beneficiaries_names_its_signer(d.signer)) THEN
            RAISE EXCEPTION 'this decision names its signer' USING ERRCODE = 'check_violation', CONSTRAINT = 'named_signer_is_not_replaced';
        END IF;
    ELSIF OLD.status <> 'PROPOSED'
          OR to_jsonb(NEW) - ARRAY['status', 'decided_by_id', 'decided_at', 'note'] <> to_jsonb(OLD) - ARRAY['status', 'decided_by_id', 'decided_at', 'note'] THEN
        RAISE EXCEPTION 'a proposed signer is decided once, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'supplied_signer_is_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supplied_signer_guard BEFORE INSERT OR UPDATE ON beneficiaries_suppliedsigner FOR EACH ROW
    EXECUTE FUNCTION beneficiaries_supplied_signer_guard();
"""
TABLE = "beneficiaries_suppliedsigner"
# A day before the state was founded is none. What was taken over with one before this was held goes along when somebody moves, as it stands.
DAY = """
CREATE FUNCTION beneficiaries_decision_day_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.recorded_by_id IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_decision d ON d.enrolment_id = e.continues_id
                      WHERE e.id = NEW.enrolment_id AND (d.kind, d.number, d.signed_on) = (NEW.kind, NEW.number, NEW.signed_on)) THEN
        RAISE EXCEPTION 'decision_is_not_older_than_the_state: signed on %', NEW.signed_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_is_not_older_than_the_state';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_day_guard BEFORE INSERT ON beneficiaries_decision FOR EACH ROW WHEN (NEW.signed_on < DATE '1945-09-02')
    EXECUTE FUNCTION beneficiaries_decision_day_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0014_money_not_seen_and_hamlets_in_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SuppliedSigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signer", models.CharField(max_length=100)),
                ("seen", models.CharField(max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "Chờ người thứ hai xác nhận"),
                            ("IN_FORCE", "Đã xác nhận"),
                            ("REFUSED", "Không chấp nhận"),
                            ("WITHDRAWN", "Đã rút"),
                        ],
                        default="PROPOSED",
                        max_length=9,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", help_text="why it was refused or withdrawn", max_length=300
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplied_signers",
                        to="beneficiaries.decision",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("signer__regex", "\\S\\s+\\S"), models.Q(("seen", ""), _negated=True)),
                        name="supplied_signer_names_somebody_and_the_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("status", "PROPOSED")
                            ),
                            models.Q(
                                models.Q(("status", "PROPOSED"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="supplied_signer_decided_by_and_at_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["IN_FORCE", "REFUSED"]), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="supplied_signer_is_confirmed_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "WITHDRAWN"), _negated=True),
                            ("decided_by", models.F("proposed_by")),
                            _connector="OR",
                        ),
                        name="supplied_signer_is_withdrawn_by_its_proposer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "REFUSED"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_supplied_signer_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "PROPOSED")),
                        fields=("decision",),
                        name="one_signer_of_a_decision_waits",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="decision", name="decision_is_not_older_than_the_state"),
        make(
            DAY,
            NAMES,
            OF,
            GUARD,
            never_deleted(TABLE),
            id_never_changes(TABLE),
            keep_history(TABLE, "status", "decision_id", "signer", "proposed_by_id", "decided_by_id", inserts=True),
        ),
    ]
