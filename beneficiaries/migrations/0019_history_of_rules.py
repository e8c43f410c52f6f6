"""Rules that decide what is owed are kept as history, and never deleted: a newer row takes the place of an older one."""

from django.db import migrations

KEPT = {
    "beneficiaries_exclusion": (
        ["programme_id", "category_id", "other_programme_id", "other_category_id", "together", "valid_from"],
        True,
    ),
    "beneficiaries_agechange": (["category_id", "age", "next_category_id", "ended_on"], True),
}
DATED = ["beneficiaries_exclusion", "beneficiaries_topuprate", "beneficiaries_agechange"]
GUARDS = "\n".join(
    f"CREATE TRIGGER never_deleted BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();"
    for table in DATED
)


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0018_age_rules_end"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, {inserts});", migrations.RunSQL.noop)
        for table, (columns, inserts) in KEPT.items()
    ] + [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
