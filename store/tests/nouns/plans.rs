//! The questions that are asked all the time are ranges of indices, however many reports there are.

use database::{Args, Engine, FromRow, Row, bind};
use store::{Event, EventKind};
use testkit::both_engines;

use crate::desk::Desk;
use crate::run;
use crate::sources::statement;

/// Rows enough that a planner that may choose does not choose to read them all.
const REPORTS: u64 = 20_000;

const REPORT_ROWS: &str = "-- test::reports
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :reports)
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, priority, documents, files,
        opened_at, finished_at, preserve_until, submission_sha256)
    SELECT i, 'examplechat', 'examplechat-1', 'available', 'csam', 0, 'routine', 1, 0, i, i, i, :digest FROM n";

const DELIVERY_ROWS: &str = "-- test::deliveries
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :reports)
    INSERT INTO delivery (leaf_id, report_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency,
        received_at, provider_id, incident_type, files)
    SELECT CAST('leaf-' || (10000000000 + i) AS {blob}), i, CASE WHEN i % 2 = 0 THEN 'icac-us-mn' ELSE 'fed-us' END, 'C1-FED', 'portal',
        'dull', 'dull', 'dull', i, i % 5 + 1, i, CASE WHEN i % 10 = 0 THEN 'examplecloud' ELSE 'examplechat' END,
        CASE WHEN i % 8 = 0 THEN 'csam' ELSE 'sextortion' END, 0
    FROM n";

const STANDING_ROWS: &str = "-- test::standings
    INSERT INTO standing (agency_id, report_id, status, reason, rank, since_at, due_at, changed_at, version, urgency,
        received_at, available_at, provider_id, incident_type, files, basis, own_rank)
    SELECT agency_id, report_id, CASE WHEN report_id % 3 = 0 THEN 'closed' ELSE 'new' END,
        CASE WHEN report_id % 3 = 0 THEN 'unfounded' ELSE NULL END, urgency, available_at,
        CASE WHEN report_id % 3 = 0 THEN NULL ELSE available_at END, available_at, 1, urgency, received_at,
        available_at, provider_id, incident_type, files, CASE WHEN report_id % 10 = 0 THEN 'C2-STATE' ELSE basis END,
        CASE WHEN report_id % 5 < 4 THEN urgency ELSE NULL END
    FROM delivery";

const FEED_ROWS: &str = "-- test::feed_entries
    INSERT INTO feed_entry (agency_id, position, leaf_id) SELECT agency_id, report_id, leaf_id FROM delivery";

const SELECTOR_ROWS: &str = "-- test::selectors
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :reports)
    INSERT INTO selector (report_id, digest, kind) SELECT i, CAST('digest-' || (100000000 + i % 5000) AS {blob}), 'email' FROM n";

const EVIDENCE_ROWS: &str = "-- test::evidence
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :reports)
    INSERT INTO evidence (report_id, file_id, position, received_at, size_bytes, md5, sha1, sha256, viewed,
        exif_viewed, publicly_available, sealed_upload)
    SELECT i, 'a' || i, 1, i, 1, :digest, :digest, CAST('sum-' || (i % 5000) AS {blob}), 'Yes', 'No', 'No', :digest
    FROM n";

const RETENTION_ROWS: &str = "-- test::retention
    INSERT INTO retention (report_id, rule_set, recorded_at, next_at, clocks)
    SELECT id, 'dull', id, id, 'dull' FROM report";

const QUALITY_ROWS: &str = "-- test::quality
    INSERT INTO quality (report_id, provider_id, week, score, lacks, rule_set, judged_at)
    SELECT id, CASE WHEN id % 10 = 0 THEN 'examplecloud' ELSE 'examplechat' END, id % 500, id % 101, '[]', 'dull', id
    FROM report";

/// Only PostgreSQL chooses by statistics; SQLite is not given any, as in a running house.
const ANALYZE: &str = "-- test::analyze
    ANALYZE";

