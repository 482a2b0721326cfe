//! An open report and its three ends, by the table of the reporting language: what is answered in each state, when a
//! report expires, and what is left of it.

use database::bind;
use domain::{Actor, FileId, ReportId, Stage, TriState};
use jiff::SignedDuration;
use policy::{FileFacts, gate};
use store::report::{self, OPEN_AFTER_CHANGE, OPEN_AFTER_OPENING};
use store::{EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, reads_own, statement};
use crate::{refusal, run};

const ROWS: &str = "-- test::rows_of_content
    SELECT (SELECT COUNT(*) FROM document WHERE report_id = :report)
        + (SELECT COUNT(*) FROM evidence WHERE report_id = :report)
        + (SELECT COUNT(*) FROM keystore WHERE report_id = :report)";

const LEAVES: &str = "-- test::leaves
    SELECT kind FROM ledger_leaf WHERE report_id = :report ORDER BY occurred_at, id";

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What upload, file details, finish and retract are answered; each is tried in an act that is not kept.
async fn answers(desk: &Desk, report: ReportId) -> [Option<Refusal>; 4] {
    let upload = desk.uploaded(report, b"late").await;
    let unknown = FileId::from_random([0xee; 16]);
    let described = desk.describe(statement(report, &unknown)).await;
    let attached = desk.attach(upload).await;
    let finished = desk.finish(report).await;
    let retracted = desk.retract(report).await;
    [refusal(attached), refusal(described), refusal(finished), refusal(retracted)]
}

async fn content_rows(desk: &Desk, report: ReportId) -> u64 {
    desk.read(move |view| Ok(view.tx().get(ROWS, &bind! { report: report.get() })?)).await.unwrap()
}

async fn leaves(desk: &Desk, report: ReportId) -> Vec<String> {
    desk.read(move |view| Ok(view.tx().rows(LEAVES, &bind! { report: report.get() })?)).await.unwrap()
}

async fn expired(desk: &Desk) -> Vec<ReportId> {
    let due = desk.read(|view| report::expirable(view, 10)).await.unwrap();
    if due.is_empty() {
        return due;
    }
    let done = desk.act(|act| report::expire_due(act, 10)).await.unwrap();
    assert_eq!(done, due);
    done
}

both_engines! {
    // PROVES: R-13
    fn an_open_report_takes_files_and_details_and_is_finished_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let unknown = FileId::from_random([0xee; 16]);
            assert_eq!(refusal(desk.describe(statement(report, &unknown)).await), Some(Refusal::FileNotFound));
            let files = [desk.attached(report, b"one").await, desk.attached(report, b"two").await];
            desk.describe(statement(report, &files[1])).await.unwrap();
            let finished = desk.finish(report).await.unwrap();
            assert_eq!(finished.files, files);
            assert_eq!(answers(&desk, report).await, [Some(Refusal::AlreadyFinished); 4]);
            assert_eq!(desk.stage(report).await, Stage::Finished);
        });
    }

    // PROVES: R-13
    fn a_retracted_report_is_gone_for_good(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.attached(report, b"one").await;
            assert_eq!(content_rows(&desk, report).await, 4);
            desk.retract(report).await.unwrap();
            assert_eq!(answers(&desk, report).await, [Some(Refusal::AlreadyRetracted); 4]);
            assert_eq!(content_rows(&desk, report).await, 0);
            let told = leaves(&desk, report).await;
            assert!(told.iter().any(|kind| kind == EventKind::ReportRetracted.as_str()), "{told:?}");
        });
    }

    fn what_is_unknown_or_of_another_provider_does_not_exist(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let foreign = desk.opened_by(PROVIDERS[1], crate::desk::submission("sextortion", "dull words")).await;
            assert_eq!(answers(&desk, foreign).await, [Some(Refusal::NotFound); 4]);
            let unknown = ReportId::try_from(foreign.get() + 100).unwrap();
            assert_eq!(answers(&desk, unknown).await, [Some(Refusal::NotFound); 4]);
            assert_eq!(desk.stage(foreign).await, Stage::Open);
        });
    }

    // PROVES: R-13
    fn an_untouched_report_expires_a_day_after_it_was_opened(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.house.advance(OPEN_AFTER_OPENING - SECOND);
            assert_eq!(expired(&desk).await, []);
            let open = desk.read(move |view| report::check_open(view, &provider_id(PROVIDERS[0]), report)).await;
            assert_eq!(open.unwrap().files, 0);
            desk.house.advance(SECOND + SECOND);
            // Before the sweep has come by, too.
            assert_eq!(answers(&desk, report).await, [Some(Refusal::Expired); 4]);
            assert_eq!(expired(&desk).await, [report]);
            assert_eq!(answers(&desk, report).await, [Some(Refusal::Expired); 4]);
            assert_eq!(desk.stage(report).await, Stage::Expired);
        });
    }

    // PROVES: R-13
    fn a_report_that_grew_expires_an_hour_after_its_last_change_when_that_is_later(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [late, early] = [desk.opened().await, desk.opened().await];
            let file = desk.attached(late, b"early").await;
            desk.attached(early, b"early").await;
            desk.house.advance(OPEN_AFTER_OPENING - SECOND);
            desk.describe(statement(late, &file)).await.unwrap();
            desk.house.advance(OPEN_AFTER_CHANGE - SECOND);
            // A change long before the end of the day did not lengthen the day.
            assert_eq!(expired(&desk).await, [early]);
            desk.house.advance(SECOND + SECOND);
            assert_eq!(expired(&desk).await, [late]);
        });
    }

    fn expiry_destroys_content_and_keys_and_leaves_a_ledger_line(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"to be forgotten").await;
            let own = reads_own(PROVIDERS[0]);
            let before = desk.read(move |view| store::evidence::files(view, &own, report)).await.unwrap();
            let facts = FileFacts {
                report, file, viewed: TriState::Yes, public: TriState::Unknown, retained: true,
                asker: None, at: desk.house.now(), grounds: Vec::new(),
                matched: false,
                relaxations: Vec::new(),
            };
            let opening = gate::open(&facts, &Actor::House).unwrap();
            let blob = before[0].blob.clone().unwrap();
            desk.house.vault().open(&opening, &blob).await.unwrap();

            desk.house.advance(OPEN_AFTER_OPENING + SECOND);
            assert_eq!(expired(&desk).await, [report]);
            assert_eq!(content_rows(&desk, report).await, 0);
            assert_eq!(refusal(desk.house.vault().open(&opening, &blob).await.map(drop)), Some(Refusal::Destroyed));
            let own = reads_own(PROVIDERS[0]);
            let said = desk.read(move |view| report::submission(view, &own, report)).await;
            assert_eq!(refusal(said), Some(Refusal::Destroyed));
            let told = leaves(&desk, report).await;
            assert!(told.iter().any(|kind| kind == EventKind::ReportExpired.as_str()), "{told:?}");
        });
    }

    // PROVES: R-13
    fn what_was_finished_in_time_never_expires(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.house.advance(OPEN_AFTER_OPENING - SECOND);
            desk.finish(report).await.unwrap();
            desk.house.advance(OPEN_AFTER_OPENING);
            assert_eq!(expired(&desk).await, []);
            assert_eq!(desk.stage(report).await, Stage::Finished);
        });
    }
}
