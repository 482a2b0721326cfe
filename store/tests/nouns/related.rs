//! Reports that share a selector find each other, by pointer only.

use domain::{Priority, Private, RelatedReport, ReportId, Selector, SelectorKind};
use policy::{Permit, Read, access};
use store::selector::{self, Link, MOST_SHARING};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, reads};
use crate::run;

fn one(kind: SelectorKind, normal: &str) -> Selector {
    let path = "personOrUserReported".to_owned();
    Selector { kind, normal: normal.to_owned().into(), given: normal.to_uppercase().into(), role: None, path }
}

/// A report with these selectors that these agencies have.
async fn correlated(desk: &Desk, selectors: Vec<Selector>, agencies: &[&str]) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
    desk.act(move |act| selector::record(act, report, &selectors)).await.unwrap();
    for agency in agencies {
        desk.deliver(report, agency).await.unwrap();
    }
    report
}

async fn related(desk: &Desk, permit: Permit<Read>, report: ReportId) -> Vec<RelatedReport> {
    desk.read(move |view| selector::related(view, &permit, report)).await.unwrap()
}

both_engines! {
    fn those_that_share_most_come_first_and_each_counts_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [mine, other] = [AGENCIES[0].0, AGENCIES[2].0];
            let (mail, phone) = (one(SelectorKind::Email, "a@mail.example"), one(SelectorKind::Phone, "+12025550123"));
            let both = correlated(&desk, vec![mail.clone(), phone.clone(), mail.clone()], &[mine, other]).await;
            let only = correlated(&desk, vec![phone.clone()], &[other]).await;
            // The same digits, but not the same thing.
            correlated(&desk, vec![one(SelectorKind::Account, "+12025550123")], &[mine]).await;
            let asked = correlated(&desk, vec![phone, mail], &[mine]).await;
            let found = related(&desk, reads(mine), asked).await;
            let pointers: Vec<_> = found.iter().map(|one| (one.report, one.shared, one.held)).collect();
            assert_eq!(pointers, [(both, 2, true), (only, 1, false)]);
            assert_eq!(found[0].kinds, [SelectorKind::Email, SelectorKind::Phone]);
            assert_eq!(found[1].holders, [agency_id(other)]);
        });
    }

    // PROVES: R-28
    fn an_agency_does_not_hear_of_a_report_that_no_agency_has(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let mail = one(SelectorKind::Email, "a@mail.example");
            let pending = correlated(&desk, vec![mail.clone()], &[]).await;
            let asked = correlated(&desk, vec![mail.clone()], &[AGENCIES[0].0]).await;
            assert_eq!(related(&desk, reads(AGENCIES[0].0), asked).await, []);
            let house = related(&desk, access::pipeline_read(), asked).await;
            assert_eq!(house.iter().map(|one| one.report).collect::<Vec<_>>(), [pending]);
        });
    }

    fn a_new_report_finds_earlier_ones_before_it_is_recorded(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let mail = one(SelectorKind::Email, "a@mail.example");
            let earlier = correlated(&desk, vec![mail.clone()], &[]).await;
            let new = desk.opened().await;
            let links = desk
                .act(move |act| {
                    let (found, links) = selector::compared(act, &access::pipeline_read(), new, std::slice::from_ref(&mail))?;
                    assert_eq!(found.iter().map(|one| one.report).collect::<Vec<_>>(), [earlier]);
                    selector::record(act, new, std::slice::from_ref(&mail))?;
                    selector::link(act, new, &links)?;
                    Ok(links)
                })
                .await
                .unwrap();
            assert_eq!(links, [Link { other: earlier, kind: SelectorKind::Email, shared: 1 }]);
            // From both ends.
            for (report, other) in [(new, earlier), (earlier, new)] {
                let house = access::pipeline_read();
                let read = desk.read(move |view| selector::links(view, &house, report)).await.unwrap();
                assert_eq!(read, [Link { other, kind: SelectorKind::Email, shared: 1 }]);
            }
        });
    }

    fn selectors_come_back_as_they_were_recorded(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let all = vec![one(SelectorKind::Url, "https://host.example/a"), one(SelectorKind::IpAddress, "2001:db8::1")];
            let report = correlated(&desk, all.clone(), &[AGENCIES[0].0]).await;
            let permit = reads(AGENCIES[0].0);
            let read = desk.read(move |view| selector::of_report(view, &permit, report)).await.unwrap();
            assert_eq!(read, all);
            assert_eq!(read[0].given, Private::new("HTTPS://HOST.EXAMPLE/A".to_owned()));
        });
    }

    fn of_what_everybody_shares_only_the_newest_are_looked_at(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let asked = correlated(&desk, vec![one(SelectorKind::IpAddress, "192.0.2.1")], &[]).await;
            let copies = u64::from(MOST_SHARING) + 20;
            desk.act(move |act| {
                let args = database::bind! { report: asked.get() };
                for number in 1..=copies {
                    let copy = args.clone().with("copy", asked.get() + number);
                    act.tx().execute(COPY_REPORT, &copy)?;
                    act.tx().execute(COPY_SELECTOR, &copy)?;
                }
                act.note(store::Event::of_house(store::EventKind::ListRead))
            })
            .await
            .unwrap();
            let found = related(&desk, access::pipeline_read(), asked).await;
            let newest = ReportId::try_from(asked.get() + copies).unwrap();
            assert_eq!((found.len(), found[0].report), (MOST_SHARING as usize, newest));
        });
    }
}

const COPY_REPORT: &str = "-- test::copy_report
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, documents, files, opened_at,
        finished_at, preserve_until, submission_sha256, undelivered_since)
    SELECT :copy, provider_id, credential_id, stage, incident_type, urgent, documents, files, opened_at,
        finished_at, preserve_until, submission_sha256, undelivered_since FROM report WHERE id = :report";

const COPY_SELECTOR: &str = "-- test::copy_selector
    INSERT INTO selector (report_id, digest, kind)
    SELECT :copy, digest, kind FROM selector WHERE report_id = :report";
