//! Steps of the schema that make tables anew: what stood in them stands in them afterwards.

use database::bind;
use house::migrations::ALL;
use testkit::both_engines;

/// People and what leans on them, as they stood before providers had people.
const BEFORE: [&str; 4] = [
    "-- test::agency
    INSERT INTO agency (id, name, class, changed_at) VALUES ('a-1', 'An agency', 'STATE', 1)",
    "-- test::person
    INSERT INTO person (id, agency_id, role, sealed_name, added_at) VALUES ('p-1', 'a-1', 'analyst', '', 1)",
    "-- test::link
    INSERT INTO sign_in_link (digest, person_id, issued_at, expires_at) VALUES ('1', 'p-1', 1, 2)",
    "-- test::session
    INSERT INTO session (digest, person_id, started_at, seen_at) VALUES ('2', 'p-1', 1, 2)",
];

/// A report that an agency has, what its people recorded to look at its file, and one look.
const LOOKED: [&str; 9] = [
    "-- test::provider
    INSERT INTO provider (id, name, added_at) VALUES ('v-1', 'A provider', 1)",
    "-- test::credential
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at)
    VALUES ('v-1-1', 'v-1', 'v-1', '', 1, 1, 1)",
    "-- test::report
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, documents, files, opened_at,
        finished_at, preserve_until, submission_sha256)
    VALUES (7, 'v-1', 'v-1-1', 'retained', 'csam', 0, 1, 1, 1, 2, 3, '')",
    "-- test::evidence
    INSERT INTO evidence (report_id, file_id, position, received_at, size_bytes, md5, sha1, sha256, viewed,
        exif_viewed, publicly_available, sealed_upload)
    VALUES (7, 'f-1', 1, 1, 1, '', '', '', 'No', 'No', 'No', '')",
    "-- test::delivery
    INSERT INTO delivery (leaf_id, report_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency,
        received_at, provider_id, incident_type, files)
    VALUES ('1', 7, 'a-1', 'C2-STATE', 'portal', 'r', 's', 'set', 4, 2, 2, 'v-1', 'csam', 1)",
    "-- test::ground
    INSERT INTO ground (id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, sealed_words)
    VALUES ('g-1', 7, 'a-1', 'WARRANT', 'p-1', 5, 5, 9, '')",
    "-- test::ground_file
    INSERT INTO ground_file (ground_id, report_id, file_id) VALUES ('g-1', 7, 'f-1')",
    "-- test::media_permission
    INSERT INTO media_permission (id, person_id, agency_id, granted_by, granted_at, until_at, sealed_reason)
    VALUES ('m-1', 'p-1', 'a-1', 'p-2', 5, 9, '')",
    "-- test::media_view
    INSERT INTO media_view (id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner,
        ground, ground_id, asked_at, expires_at, served_at)
    VALUES ('w-1', '3', '2', 'p-1', 'a-1', 7, 'f-1', '', 'grey', 'WARRANT', 'g-1', 6, 7, 6)",
];

const STILL_LOOKED: &str = "-- test::still_looked
    SELECT COUNT(*) FROM ground
    JOIN ground_file ON ground_file.ground_id = ground.id AND ground_file.file_id = 'f-1'
    JOIN media_permission ON media_permission.person_id = ground.recorded_by AND granted_at = 5 AND granted_by = 'p-2'
    JOIN media_view ON media_view.ground_id = ground.id AND served_at = 6 AND relaxation IS NULL
    JOIN standing ON standing.report_id = ground.report_id AND standing.agency_id = ground.agency_id
    WHERE ground.kind = 'WARRANT' AND ground.recorded_at = 5 AND ground.until_at = 9 AND standing.due_at > 4";

/// What the remade tables refuse as those before them did, and a ground of the house that is not its counsel's.
const REFUSED: [&str; 5] = [
    "-- test::file_of_no_ground
    INSERT INTO ground_file (ground_id, report_id, file_id) VALUES ('nothing', 7, 'f-1')",
    "-- test::file_of_no_evidence
    INSERT INTO ground_file (ground_id, report_id, file_id) VALUES ('g-1', 7, 'nothing')",
    "-- test::process_of_no_ground
    INSERT INTO case_process_ground (number, process_id, ground_id) VALUES (1, 'w', 'nothing')",
    "-- test::second_open_view
    INSERT INTO media_view (id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner,
        ground, asked_at, expires_at)
    VALUES ('w-2', '4', '2', 'p-1', 'a-1', 7, 'f-1', '', 'grey', 'WARRANT', 6, 7)",
    "-- test::warrant_of_the_house
    INSERT INTO ground (id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, sealed_words)
    VALUES ('g-2', 7, '', 'WARRANT', 'p-1', 5, 5, 9, '')",
];

const OF_COUNSEL: &str = "-- test::of_counsel
    INSERT INTO ground (id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, sealed_words)
    VALUES ('g-2', 7, '', 'COUNSEL', 'p-1', 5, 5, 9, '')";

