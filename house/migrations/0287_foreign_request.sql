-- Reports that a provider made because an agency abroad asked: what became of them, which the provider may or must be told
-- (18 USC 2258A(d)(5)).
CREATE TABLE foreign_request (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES report (id),
    country TEXT,
    -- The agency that takes reports for that country by the rules of the day: its delivery is the answer.
    point TEXT,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    unable TEXT CHECK (unable IN ('nobody-there', 'not-qualified', 'not-named', 'conditions')),
    unable_at BIGINT,
    unable_by TEXT,
    forwarded_to TEXT REFERENCES agency (id),
    forwarded_at BIGINT,
    told_at BIGINT,
    version BIGINT NOT NULL,
    CHECK (opened_at <= due_at),
    CHECK ((unable IS NULL) = (unable_at IS NULL)),
    CHECK ((unable_by IS NULL) = (unable_at IS NULL)),
    CHECK ((forwarded_to IS NULL) = (forwarded_at IS NULL)),
    CHECK (told_at IS NULL OR forwarded_at IS NOT NULL)
);
CREATE INDEX foreign_request_open ON foreign_request (due_at, report_id) WHERE forwarded_at IS NULL AND unable_at IS NULL;
CREATE INDEX foreign_request_opened ON foreign_request (opened_at, report_id);
