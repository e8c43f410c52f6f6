"""That a password was set anew stands in the history, with who did it; of the password itself nothing does."""

from django.db import migrations, models

from staff.migrations._statements import keep_history

COLUMNS = ("role", "unit_id", "is_active", "is_superuser")


class Migration(migrations.Migration):
    dependencies = [("staff", "0009_keys_wrapped_by_a_master")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="password_set_at",
            field=models.DateTimeField(
                null=True, help_text="so that the history has who set another password, and when; never the hash"
            ),
        ),
        migrations.RunSQL(
            keep_history("staff_user", *COLUMNS, "password_set_at", inserts=True),
            keep_history("staff_user", *COLUMNS, inserts=True),
        ),
    ]