/// People who named a mailbox before it was shown to be theirs: one had a test sent there since, one before they named
/// another, one never, and one is switched off.
const WRITTEN_TO: [&str; 5] = [
    "-- test::agency
    INSERT INTO agency (id, name, class, changed_at) VALUES ('a-1', 'An agency', 'STATE', 1)",
    "-- test::people
    INSERT INTO person (id, agency_id, role, sealed_name, added_at, disabled_at)
    VALUES ('tested', 'a-1', 'analyst', '', 1, NULL), ('moved', 'a-1', 'analyst', '', 1, NULL),
        ('silent', 'a-1', 'analyst', '', 1, NULL), ('gone', 'a-1', 'analyst', '', 1, 6)",
    "-- test::wishes
    INSERT INTO message_wish (person_id, agency_id, changed_at, version, wants_new, sealed_address)
    VALUES ('tested', 'a-1', 5, 1, 1, ''), ('moved', 'a-1', 5, 2, 0, ''), ('silent', 'a-1', 5, 1, 0, ''),
        ('gone', 'a-1', 5, 1, 0, '')",
    "-- test::taken
    INSERT INTO message (id, agency_id, person_id, kind, made_at, attempts, sent_at)
    VALUES ('m-1', 'a-1', 'tested', 'test', 6, 1, 7), ('m-2', 'a-1', 'moved', 'test', 4, 1, 7),
        ('m-3', 'a-1', 'silent', 'immediate', 6, 1, 7)",
    "-- test::not_taken
    INSERT INTO message (id, agency_id, person_id, kind, made_at, attempts, given_up_at)
    VALUES ('m-4', 'a-1', 'silent', 'test', 6, 9, 7)",
];

/// Somebody for whom a code was made after that, before the step that mends it.
const CODED: [&str; 3] = [
    "-- test::person
    INSERT INTO person (id, agency_id, role, sealed_name, added_at) VALUES ('coded', 'a-1', 'analyst', '', 1)",
    "-- test::wish
    INSERT INTO message_wish (person_id, agency_id, changed_at, version, wants_new, code_tries, sealed_address)
    VALUES ('coded', 'a-1', 8, 1, 1, 0, '')",
    "-- test::code
    INSERT INTO message (id, agency_id, person_id, kind, made_at, attempts, sent_at)
    VALUES ('m-5', 'a-1', 'coded', 'confirm', 8, 1, 9)",
];

const CONFIRMED: &str = "-- test::confirmed
    SELECT person_id FROM message_wish WHERE confirmed_at = changed_at ORDER BY person_id";

/// Codes that are made and wait, under a name that says nothing and at a time of these years.
const WAITING_CODES: &str = "-- test::waiting_codes
    SELECT person_id FROM message
    WHERE kind = 'confirm' AND due_at = made_at AND made_at > 1700000000000000 AND LENGTH(id) = 18 AND id LIKE 'm-%'
    ORDER BY person_id";

const CODES: &str = "-- test::codes
    SELECT COUNT(*) FROM message WHERE kind = 'confirm'";

const COUNT: &str = "-- test::count
    SELECT COUNT(*) FROM person
    JOIN sign_in_link ON sign_in_link.person_id = person.id JOIN session ON session.person_id = person.id";

const ORPHAN: &str = "-- test::orphan
    INSERT INTO session (digest, person_id, started_at, seen_at) VALUES (:digest, 'nobody', 1, 2)";

both_engines! {
    fn making_the_people_anew_keeps_everybody_and_what_leans_on_them(scratch) {
        let database = scratch.open();
        let at = ALL.iter().position(|step| step.number() == 6).unwrap();
        database.migrate(&ALL[..at]).unwrap();
        let before = database.write("test::before", |tx| {
            BEFORE.iter().try_for_each(|sql| tx.execute(sql, &bind! {}).map(drop))
        });
        before.wait().unwrap();
        database.migrate(ALL).unwrap();
        let kept: i64 = database.read("test::count", |tx| tx.get(COUNT, &bind! {})).wait().unwrap();
        assert_eq!(kept, 1);
        // The references came along.
        let orphan = database.write("test::orphan", |tx| tx.execute(ORPHAN, &bind! { digest: [3_u8] }));
        assert!(orphan.wait().is_err());
    }

    fn making_the_gate_anew_keeps_every_ground_permission_and_look(scratch) {
        let database = scratch.open();
        let at = ALL.iter().position(|step| step.number() == 101).unwrap();
        database.migrate(&ALL[..at]).unwrap();
        let before = database.write("test::before", |tx| {
            BEFORE.iter().chain(&LOOKED).try_for_each(|sql| tx.execute(sql, &bind! {}).map(drop))
        });
        before.wait().unwrap();
        database.migrate(ALL).unwrap();
        let kept: i64 = database.read("test::still_looked", |tx| tx.get(STILL_LOOKED, &bind! {})).wait().unwrap();
        assert_eq!(kept, 1);
        for sql in REFUSED {
            let refused = database.write("test::refused", move |tx| tx.execute(sql, &bind! {}));
            assert!(matches!(refused.wait(), Err(database::Fault::Constraint { .. })), "{sql}");
        }
        database.write("test::of_counsel", |tx| tx.execute(OF_COUNSEL, &bind! {})).wait().unwrap();
    }

    fn a_mailbox_that_was_tested_stays_written_to_and_every_other_one_is_sent_a_code(scratch) {
        let database = scratch.open();
        let before = |number: u32| &ALL[..ALL.iter().position(|step| step.number() == number).unwrap()];
        let write = |all: &'static [&'static str]| {
            let written = database.write("test::before", move |tx| {
                all.iter().try_for_each(|sql| tx.execute(sql, &bind! {}).map(drop))
            });
            written.wait().unwrap();
        };
        database.migrate(before(240)).unwrap();
        write(&WRITTEN_TO);
        database.migrate(before(260)).unwrap();
        write(&CODED);
        database.migrate(ALL).unwrap();
        let people = |sql: &'static str| -> Vec<String> {
            database.read("test::people", move |tx| tx.rows(sql, &bind! {})).wait().unwrap()
        };
        assert_eq!(people(CONFIRMED), ["tested"]);
        assert_eq!(people(WAITING_CODES), ["moved", "silent"]);
        let codes: i64 = database.read("test::codes", |tx| tx.get(CODES, &bind! {})).wait().unwrap();
        assert_eq!(codes, 3, "whoever was sent one is sent no second, and whoever is gone none");
    }
}
