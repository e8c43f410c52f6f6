"""Keys of personal data, wrapped under a master key of the environment: the master is exchanged without touching a sealed row."""

from django.db import migrations, models

from staff.migrations._statements import keep_history, make, never_deleted

# `wrapped` is not kept in the history: it would hold every key under every master there ever was.
GUARD = """
CREATE FUNCTION staff_data_key_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.fingerprint, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.fingerprint, OLD.made_at) THEN
        RAISE EXCEPTION 'a data key stays the key it was made as' USING ERRCODE = 'check_violation', CONSTRAINT = 'data_key_stays_itself';
    END IF;
    IF OLD.retired_at IS NOT NULL THEN
        RAISE EXCEPTION 'a retired data key is gone' USING ERRCODE = 'check_violation', CONSTRAINT = 'data_key_does_not_come_back';
    END IF;
    IF NEW.retired_at IS NOT NULL AND NOT EXISTS (SELECT FROM staff_datakey k WHERE k.id > OLD.id AND k.retired_at IS NULL) THEN
        RAISE EXCEPTION 'the newest data key seals' USING ERRCODE = 'check_violation', CONSTRAINT = 'data_key_that_seals_is_not_retired';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER data_key_guard BEFORE UPDATE ON staff_datakey FOR EACH ROW EXECUTE FUNCTION staff_data_key_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_what_inspectors_open")]
    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=16)),
                ("wrapped", models.BinaryField(null=True)),
                ("wrapped_by", models.CharField(help_text="fingerprint of the master key", max_length=16)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="data_key_is_numbered_by_one_byte",
                        condition=models.Q(("id__gte", 1), ("id__lte", 255)),
                    ),
                    models.CheckConstraint(
                        name="data_key_is_wrapped_until_it_is_retired",
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("wrapped__isnull", False)),
                            models.Q(("retired_at__isnull", False), ("wrapped__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                ]
            },
        ),
        make(
            GUARD,
            never_deleted("staff_datakey"),
            keep_history("staff_datakey", "fingerprint", "wrapped_by", "made_at", "retired_at", inserts=True),
        ),
    ]
