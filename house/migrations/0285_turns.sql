-- Whoever writes down or hands on what names somebody waits here for whoever just does the same, and whoever asks about a
-- report waits for both: as many rows as there are places, made once, so that one can wait for a row that nobody wrote yet.
CREATE TABLE selector_turn (
    place BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO selector_turn (place)
WITH RECURSIVE places (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place < 4095)
SELECT place FROM places;
