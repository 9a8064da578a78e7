-- Version 2: the sums of /api/stats/revenue come from an index and not from all rows.

CREATE INDEX transactions_by_type_and_status ON transactions (type, status, amount_cents);