async fn filled(desk: &Desk) {
    desk.act(|act| {
        let (tx, digest) = (act.tx(), [0_u8; 32]);
        tx.execute(REPORT_ROWS, &bind! { reports: REPORTS, digest })?;
        tx.execute(DELIVERY_ROWS, &bind! { reports: REPORTS })?;
        tx.execute(STANDING_ROWS, &bind! {})?;
        tx.execute(FEED_ROWS, &bind! {})?;
        tx.execute(SELECTOR_ROWS, &bind! { reports: REPORTS })?;
        tx.execute(EVIDENCE_ROWS, &bind! { reports: REPORTS, digest })?;
        tx.execute(RETENTION_ROWS, &bind! {})?;
        tx.execute(QUALITY_ROWS, &bind! {})?;
        if tx.dialect().engine() == Engine::Postgres {
            tx.execute(ANALYZE, &bind! {})?;
        }
        // Whoever writes rows that are evidence says whose they are: of all these reports it is the first.
        act.note(Event::of_house(EventKind::ListRead).with(serde_json::json!({ "report": 1 })))
    })
    .await
    .unwrap();
}

/// One line of a plan.
struct Step(String);

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, database::Fault> {
        row.get("detail").or_else(|_| row.at(0)).map(Self)
    }
}

async fn plan(desk: &Desk, name: &str, filter: &str, args: Args) -> Vec<String> {
    let text = statement(name).replace("/*where*/", filter);
    let explain = desk.read(move |view| {
        let word = match view.tx().dialect().engine() {
            Engine::Sqlite => "EXPLAIN QUERY PLAN",
            Engine::Postgres => "EXPLAIN",
        };
        let text: &'static str = Box::leak(format!("-- test::plan\n{word} {text}").into_boxed_str());
        Ok(view.tx().rows::<Step>(text, &args)?)
    });
    explain.await.unwrap().into_iter().map(|step| step.0).collect()
}

/// Tables that grow with every report; the rest stay small.
const GROWING: [&str; 9] = [
    "report",
    "delivery",
    "standing",
    "feed_entry",
    "selector",
    "evidence",
    "document",
    "retention",
    "quality",
];

/// Indices that hold only what waits, so that one may be read from end to end.
const OF_WHAT_WAITS: [&str; 2] = ["report_expires", "report_undelivered"];

/// No step may read a growing table or its index from end to end; nor sort, but where `sorts` says that what it read
/// is few rows.
fn assert_ranges_only(name: &str, plan: &[String], sorts: bool) {
    let told = plan.join("\n");
    for (place, step) in plan.iter().enumerate() {
        let waits = OF_WHAT_WAITS.iter().any(|index| mentions(step, index));
        let grows = GROWING.iter().any(|table| mentions(step, table));
        // PostgreSQL tells the range of an index scan in the line below it; SQLite says SEARCH for a range.
        let ranged = plan.get(place + 1).is_some_and(|below| below.contains("Index Cond:"));
        let whole =
            step.contains("Seq Scan") || step.starts_with("SCAN") || step.contains(" Scan") && !ranged;
        let heap = step.contains("Bitmap Heap Scan");
        if whole && grows {
            assert!(heap || waits, "{name} reads everything:\n{told}");
        }
        let sorted = step.contains("TEMP B-TREE") || step.trim_start().starts_with("->  Sort");
        assert!(sorts || !sorted, "{name} sorts:\n{told}");
    }
}

/// Whether a step speaks of exactly this table or index.
fn mentions(step: &str, name: &str) -> bool {
    step.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}

/// A page of the inbox in the middle of it, one more filter in the index, and the index that it must use.
fn page(filtered: Args, bound: i64) -> Args {
    filtered
        .with("agency", "icac-us-mn")
        .with("from_at", 9_000_i64)
        .with("from_report", 9_000_i64)
        .with("bound", bound)
        .with("most", 51_i64)
}

