//! Vendors in their rows, on both engines: nothing is given to one before it has shown everything, nor after.

use domain::{Id, Private, VendorEvidence, VendorId, VendorReach};
use jiff::SignedDuration;
use policy::access::{self, Action, Space};
use policy::disclosure::{DataClass, Form};
use policy::permit::Right;
use policy::vendor::{Standing, may_have, standing};
use policy::{Viewer, ViewerRole};
use store::vendor::{self, NewEvidence, NewPerson, NewVendor};
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::Desk;
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn keeps() -> Right {
    access::right(&Viewer::OPERATOR, Action::KeepVendors, &Space::House).unwrap()
}

fn id() -> VendorId {
    VendorId::parse("vault-hosting").unwrap()
}

async fn added(desk: &Desk) -> Result<()> {
    let new = NewVendor {
        id: id(),
        name: "Vault Hosting".to_owned(),
        services: "stores".to_owned(),
        grace_days: 14,
    };
    desk.act(move |act| vendor::add(act, &keeps(), &new)).await
}

async fn shows(desk: &Desk, kind: VendorEvidence, days: i64) -> Result<()> {
    let now = desk.house.now();
    let until = now + SignedDuration::from_hours(24 * days);
    let new = NewEvidence { kind, document: "binder 7".to_owned(), sha256: [7; 32], from: now, until };
    desk.act(move |act| vendor::record(act, &keeps(), &id(), &new)).await
}

async fn listed(desk: &Desk, subcontractor: &'static str) -> Result<u64> {
    let cleared_until = desk.house.now() + DAY * 365;
    let (name, reaches) = (Private::new("Dull Person".to_owned()), VendorReach::Ciphertext);
    let new = NewPerson { name, reaches, subcontractor: subcontractor.to_owned(), cleared_until };
    desk.act(move |act| vendor::list_person(act, &keeps(), &id(), &new)).await
}

async fn stands(desk: &Desk) -> Standing {
    let found = desk.read(|view| vendor::get(view, &id())).await.unwrap();
    standing(&found.facts(), desk.house.now())
}

both_engines! {
    // PROVES: R-63 R-64 R-65
    fn a_vendor_receives_once_it_has_shown_everything_and_not_a_second_longer(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            assert!(access::right(&Viewer::staff(domain::PersonId::parse("p").unwrap(), ViewerRole::Analyst, true), Action::KeepVendors, &Space::House).is_err());
            added(&desk).await.unwrap();
            assert_eq!(refusal(added(&desk).await), Some(Refusal::Conflict));
            for &kind in VendorEvidence::ALL.iter().filter(|kind| **kind != VendorEvidence::Subcontract) {
                assert!(!stands(&desk).await.is_live());
                shows(&desk, kind, if kind == VendorEvidence::Designation { 30 } else { 365 }).await.unwrap();
            }
            assert!(!stands(&desk).await.is_live(), "nobody is listed");
            listed(&desk, "").await.unwrap();
            assert_eq!(stands(&desk).await, Standing::Good);
            let number = listed(&desk, "Sub Contractor").await.unwrap();
            assert!(!stands(&desk).await.is_live(), "a subcontractor's person without its terms");
            desk.act(move |act| vendor::remove_person(act, &keeps(), &id(), number)).await.unwrap();
            assert_eq!(stands(&desk).await, Standing::Good);
            desk.house.advance(DAY * 30 - SECOND);
            let found = desk.read(|view| vendor::get(view, &id())).await.unwrap();
            let form = may_have(&found.facts(), DataClass::Depictions, desk.house.now()).map(|ruling| ruling.form);
            assert_eq!(form, Ok(Form::Ciphertext));
            desk.house.advance(SECOND);
            assert_eq!(stands(&desk).await, Standing::Blocked(vec!["designation"]));
            shows(&desk, VendorEvidence::Designation, 30).await.unwrap();
            assert_eq!(stands(&desk).await, Standing::Good);
            desk.act(|act| vendor::asked(act, &id(), "depictions", Ok("R-64"))).await.unwrap();
            desk.act(|act| vendor::end(act, &keeps(), &id())).await.unwrap();
            assert_eq!(stands(&desk).await, Standing::Ended);
            assert_eq!(refusal(shows(&desk, VendorEvidence::Audit, 365).await), Some(Refusal::Closed));
            assert_eq!(refusal(listed(&desk, "").await.map(drop)), Some(Refusal::Closed));
            let caused = [store::EventKind::VendorAdded, store::EventKind::VendorEvidenceRecorded, store::EventKind::VendorPersonListed, store::EventKind::VendorEnded, store::EventKind::VendorAsked];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["vendor", "vendor_evidence", "vendor_person"], async || desk.house.wrong().await).await;
        });
    }
}
