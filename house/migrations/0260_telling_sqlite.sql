UPDATE message SET id = 'm-' || lower(hex(randomblob(8))), made_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000,
    due_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000
WHERE made_at = 0;
