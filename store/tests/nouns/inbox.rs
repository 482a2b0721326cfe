//! An inbox page by page is the whole inbox, in every order and through every filter.

use domain::{Priority, ReportId};
use jiff::{SignedDuration, Timestamp};
use store::Refusal;
use store::inbox::{self, InboxQuery, InboxRow, Key, Sort};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, lists, provider_id};
use crate::run;

const REPORTS: usize = 24;
const INCIDENTS: [&str; 3] = ["sextortion", "csam", "enticement"];

/// Reports that differ in everything that is sorted and filtered by; some came at the same moment.
async fn filled(desk: &Desk) {
    for number in 0..REPORTS {
        let priority = Priority::ALL[number * 7 % Priority::ALL.len()];
        let report = desk.routed(PROVIDERS[number / 3 % 2], INCIDENTS[number % 3], priority).await;
        desk.deliver(report, AGENCIES[0].0).await.unwrap();
        if number % 4 == 0 {
            desk.deliver(report, AGENCIES[1].0).await.unwrap();
        }
        if number % 3 != 0 {
            desk.house.advance(SignedDuration::from_mins(10));
        }
    }
}

async fn page(desk: &Desk, agency: &str, query: InboxQuery) -> inbox::InboxPage {
    let permit = lists(agency);
    desk.read(move |view| inbox::page(view, &permit, &query)).await.unwrap()
}

/// Every page, one after the other.
async fn walked(desk: &Desk, query: &InboxQuery) -> Vec<InboxRow> {
    let (mut rows, mut query) = (Vec::new(), query.clone());
    loop {
        let page = page(desk, AGENCIES[0].0, query.clone()).await;
        assert!(page.rows.len() <= query.limit as usize);
        rows.extend(page.rows);
        assert!(rows.len() <= REPORTS, "a page repeats");
        match page.next {
            // As an address of a page carries it.
            Some(key) => query.after = Some(key.to_string().parse::<Key>().unwrap()),
            None => return rows,
        }
    }
}

/// The same by reading everything and sorting it.
fn expected(all: &[InboxRow], query: &InboxQuery) -> Vec<ReportId> {
    let wanted = |row: &&InboxRow| {
        query.priority.is_none_or(|priority| row.priority == priority)
            && query.incident_type.as_ref().is_none_or(|kind| &row.incident_type == kind)
            && query.provider.as_ref().is_none_or(|provider| &row.provider == provider)
            && query.since.is_none_or(|since| row.received_at >= since)
            && query.until.is_none_or(|until| row.received_at < until)
    };
    let mut rows: Vec<&InboxRow> = all.iter().filter(wanted).collect();
    rows.sort_by_key(|row| (row.received_at, row.report));
    match query.sort {
        Sort::Oldest => {}
        Sort::Newest => rows.reverse(),
        Sort::MostUrgent => rows.sort_by_key(|row| row.priority),
    }
    rows.into_iter().map(|row| row.report).collect()
}

fn queries(noon: Timestamp) -> Vec<InboxQuery> {
    let mut queries = Vec::new();
    for sort in [Sort::MostUrgent, Sort::Newest, Sort::Oldest] {
        let plain = InboxQuery { sort, limit: 5, ..InboxQuery::default() };
        let provider = Some(provider_id(PROVIDERS[0]));
        let incident_type = Some(INCIDENTS[1].to_owned());
        let (since, until) =
            (Some(noon + SignedDuration::from_mins(30)), Some(noon + SignedDuration::from_mins(110)));
        queries.extend([
            InboxQuery { limit: 1, ..plain.clone() },
            InboxQuery { priority: Some(Priority::Urgent), ..plain.clone() },
            InboxQuery { incident_type: incident_type.clone(), ..plain.clone() },
            InboxQuery { provider: provider.clone(), ..plain.clone() },
            InboxQuery { since, until, ..plain.clone() },
            InboxQuery { since, provider, incident_type, limit: 2, ..plain.clone() },
            plain,
        ]);
    }
    queries
}

both_engines! {
    fn every_question_page_by_page_is_the_whole_answer(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let noon = desk.house.now();
            filled(&desk).await;
            let everything = InboxQuery { limit: 500, ..InboxQuery::default() };
            let all = page(&desk, AGENCIES[0].0, everything).await.rows;
            assert_eq!(all.len(), REPORTS);
            for query in queries(noon) {
                let rows = walked(&desk, &query).await;
                let reports: Vec<ReportId> = rows.iter().map(|row| row.report).collect();
                assert_eq!(reports, expected(&all, &query), "{query:?}");
            }
        });
    }

    // PROVES: R-29
    fn an_inbox_holds_what_its_agency_has_and_nothing_else(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            filled(&desk).await;
            assert_eq!(page(&desk, AGENCIES[1].0, InboxQuery::default()).await.rows.len(), REPORTS / 4);
            assert_eq!(page(&desk, AGENCIES[2].0, InboxQuery::default()).await.rows, []);
            let row = &page(&desk, AGENCIES[1].0, InboxQuery::default()).await.rows[0];
            assert!(PROVIDERS.iter().any(|name| row.provider_name == format!("{name} Inc")));
        });
    }
}

#[test]
fn a_made_up_place_in_the_list_is_refused() {
    assert_eq!(
        "5.1780315200000000.1000001".parse::<Key>().unwrap().to_string(),
        "5.1780315200000000.1000001"
    );
    for bad in ["", "5", "5.1", "5.1.", "x.1.1", "5.1.0", "5.1.1.1", "300.1.1"] {
        assert_eq!(bad.parse::<Key>(), Err(Refusal::Unfit { what: "place in the list" }), "{bad}");
    }
}
