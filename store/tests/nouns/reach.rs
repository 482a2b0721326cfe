//! What a permit does not reach does not exist: another provider's report, another agency's, and for every provider
//! what the house added.

use domain::{Priority, ReportId};
use policy::{Permit, Read, access};
use store::{
    Refusal, Result, View, delivery, document, evidence, finding, report, retention, route, selector, triage,
};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, reads, reads_own};
use crate::run;

/// One way to read a report's content.
type Reading = fn(&View<'_>, &Permit<Read>, ReportId) -> Result<()>;

/// What its provider submitted.
const SUBMITTED: [(&str, Reading); 5] = [
    ("report::get", |view, permit, report| report::get(view, permit, report).map(drop)),
    ("report::submission", |view, permit, report| report::submission(view, permit, report).map(drop)),
    ("document::of_report", |view, permit, report| document::of_report(view, permit, report).map(drop)),
    ("evidence::files", |view, permit, report| evidence::files(view, permit, report).map(drop)),
    ("evidence::facts", |view, permit, report| evidence::facts(view, permit, report).map(drop)),
];

/// What the house added.
const ADDED: [(&str, Reading); 10] = [
    ("evidence::seen_before", |view, permit, report| evidence::seen_before(view, permit, report).map(drop)),
    ("finding::of_report", |view, permit, report| finding::of_report(view, permit, report).map(drop)),
    ("selector::of_report", |view, permit, report| selector::of_report(view, permit, report).map(drop)),
    ("selector::related", |view, permit, report| selector::related(view, permit, report).map(drop)),
    ("selector::compared", |view, permit, report| selector::compared(view, permit, report, &[]).map(drop)),
    ("selector::links", |view, permit, report| selector::links(view, permit, report).map(drop)),
    ("triage::of_report", |view, permit, report| triage::of_report(view, permit, report).map(drop)),
    ("route::of_report", |view, permit, report| route::of_report(view, permit, report).map(drop)),
    ("retention::of_report", |view, permit, report| retention::of_report(view, permit, report).map(drop)),
    ("delivery::of_report", |view, permit, report| delivery::of_report(view, permit, report).map(drop)),
];

/// Which of these readings are allowed; every other one must say that there is no such thing.
async fn allowed(desk: &Desk, permit: Permit<Read>, report: ReportId) -> Vec<&'static str> {
    let asked = desk.read(move |view| {
        let mut allowed = Vec::new();
        for (name, reading) in SUBMITTED.into_iter().chain(ADDED) {
            match reading(view, &permit, report) {
                Ok(()) => allowed.push(name),
                Err(error) if error.refusal() == Some(Refusal::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(allowed)
    });
    asked.await.unwrap()
}

both_engines! {
    // PROVES: R-29 R-34
    fn an_agency_reads_what_was_made_available_to_it_and_no_other_does(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.delivered_to(AGENCIES[0].0).await;
            let all: Vec<&str> = SUBMITTED.iter().chain(&ADDED).map(|one| one.0).collect();
            assert_eq!(allowed(&desk, reads(AGENCIES[0].0), report).await, all);
            assert_eq!(allowed(&desk, reads(AGENCIES[1].0), report).await, Vec::<&str>::new());
            assert_eq!(allowed(&desk, access::pipeline_read(), report).await, all);
        });
    }

    // PROVES: R-29
    fn a_report_on_its_way_is_out_of_every_agencys_reach(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            for (agency, ..) in AGENCIES {
                assert_eq!(allowed(&desk, reads(agency), report).await, Vec::<&str>::new());
            }
        });
    }

    // PROVES: R-32 R-33
    fn a_provider_reads_what_it_submitted_and_nothing_that_was_added(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.delivered_to(AGENCIES[0].0).await;
            let submitted: Vec<&str> = SUBMITTED.iter().map(|one| one.0).collect();
            assert_eq!(allowed(&desk, reads_own(PROVIDERS[0]), report).await, submitted);
            assert_eq!(allowed(&desk, reads_own(PROVIDERS[1]), report).await, Vec::<&str>::new());
        });
    }
}
