//! What two people must agree on: who may, when, and never twice.

use domain::{ApprovalId, ApprovalKind, Id, Private};
use jiff::SignedDuration;
use policy::ViewerRole;
use serde_json::json;
use store::approval::{self, State};
use store::person::{self, Home, Person};
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, person_id as id};
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A supervisor, counsel, a security administrator, and an officer of an agency.
async fn staffed(desk: &Desk) {
    desk.hire("supervisor", Home::House, ViewerRole::Supervisor).await;
    desk.hire("second", Home::House, ViewerRole::Supervisor).await;
    desk.hire("counsel", Home::House, ViewerRole::Counsel).await;
    desk.hire("secadmin", Home::House, ViewerRole::SecurityAdmin).await;
    desk.hire("officer", Home::Agency(agency_id(AGENCIES[0].0)), ViewerRole::Commander).await;
}

async fn asked(desk: &Desk, who: &str, kind: ApprovalKind) -> Result<ApprovalId> {
    desk.by(who, move |act| approval::ask(act, kind, "subject-7", &json!({ "exactly": "this" }))).await
}

async fn approve(desk: &Desk, who: &str, id: &ApprovalId) -> Result<()> {
    let id = id.clone();
    desk.by(who, move |act| approval::approve(act, &id).map(drop)).await
}

async fn take(desk: &Desk, id: &ApprovalId, kind: ApprovalKind) -> Result<(String, serde_json::Value)> {
    let id = id.clone();
    let taken = desk.act(move |act| {
        let approved = approval::take(act, &id, kind)?;
        assert_ne!(approved.asked().0, approved.approved().0);
        Ok((approved.subject().to_owned(), approved.details().reveal().clone()))
    });
    taken.await
}

both_engines! {
    // PROVES: R-21 R-52
    fn what_two_people_agreed_on_is_done_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            staffed(&desk).await;
            let id = asked(&desk, "supervisor", ApprovalKind::QualifyAgency).await.unwrap();
            assert_eq!(refusal(take(&desk, &id, ApprovalKind::QualifyAgency).await), Some(Refusal::Closed));
            approve(&desk, "counsel", &id).await.unwrap();
            assert_eq!(refusal(approve(&desk, "counsel", &id).await), Some(Refusal::Closed));
            assert_eq!(refusal(take(&desk, &id, ApprovalKind::Destroy).await), Some(Refusal::NotFound));
            let (subject, details) = take(&desk, &id, ApprovalKind::QualifyAgency).await.unwrap();
            assert_eq!((subject.as_str(), details), ("subject-7", json!({ "exactly": "this" })));
            assert_eq!(refusal(take(&desk, &id, ApprovalKind::QualifyAgency).await), Some(Refusal::Closed));
        });
    }

    fn nobody_agrees_with_themself_and_no_role_agrees_that_has_no_right_to(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            staffed(&desk).await;
            let id = asked(&desk, "supervisor", ApprovalKind::Destroy).await.unwrap();
            assert_eq!(refusal(approve(&desk, "supervisor", &id).await), Some(Refusal::SamePerson));
            // A second supervisor is another person, but not counsel.
            for other in ["second", "secadmin", "officer"] {
                assert_eq!(refusal(approve(&desk, other, &id).await), Some(Refusal::NotAllowed), "{other}");
            }
            for other in ["secadmin", "officer"] {
                let refused = asked(&desk, other, ApprovalKind::Destroy).await;
                assert_eq!(refusal(refused), Some(Refusal::NotAllowed), "{other}");
            }
            // Neither the operator nor the house is a person.
            let own = id.clone();
            let refused = desk.act(move |act| approval::approve(act, &own).map(drop)).await;
            assert_eq!(refusal(refused), Some(Refusal::NotAllowed));
            let own = id.clone();
            desk.by("counsel", move |act| approval::refuse(act, &own, "not this one")).await.unwrap();
            let found = desk.read(move |view| approval::get(view, &id)).await.unwrap();
            assert_eq!(found.reason.unwrap().reveal(), "not this one");
        });
    }

    fn a_row_in_which_somebody_agrees_with_themself_cannot_exist(scratch) {
        const FORGE: &str = "-- test::forge
            UPDATE approval SET outcome = 'approved', decided_by = asked_by, decided_at = 1";
        run(async {
            let desk = Desk::on(scratch).await;
            staffed(&desk).await;
            asked(&desk, "supervisor", ApprovalKind::Destroy).await.unwrap();
            let forged = desk.act(|act| Ok(act.tx().execute(FORGE, &database::Args::none())?)).await;
            assert!(matches!(forged, Err(store::Error::Fault(store::Fault::Database(_)))));
        });
    }

    fn an_approval_is_worth_nothing_from_its_end_on(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            staffed(&desk).await;
            for &kind in &[ApprovalKind::Destroy, ApprovalKind::Purge] {
                let late = asked(&desk, "supervisor", kind).await.unwrap();
                let unused = asked(&desk, "supervisor", kind).await.unwrap();
                let in_time = asked(&desk, "counsel", kind).await.unwrap();
                desk.house.advance(SignedDuration::from_hours(kind.open_for_hours()) - SECOND);
                approve(&desk, "counsel", &unused).await.unwrap();
                approve(&desk, "supervisor", &in_time).await.unwrap();
                take(&desk, &in_time, kind).await.unwrap();
                desk.house.advance(SECOND);
                assert_eq!(refusal(approve(&desk, "counsel", &late).await), Some(Refusal::Closed));
                assert_eq!(refusal(take(&desk, &unused, kind).await), Some(Refusal::Closed));
                let found = desk.read(move |view| Ok(approval::get(view, &late)?.state(view.now()))).await;
                assert_eq!(found.unwrap(), State::Lapsed);
            }
        });
    }

    fn an_agencys_commander_asks_to_let_in_again_only_their_own(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            staffed(&desk).await;
            desk.hire("own", Home::Agency(agency_id(AGENCIES[0].0)), ViewerRole::Investigator).await;
            desk.hire("other", Home::Agency(agency_id(AGENCIES[1].0)), ViewerRole::Investigator).await;
            let ask = async |about: &'static str| {
                let asked = desk.by("officer", move |act| {
                    approval::ask(act, ApprovalKind::RecoverPerson, about, &json!({}))
                });
                asked.await
            };
            let id = ask("own").await.unwrap();
            assert_eq!(refusal(ask("other").await), Some(Refusal::NotAllowed));
            assert_eq!(refusal(approve(&desk, "officer", &id).await), Some(Refusal::SamePerson));
            approve(&desk, "secadmin", &id).await.unwrap();
        });
    }

    fn every_order_of_steps_ends_as_the_rule_says(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            for step in 0..=ORDERS {
                walk_all(&desk, step).await;
            }
            let caused = [store::EventKind::ApprovalRefused, store::EventKind::ApprovalWithdrawn];
            desk.house.has_caused(&caused).await;
        });
    }
}

