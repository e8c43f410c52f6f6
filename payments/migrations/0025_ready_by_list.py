"""What waits to be sent is found list by list, so that a claim never walks past what other lists hold back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0024_sending_history")]

    operations = [
        migrations.RemoveIndex(model_name="payment", name="payment_to_send"),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("status", "READY")), fields=["batch", "id"], name="payment_of_list_to_send"
            ),
        ),
    ]
