"""Who is named in an old decision: "Chủ tịch, UBND xã", "PCT UBND xã", "Đã ký", "Chưa rõ" name nobody, as `beneficiaries.linkage.signers` has it (ADR 81)."""

from django.db import migrations

from staff.migrations._statements import make

# One expression over one text, so that the planner takes it into the query: half a million decisions are looked through for a list of a province.
# Named: not every part begins with a title or an office, or behind one stands a known surname with two words more, which is not a place's name.
NAMES = r"""
CREATE OR REPLACE FUNCTION beneficiaries_names_its_signer(signer text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT signer ~ '\S\s+\S' AND (
        regexp_replace(signer, '\s[-–—/]\s', ', ', 'g') !~* '^(\s*((kt|tm|tl|tuq|q)\.?\s+|quyền\s+|phó\s+|cấp\s+|phụ trách\s+)*(chủ tịch|(tổng )?giám đốc|bộ trưởng|thứ trưởng|(chi )?cục trưởng|vụ trưởng|trưởng (phòng|ban|thôn|công an)|thủ trưởng|thủ tướng|chánh (văn phòng|thanh tra)|bí thư|chủ nhiệm|hiệu trưởng|viện trưởng|đội trưởng|p?ct|p?gđ|ubnd|ubhc|hđnd|[uủ][yỷ] ban|hội đồng|sở|xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|đặc khu|đã ký|ký thay|chưa rõ|không rõ)\M[^,;:()]*([,;:()]+|$)|\s*[^,;:()\s]*\s*([,;:()]+|$))+$'
        OR signer ~* '(?<!\m(xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|đặc khu)\s+)\m(nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|trương|đinh|trịnh|đoàn|đào|lương|lưu|mai|lâm|cao|hà|tô|tạ|phùng|châu|quách|thạch)\s+\S+\s+\S'
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0016_home_visits_and_names_of_files")]
    operations = [make(NAMES)]
