//! The list and the page of own reports.

use domain::{ReportId, TriState};
use jiff::SignedDuration;
use pipeline::provider::{OwnEvent, OwnState, ReportQuery, report, reports};
use store::report::{self as stored, OPEN_AFTER_OPENING};
use testkit::both_engines;

use crate::{HARBOR, Harbour, provider_id, run, system};

async fn asked(harbour: &Harbour, query: ReportQuery) -> Vec<ReportId> {
    let page = reports(&harbour.house, &system(HARBOR), query).await.unwrap();
    page.rows.into_iter().map(|row| row.report).collect()
}

both_engines! {
    fn pages_follow_each_other_newest_first_without_a_gap(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let mut all = Vec::new();
            for at in 0..7 {
                all.insert(0, harbour.opened(HARBOR).await);
                // Some share a moment: the number then decides.
                harbour.house.advance(SignedDuration::from_secs(at % 2));
            }
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let query = ReportQuery { limit: 3, after, ..ReportQuery::default() };
                let page = reports(&harbour.house, &system(HARBOR), query).await.unwrap();
                seen.extend(page.rows.iter().map(|row| row.report));
                match page.next {
                    None => break,
                    // As an address carries it.
                    Some(key) => after = Some(key.to_string().parse().unwrap()),
                }
            }
            assert_eq!(seen, all);
        });
    }

    fn a_list_is_filtered_by_state_and_by_time(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let available = harbour.delivered(HARBOR).await;
            harbour.house.advance(SignedDuration::from_secs(10));
            let received = harbour.finished(HARBOR).await;
            harbour.house.advance(SignedDuration::from_secs(10));
            let (open, retracted) = (harbour.opened(HARBOR).await, harbour.opened(HARBOR).await);
            harbour.act(move |act| stored::retract(act, &provider_id(HARBOR), retracted)).await;
            let in_state = |state| ReportQuery { state: Some(state), ..ReportQuery::default() };
            for (state, report) in [
                (OwnState::Available, available), (OwnState::Received, received), (OwnState::Open, open),
                (OwnState::Retracted, retracted),
            ] {
                assert_eq!(asked(&harbour, in_state(state)).await, [report], "{state}");
            }
            let start = store::testing::NOON;
            let since = Some(start + SignedDuration::from_secs(10));
            let until = Some(start + SignedDuration::from_secs(20));
            assert_eq!(asked(&harbour, ReportQuery { since, until, ..ReportQuery::default() }).await, [received]);
            assert_eq!(asked(&harbour, ReportQuery { until: since, ..ReportQuery::default() }).await, [available]);
            // One whose time is over is expired before the sweep comes by.
            harbour.house.advance(OPEN_AFTER_OPENING);
            assert_eq!(asked(&harbour, in_state(OwnState::Expired)).await, [open]);
            assert!(asked(&harbour, in_state(OwnState::Open)).await.is_empty());
        });
    }

    fn a_page_tells_what_was_sent_and_what_replaced_it(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = harbour.opened(HARBOR).await;
            let file = harbour.described(HARBOR, number, b"harmless bytes").await;
            let again = crate::statement(number, &file);
            harbour
                .act(move |act| {
                    store::evidence::describe(act, &provider_id(HARBOR), &again, &crate::received("<fileDetails />"))
                })
                .await;
            let page = report(&harbour.house, &system(HARBOR), number).await.unwrap();
            assert_eq!((page.row.state, page.row.files, page.provider_name.as_str()), (OwnState::Open, 1, "harbor-chat Inc"));
            assert!(page.row.expires_at.is_some() && page.submission_sha256.is_none());
            let sent = &page.files[0];
            assert_eq!(sent.name.as_ref().unwrap().reveal(), "holiday <1>.jpg");
            assert_eq!(sent.sha256, seal::hex(&seal::sha256(b"harmless bytes")));
            assert_eq!((sent.is_described, sent.viewed, sent.public), (true, TriState::Yes, TriState::No));
            let replaced: Vec<bool> = page.documents.iter().map(|one| one.superseded_at.is_some()).collect();
            assert_eq!(replaced, [false, true, false]);
        });
    }

    fn a_report_that_was_taken_back_shows_that_and_no_content(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = harbour.opened(HARBOR).await;
            harbour.described(HARBOR, number, b"harmless bytes").await;
            harbour.act(move |act| stored::retract(act, &provider_id(HARBOR), number)).await;
            let page = report(&harbour.house, &system(HARBOR), number).await.unwrap();
            assert_eq!(page.row.state, OwnState::Retracted);
            assert!(page.files.is_empty() && page.documents.is_empty());
            assert_eq!(page.timeline.last().unwrap().what, OwnEvent::Retracted);
        });
    }
}
