//! What is late, as those see it who answer for it: by person, unit and priority, once the time of each is over.

use domain::{AgencyId, Id as _};
use pipeline::worker;
use policy::ViewerRole;
use store::person::Home;
use testkit::both_engines;

use super::asking::{Pass, Walled};
use super::made::{done, filed};
use super::walk;

/// The agency that gets what is of California.
const AGENCY: &str = "icac-us-ca-los-angeles";
const LATE: &str = "/agency/inbox/late";
/// Longer than the time of a routine report, in minutes.
const NINE_DAYS: i64 = 9 * 24 * 60;

/// Somebody new of the agency: links of the demo's people are older than they last.
async fn hired(walled: &Walled, id: &str, agency: &str, role: ViewerRole) -> Pass {
    walled.hire(id, Home::Agency(AgencyId::parse(agency).unwrap()), role).await
}

/// What a page says, without its markup.
async fn words(walled: &Walled, path: &str, pass: &Pass) -> String {
    let page = walled.ask("GET", path, pass).await.body;
    let text: Vec<&str> =
        page.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text)).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

both_engines! {
    fn whoever_answers_for_a_unit_sees_what_is_late_by_person_unit_and_priority(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (given, (nobodys, _)) = (filed(&walled, 0, "CA", "one").await.0, filed(&walled, 1, "CA", "two").await);
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            let jordan = walled.enter("unit_supervisor").await;
            let to = format!("/agency/reports/{given}/standing");
            let says = "version=1&set-holder=demo-investigator&set-unit=Night+desk&set-priority=urgent";
            done(&walled, &jordan, &to, &format!("standing-{given}"), says).await;
            assert!(words(&walled, LATE, &jordan).await.contains("Nothing is late."));
            walled.advance(NINE_DAYS);
            let supervisor = hired(&walled, "late-supervisor", AGENCY, ViewerRole::UnitSupervisor).await;
            let page = words(&walled, LATE, &supervisor).await;
            assert!(page.contains("Who has what is late Assigned to Unit immediate urgent"), "{page}");
            for row in ["Robin Sample Night desk 0 1 0 0 0", "Nobody 0", &given, &nobodys] {
                assert!(page.contains(row), "{row}: {page}");
            }
            // Whoever works reports sees the same, and finds what they have themselves.
            let investigator = hired(&walled, "late-investigator", AGENCY, ViewerRole::Investigator).await;
            assert!(words(&walled, LATE, &investigator).await.contains(&given));
            let own = words(&walled, "/agency/inbox?due=late&holder=me", &investigator).await;
            assert!(own.contains("No report matches"), "{own}");
            let all = words(&walled, "/agency/inbox?due=late", &investigator).await;
            assert!(all.contains(&given) && all.contains(&nobodys), "{all}");
            // Another agency's is nobody's business.
            let other = hired(&walled, "late-elsewhere", "icac-us-mn", ViewerRole::UnitSupervisor).await;
            assert!(words(&walled, LATE, &other).await.contains("Nothing is late."));
        });
    }
}
