-- People, contacts, credentials and unfinished forms of providers.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- A person is of an agency, of a provider, or of the house. A CHECK cannot be altered on every engine, so the table and
-- those that lean on it are made anew, the leaning ones first to go.
CREATE TABLE person_next (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT REFERENCES agency (id),
    provider_id TEXT REFERENCES provider (id),
    role TEXT NOT NULL CHECK (role IN ('commander', 'investigator', 'prosecutor', 'analyst', 'provider-reporter',
        'provider-admin')),
    sealed_name {blob} NOT NULL,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT,
    CHECK (agency_id IS NULL OR provider_id IS NULL),
    CHECK ((role IN ('provider-reporter', 'provider-admin')) = (provider_id IS NOT NULL))
);
INSERT INTO person_next (id, agency_id, role, sealed_name, added_at, disabled_at)
    SELECT id, agency_id, role, sealed_name, added_at, disabled_at FROM person;

CREATE TABLE sign_in_link_next (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person_next (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO sign_in_link_next (digest, person_id, issued_at, expires_at)
    SELECT digest, person_id, issued_at, expires_at FROM sign_in_link;

CREATE TABLE session_next (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person_next (id),
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    banner_acknowledged_at BIGINT,
    ended_at BIGINT
);
INSERT INTO session_next (digest, person_id, started_at, seen_at, banner_acknowledged_at, ended_at)
    SELECT digest, person_id, started_at, seen_at, banner_acknowledged_at, ended_at FROM session;

DROP TABLE session;
DROP TABLE sign_in_link;
DROP TABLE person;
-- Renaming carries the references along on both engines.
ALTER TABLE person_next RENAME TO person;
ALTER TABLE sign_in_link_next RENAME TO sign_in_link;
ALTER TABLE session_next RENAME TO session;
CREATE INDEX session_of_person ON session (person_id) WHERE ended_at IS NULL;

-- How a provider is reached (R-06). Nothing is overwritten: each version stands with its moment.
CREATE TABLE provider_contact (
    provider_id TEXT NOT NULL REFERENCES provider (id),
    version BIGINT NOT NULL CHECK (version > 0),
    recorded_at BIGINT NOT NULL,
    sealed_contact {blob} NOT NULL,
    PRIMARY KEY (provider_id, version)
);
-- The version in force when the report was opened; none where the provider had given none.
ALTER TABLE report ADD COLUMN contact_version BIGINT;
-- A provider's own list, the newest first.
CREATE INDEX report_of_provider ON report (provider_id, id);

-- A credential of the portal is nobody's secret: it stands for reports that people file by hand.
ALTER TABLE credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'api' CHECK (kind IN ('api', 'portal'));
ALTER TABLE credential ADD COLUMN ends_at BIGINT;
ALTER TABLE credential ADD COLUMN last_used_day BIGINT;
CREATE INDEX credential_of_provider ON credential (provider_id, added_at);

-- Answers of a report form that is being filled, under a key of its own, which is destroyed with it. Its number is drawn
-- from the numbers of reports and becomes no report's; report_id is the report that was opened with the answers.
CREATE TABLE report_form (
    number BIGINT NOT NULL PRIMARY KEY,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    person_id TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    report_id BIGINT REFERENCES report (id),
    sealed_answers {blob} NOT NULL
);
CREATE INDEX report_form_expires ON report_form (expires_at);
CREATE INDEX report_form_of_provider ON report_form (provider_id, number);