/// The filters of a list by priority and age, with the index of each.
fn drivers() -> [(&'static str, Args, &'static str); 10] {
    [
        ("AND (status <> 'closed')", Args::none(), "standing_open"),
        ("AND (status = :status)", bind! { status: "closed" }, "standing_of_status"),
        ("AND (person_id = :person AND status <> 'closed')", bind! { person: "p" }, "standing_of_person"),
        ("AND (unit = :unit AND status <> 'closed')", bind! { unit: "u" }, "standing_of_unit"),
        ("AND (place = :place AND status <> 'closed')", bind! { place: "MN" }, "standing_of_place"),
        (
            "AND (provider_id = :provider AND status <> 'closed')",
            bind! { provider: "examplecloud" },
            "standing_of_provider",
        ),
        (
            "AND (incident_type = :incident AND status <> 'closed')",
            bind! { incident: "csam" },
            "standing_of_incident",
        ),
        ("AND (reason = :reason)", bind! { reason: "unfounded" }, "standing_of_reason"),
        ("AND (basis = :basis AND status <> 'closed')", bind! { basis: "C2-STATE" }, "standing_of_basis"),
        ("AND (own_rank = :rank AND status <> 'closed')", Args::none(), "standing_of_own"),
    ]
}

/// The filters of a list by deadline, with the index of each: on SQLite, too, which has no statistics.
fn due_lists() -> [(&'static str, Args, &'static str); 3] {
    [
        ("AND (status <> 'closed')", Args::none(), "standing_due"),
        ("AND (person_id = :person)", bind! { person: "p" }, "standing_due_of_person"),
        ("AND (unit = :unit)", bind! { unit: "u" }, "standing_due_of_unit"),
    ]
}

async fn assert_uses(desk: &Desk, (name, index): (&str, &str), filter: &str, args: Args) {
    let plan = plan(desk, name, filter, args).await;
    assert_ranges_only(name, &plan, false);
    let used = plan.iter().any(|step| mentions(step, index));
    assert!(used, "{name} with {filter} does not use {index}:\n{}", plan.join("\n"));
}

