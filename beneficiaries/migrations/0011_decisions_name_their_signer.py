"""A decision names who signed it, and its day can be one (ADR 76). What was recorded before this rule stays as it is: nobody can say it anew.

A registry taken over (`recorded_by` empty) may lack the signer of an old decision, and may tell of one whose day has still to come: the person is
taken in, and both are said.
"""

import datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# Signed by the day it was recorded, as people here count days.
SIGNED_BEFORE = """
ALTER TABLE beneficiaries_decision ADD CONSTRAINT decision_recorded_here_was_signed_before
    CHECK (recorded_by_id IS NULL OR signed_on <= (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) NOT VALID;
"""
BACK = "ALTER TABLE beneficiaries_decision DROP CONSTRAINT decision_recorded_here_was_signed_before;"


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0010_who_gave_out_a_code")]
    operations = [
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                name="decision_recorded_here_names_its_signer",
                condition=models.Q(("recorded_by__isnull", True), ("signer__regex", "\\S\\s+\\S"), _connector="OR"),
            ),
        ),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                name="decision_is_not_older_than_the_state",
                condition=models.Q(("signed_on__gte", datetime.date(1945, 9, 2))),
            ),
        ),
        migrations.RunSQL(SIGNED_BEFORE, BACK),
    ]
