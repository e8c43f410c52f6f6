"""The lists a dossier is about, and the start every statement about them shares."""

# Lists paid by the unit or below, and lists paid further up that hold somebody of it.
LISTS = """
WITH lists AS (
    SELECT t.id, t.status, t.channel, t.revision, t.funding_account_id, u.name AS paying_name, t.sequence,
           g.name || ' – ' || CASE t.channel WHEN 'ACCOUNT' THEN 'chuyển khoản' ELSE 'tiền mặt' END || ' – ' || u.name
           || CASE WHEN t.supplementary THEN ' (danh sách bổ sung số ' || t.sequence || ')'
                   WHEN t.sequence > 0 THEN ' (chi lại lần ' || t.sequence || ')' ELSE '' END AS label
    FROM payments_paymentbatch t JOIN payments_cycle c ON c.id = t.cycle_id AND c.month = %(month)s
    JOIN beneficiaries_programme g ON g.id = t.programme_id JOIN staff_administrativeunit u ON u.id = t.paying_unit_id
    WHERE t.status <> 'CANCELLED' AND (starts_with(u.path, %(scope)s) OR (starts_with(%(scope)s, u.path) AND EXISTS (
        SELECT 1 FROM payments_payment p JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
        JOIN staff_administrativeunit o ON o.id = b.unit_id AND starts_with(o.path, %(scope)s) WHERE p.batch_id = t.id)))
), own AS (
    SELECT p.*, b.full_name, l.label, l.channel, o.name AS unit_name FROM lists l JOIN payments_payment p ON p.batch_id = l.id
    JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    JOIN staff_administrativeunit o ON o.id = b.unit_id AND starts_with(o.path, %(scope)s)
)
"""
LISTED = LISTS + "SELECT * FROM lists ORDER BY label"
