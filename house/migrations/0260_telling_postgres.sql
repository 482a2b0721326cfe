UPDATE message SET id = 'm-' || SUBSTR(MD5(CAST(gen_random_uuid() AS TEXT)), 1, 16),
    made_at = CAST(EXTRACT(EPOCH FROM NOW()) AS BIGINT) * 1000000,
    due_at = CAST(EXTRACT(EPOCH FROM NOW()) AS BIGINT) * 1000000
WHERE made_at = 0;
