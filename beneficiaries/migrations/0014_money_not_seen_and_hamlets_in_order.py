"""A kind of case: the person has not seen money held to have arrived. And hamlets in the order people say them: thôn 2 before thôn 10."""

from django.db import migrations, models

from beneficiaries.models import CaseKind
from staff.migrations._statements import make

# Numbers padded; marks of tone dropped; a ă â b … d đ, by marks that sort after every letter. For ORDER BY … COLLATE "C", never to compare by.
HAMLETS = r"""
CREATE FUNCTION beneficiaries_hamlet_order(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(regexp_replace(translate(lower(
               regexp_replace(normalize(replace(replace(name, 'Đ', U&'d\036F'), 'đ', U&'d\036F'), NFD), U&'[\0300\0301\0303\0309\0323]', '', 'g')
           ), U&'\0306', U&'\0301'), '(\d+)', '00000\1', 'g'), '\d*(\d{6})(?!\d)', '\1', 'g')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0013_name_of_an_upload")]
    operations = [
        migrations.AlterField(
            model_name="case", name="kind", field=models.CharField(choices=CaseKind.choices, max_length=20)
        ),
        make(HAMLETS),
    ]
