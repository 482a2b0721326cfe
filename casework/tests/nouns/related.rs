//! Deconfliction: both sides are told that the other one holds something, and nothing else; what is settled stays settled.

use casework::desk_contact::{self, Contact};
use casework::related::{self, Related};
use domain::{ReportId, SelectorKind, Settlement};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::{Assign, Deconflict};
use store::agency;
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, agency_of};
use crate::standing_query::{arrives, told};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

const PERSON: (SelectorKind, &str) = (SelectorKind::Account, "examplechat:1");

async fn list(desk: &Desk, (who, agency): (&str, &str), settled: bool) -> Vec<Related> {
    let sees: Permit<Deconflict> = permit(who, agency);
    desk.read(move |view| related::list(view, &sees, settled)).await.unwrap()
}

async fn pointers(desk: &Desk, (who, agency): (&str, &str), id: &str) -> Vec<ReportId> {
    let (sees, id): (Permit<Deconflict>, String) = (permit(who, agency), id.to_owned());
    desk.read(move |view| related::get(view, &sees, &id)).await.unwrap().1
}

async fn settle(desk: &Desk, side: (&str, &str), seen: &Related, how: Settlement) -> Result<bool> {
    let (sees, id, version): (Permit<Deconflict>, String, u32) =
        (permit(side.0, side.1), seen.id.clone(), seen.version);
    by(desk, side, move |act| related::settle(act, &sees, (&id, version), how)).await
}

const ANN: (&str, &str) = ("ann", OWN);
const CYD: (&str, &str) = ("cyd", OTHER);

both_engines! {
    // PROVES: R-28
    fn both_sides_are_told_of_each_other_and_each_sees_only_its_own_reports(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let first = arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            assert_eq!(list(&desk, ANN, false).await, []);
            let second = arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            let (ours, theirs) = (list(&desk, ANN, false).await.remove(0), list(&desk, CYD, false).await.remove(0));
            assert_eq!((&ours.id, &ours.other, ours.owns), (&theirs.id, &agency_id(OTHER), true));
            assert_eq!((&theirs.other, theirs.owns), (&agency_id(OWN), false));
            assert_eq!(pointers(&desk, ANN, &ours.id).await, [first]);
            assert_eq!(pointers(&desk, CYD, &ours.id).await, [second]);
            let sees: Permit<Deconflict> = permit("p-1", AGENCIES[2].0);
            let id = ours.id.clone();
            let third = desk.read(move |view| related::get(view, &sees, &id)).await;
            assert_eq!(refusal(third), Some(Refusal::NotFound));
            let sees: Permit<Deconflict> = permit("ann", OWN);
            let of = desk.read(move |view| related::of_report(view, &sees, first)).await.unwrap();
            assert_eq!(of.len(), 1);
        });
    }

    // PROVES: R-28
    fn an_agency_that_is_not_qualified_hears_nothing_and_nobody_hears_of_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            desk.act(|act| {
                let (name, class, relationship) = AGENCIES[0];
                agency::put(act, &agency::Agency { qualification: None, ..agency_of(name, class, relationship) })
            })
            .await
            .unwrap();
            arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            assert_eq!((list(&desk, ANN, false).await, list(&desk, CYD, false).await), (vec![], vec![]));
        });
    }

    fn one_event_stands_for_all_that_two_agencies_share_of_one_person_and_ends(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            let second = arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            told(&desk, second).await;
            arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            let seen = list(&desk, ANN, false).await;
            assert_eq!(seen.len(), 1);
            assert_eq!(pointers(&desk, ANN, &seen[0].id).await.len(), 2);
            assert!(!settle(&desk, ANN, &seen[0], Settlement::OwnerLeads).await.unwrap());
            // A stale form says so; another proposal takes the place of the first.
            assert_eq!(refusal(settle(&desk, CYD, &seen[0], Settlement::OwnerLeads).await), Some(Refusal::Conflict));
            let theirs = list(&desk, CYD, false).await.remove(0);
            assert_eq!(theirs.proposed, Some((Settlement::OwnerLeads, false)));
            assert!(!settle(&desk, CYD, &theirs, Settlement::Joint).await.unwrap());
            let ours = list(&desk, ANN, false).await.remove(0);
            assert!(settle(&desk, ANN, &ours, Settlement::Joint).await.unwrap());
            let again = arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            assert_eq!((list(&desk, ANN, false).await, list(&desk, CYD, false).await), (vec![], vec![]));
            let ended = list(&desk, CYD, true).await.remove(0);
            assert!(pointers(&desk, CYD, &ended.id).await.contains(&again));
            assert_eq!(refusal(settle(&desk, CYD, &ended, Settlement::Joint).await), Some(Refusal::Closed));
            let caused = [store::EventKind::RelatedTold, store::EventKind::RelatedWorked, store::EventKind::RelatedSettled];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["deconfliction", "deconfliction_pointer", "deconfliction_side"], async || desk.house.wrong().await).await;
        });
    }

    fn once_its_time_is_over_the_owner_settles_it_alone(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            desk.house.advance(SignedDuration::from_hours(24 * 7));
            let theirs = list(&desk, CYD, false).await.remove(0);
            assert!(theirs.is_late(desk.house.now()));
            assert!(!settle(&desk, CYD, &theirs, Settlement::OtherLeads).await.unwrap(), "it owns nothing");
            let ours = list(&desk, ANN, false).await.remove(0);
            assert!(settle(&desk, ANN, &ours, Settlement::OwnerLeads).await.unwrap());
        });
    }

    fn a_side_says_who_handles_it_and_whom_to_call(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN, PERSON.0, PERSON.1).await;
            arrives(&desk, OTHER, PERSON.0, PERSON.1).await;
            let seen = list(&desk, ANN, false).await.remove(0);
            let (sees, id): (Permit<Deconflict>, String) = (permit("ann", OWN), seen.id.clone());
            by(&desk, ANN, move |act| related::take(act, &sees, &id, &person_id("ann"))).await.unwrap();
            assert_eq!(list(&desk, ANN, false).await[0].person, Some(person_id("ann")));
            assert_eq!(list(&desk, CYD, false).await[0].person, None, "who of the other side is not told");
            let contact = Contact { desk: "Duty desk".into(), phone: "202-555-0101".into(), mail: String::new() };
            let put = |version, contact: &Contact| {
                let (leads, contact): (Permit<Assign>, Contact) = (permit("chief-1", OWN), contact.clone());
                by(&desk, ("chief-1", OWN), move |act| desk_contact::put(act, &leads, version, &contact))
            };
            let nobody = Contact { phone: String::new(), ..contact.clone() };
            assert_eq!(refusal(put(0, &nobody).await), Some(Refusal::Unfit { what: "contact" }));
            put(0, &contact).await.unwrap();
            assert_eq!(refusal(put(0, &contact).await), Some(Refusal::Conflict));
            let sees: Permit<Deconflict> = permit("cyd", OTHER);
            let known = desk.read(move |view| desk_contact::of(view, &sees, &agency_id(OWN))).await.unwrap();
            assert_eq!(known.unwrap().contact, contact);
            desk.house.has_caused(&[store::EventKind::DeskContactPut]).await;
            testkit::tamper::is_found(scratch, &["desk_contact"], async || desk.house.wrong().await).await;
        });
    }
}
