-- What looking does to whoever looks. Each picture that was served counts here for its person, with the class that its
-- sender gave it; who looked at which file stands in media_view.
CREATE TABLE exposure (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    shown_at BIGINT NOT NULL,
    manner TEXT NOT NULL CHECK (manner IN ('grey', 'clear')),
    class TEXT NOT NULL
);
CREATE INDEX exposure_of_person ON exposure (person_id, shown_at);

-- Soft limits: an empty person is everybody of the home, an empty home the clearinghouse, an empty class any.
CREATE TABLE look_limit (
    agency_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    class TEXT NOT NULL,
    per_day BIGINT NOT NULL,
    per_week BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, person_id, class),
    CHECK (per_day >= 0 AND per_week >= 0)
);

-- What a person chose not to be shown. No reason is kept, because none is asked for.
CREATE TABLE spared_category (
    person_id TEXT NOT NULL,
    category TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, category)
);

-- Bytes of which somebody who saw them said of which class they are: that home is not shown them again.
CREATE TABLE known_media (
    agency_id TEXT NOT NULL,
    sha256 {blob} NOT NULL,
    class TEXT NOT NULL,
    said_by TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, sha256)
);