/// What can happen to an approval that a first person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    FirstApproves,
    SecondApproves,
    SecondRefuses,
    FirstWithdraws,
    SecondWithdraws,
    Taken,
    FirstGone,
    SecondGone,
}

const STEPS: [Step; 8] = [
    Step::FirstApproves,
    Step::SecondApproves,
    Step::SecondRefuses,
    Step::FirstWithdraws,
    Step::SecondWithdraws,
    Step::Taken,
    Step::FirstGone,
    Step::SecondGone,
];
/// Steps of one order; every order of so many is walked.
const ORDERS: usize = 3;

/// The rule, told in another style: what is known of one approval.
#[derive(Debug, Clone, Copy)]
struct Told {
    state: State,
    first: bool,
    second: bool,
}

impl Told {
    /// Whether a step is let through, and what is true then.
    fn after(&mut self, step: Step, is_over: bool) -> bool {
        use Step::{
            FirstApproves, FirstGone, FirstWithdraws, SecondApproves, SecondGone, SecondRefuses, Taken,
        };
        let open = self.state == State::Open && !is_over;
        let (may, state) = match step {
            FirstApproves | Step::SecondWithdraws => (false, self.state),
            SecondApproves => (open && self.first && self.second, State::Approved),
            SecondRefuses => (open && self.first && self.second, State::Refused),
            FirstWithdraws => (open && self.first, State::Withdrawn),
            Taken => {
                let agreed = self.state == State::Approved && !is_over;
                (agreed && self.first && self.second, State::Spent)
            }
            FirstGone => (std::mem::take(&mut self.first), self.state),
            SecondGone => (std::mem::take(&mut self.second), self.state),
        };
        if may {
            self.state = state;
        }
        may
    }
}

/// Walks every order of steps at once, each with an approval and two people of its own; the end comes before the step of
/// this number.
async fn walk_all(desk: &Desk, end: usize) {
    let kind = ApprovalKind::Purge;
    let count = STEPS.len().pow(ORDERS as u32);
    let name = move |who: &str, n: usize| id(&format!("{who}-{end}-{n}"));
    let made = desk.act(move |act| {
        for n in 0..count {
            for (who, role) in [("first", ViewerRole::Supervisor), ("second", ViewerRole::Counsel)] {
                let called = Private::new("Dull".to_owned());
                person::add(act, &Person { id: name(who, n), home: Home::House, role, name: called })?;
            }
        }
        Ok(())
    });
    made.await.unwrap();
    let mut approvals = Vec::new();
    for n in 0..count {
        approvals.push(asked(desk, name("first", n).as_str(), kind).await.unwrap());
    }
    let mut told = vec![Told { state: State::Open, first: true, second: true }; count];
    for place in 0..ORDERS {
        if place == end {
            desk.house.advance(SignedDuration::from_hours(kind.open_for_hours()));
        }
        for n in 0..count {
            let step = STEPS[n / STEPS.len().pow(place as u32) % STEPS.len()];
            let (first, second, one) = (name("first", n), name("second", n), approvals[n].clone());
            let done = match step {
                Step::FirstApproves => approve(desk, first.as_str(), &one).await,
                Step::SecondApproves => approve(desk, second.as_str(), &one).await,
                Step::SecondRefuses => {
                    desk.by(second.as_str(), move |act| approval::refuse(act, &one, "no")).await
                }
                Step::FirstWithdraws => {
                    desk.by(first.as_str(), move |act| approval::withdraw(act, &one)).await
                }
                Step::SecondWithdraws => {
                    desk.by(second.as_str(), move |act| approval::withdraw(act, &one)).await
                }
                Step::Taken => take(desk, &one, kind).await.map(drop),
                Step::FirstGone => desk.act(move |act| person::disable(act, &first)).await,
                Step::SecondGone => desk.act(move |act| person::disable(act, &second)).await,
            };
            let expected = told[n].after(step, place >= end);
            assert_eq!(done.is_ok(), expected, "order {n}, step {place} {step:?}, end {end}: {done:?}");
            assert!(done.is_ok() || refusal(done).is_some(), "a refusal, not a fault");
        }
    }
}