both_engines! {
    fn lists_feeds_and_links_are_ranges_of_indices(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            let feed = bind! { agency: "icac-us-mn", after: 9_000_i64, most: 100_i64 };
            assert_ranges_only("delivery::feed", &plan(&desk, "delivery::feed", "", feed.clone()).await, false);
            assert_ranges_only("transfer::steps", &plan(&desk, "transfer::steps", "", feed).await, true);
            let sharing = bind! { digest: b"digest-100000077".as_slice(), report: 77_i64, most: 100_i64 };
            assert_ranges_only("selector::sharing", &plan(&desk, "selector::sharing", "", sharing).await, true);
            let mine = bind! { report: 77_i64, most: 100_i64 };
            assert_ranges_only("selector::of_report", &plan(&desk, "selector::of_report", "", mine).await, true);
            let seen = bind! { sha256: b"sum-77".as_slice(), report: 9_000_i64, most: 100_i64 };
            assert_ranges_only("evidence::seen_before", &plan(&desk, "evidence::seen_before", "", seen).await, true);
            let digest = b"sum-77".as_slice();
            let own = bind! { digest, agency: "icac-us-mn", before: 9_000_i64, most: 11_i64 };
            assert_ranges_only("hash::own_of_sha256", &plan(&desk, "hash::own_of_sha256", "", own).await, true);
            let any = bind! { digest };
            assert_ranges_only("hash::any_of_sha256", &plan(&desk, "hash::any_of_sha256", "", any).await, true);
        });
    }

    fn every_list_of_an_inbox_is_one_range_of_one_index_by_priority_and_age(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            for (filter, args, index) in drivers() {
                for (name, bound) in [("inbox::oldest", 90_000), ("inbox::newest", 0)] {
                    let args = page(args.clone(), bound).with("rank", 3_i64);
                    assert_uses(&desk, (name, index), filter, args).await;
                }
            }
            for (filter, args, index) in due_lists() {
                assert_uses(&desk, ("inbox::due", index), filter, page(args, 90_000)).await;
            }
            assert_uses(&desk, ("inbox::arrived", "standing_arrived"), "", page(Args::none(), 0)).await;
            assert_uses(&desk, ("inbox::changed", "standing_changed"), "", page(Args::none(), 0)).await;
            for (name, args, sorts) in [
                ("inbox::one", bind! { agency: "icac-us-mn", report: 78_i64 }, false),
                ("inbox::count_since", bind! { agency: "icac-us-mn", since: 9_000_i64, most: 100_i64 }, false),
                ("inbox::naming", bind! { digest: b"digest-100000077".as_slice(), agency: "icac-us-mn", most: 100_i64 }, true),
            ] {
                assert_ranges_only(name, &plan(&desk, name, "", args).await, sorts);
            }
        });
    }

    fn what_a_new_report_is_asked_for_an_agencys_work_is_ranges_of_indices(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            let digest = b"digest-100000077".as_slice();
            for (name, args, sorts) in [
                ("standing::of_report", bind! { agency: "icac-us-mn", report: 78_i64 }, false),
                ("related::holders", bind! { report: 77_i64 }, true),
                ("related::written", bind! { report: 77_i64, most: 100_i64 }, true),
                ("typed::holding", bind! { digest, most: 100_i64 }, true),
                ("typed::writing", bind! { digest, agency: "icac-us-mn", most: 100_i64 }, true),
                ("related::sharing", bind! { digest, report: 77_i64, most: 100_i64 }, true),
                ("filing::sharing", bind! { digest, agency: "icac-us-mn", report: 77_i64, most: 100_i64 }, true),
                ("filing::watching", bind! { digest, report: 77_i64, most: 100_i64 }, true),
                ("filing::selectors", bind! { report: 77_i64, most: 100_i64 }, true),
            ] {
                assert_ranges_only(name, &plan(&desk, name, "", args).await, sorts);
            }
        });
    }

    fn an_agencys_figures_are_ranges_of_indices(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            let own = || bind! { agency: "icac-us-mn", most: 100_000_i64 };
            let within = || own().with("from_at", 100_i64).with("until_at", 200_i64);
            for (name, args) in [
                ("figures::of_status", own().with("status", "waiting")),
                ("figures::of_rank", own().with("rank", 1_i64)),
                ("figures::late", own().with("now", 100_i64)),
                ("figures::arrived", within()),
                ("figures::closed", within()),
                ("figures::of_person", own().with("person", "p-1")),
            ] {
                assert_ranges_only(name, &plan(&desk, name, "", args).await, false);
            }
        });
    }

    fn a_question_that_reads_everything_is_noticed(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            let args = page(bind! { rank: 3_i64 }, 0);
            let whole = plan(&desk, "inbox::newest", "OR files = 7", args).await;
            let noticed = std::panic::catch_unwind(|| assert_ranges_only("whole", &whole, true));
            assert!(noticed.is_err(), "{}", whole.join("\n"));
        });
    }

    fn the_weeks_of_one_provider_are_ranges_of_an_index(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            let weeks = bind! { provider: "examplecloud", first: 400_i64, last: 411_i64 };
            assert_ranges_only("quality::scores", &plan(&desk, "quality::scores", "", weeks).await, true);
            let weeks = bind! { provider: "examplecloud", first: 400_i64, last: 411_i64 };
            assert_ranges_only("quality::tallies", &plan(&desk, "quality::tallies", "", weeks).await, true);
            let week = bind! { provider: "examplecloud", week: 400_i64, most: 100_i64 };
            assert_ranges_only("quality::newest", &plan(&desk, "quality::newest", "", week).await, false);
            let own = bind! { report: 77_i64 };
            for name in ["quality::of_report", "sender_profile::of_report"] {
                assert_ranges_only(name, &plan(&desk, name, "", own.clone()).await, false);
            }
        });
    }

    fn what_waits_is_found_without_reading_what_does_not(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            for (name, args) in [
                ("report::expirable", bind! { now: 9_000_i64, most: 10_i64 }),
                ("report::get", bind! { report: 77_i64 }),
                ("health::oldest_undelivered", bind! {}),
                ("health::undelivered", bind! { most: 10_i64 }),
                ("retention::ringing", bind! { now: 9_000_i64, most: 10_i64 }),
            ] {
                assert_ranges_only(name, &plan(&desk, name, "", args).await, name == "health::undelivered");
            }
        });
    }
}
