//! "Not ours, because": the next agency has it, or the desk says who; until then it is where it was.

use casework::standing::{self, Change};
use dissemination::given_back::{self, GivenBack, MOST_TIMES, NewReturn, Next};
use domain::{AgencyId, NotOurs, ReportId, ReturnState, Stage, Status, StatusReason};
use policy::permit::{Route, Transfer, Work};
use policy::{Permit, Viewer, ViewerRole, access};
use store::{Event, EventKind, Refusal, Result, report};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, reads};
use crate::transfers::{ANN, BOB, CYD, accept, holds, offer, refer, revoked, stands};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

const FEDERAL: &str = AGENCIES[2].0;
const FED: (&str, &str) = ("p-1", FEDERAL);

pub fn next(names: &[&str]) -> Vec<Next> {
    let one = |name: &&str| Next {
        agency: agency_id(name),
        says: "It is dull.".to_owned(),
        rule_set: "rules-1".to_owned(),
    };
    names.iter().map(one).collect()
}

pub async fn give_back(
    desk: &Desk,
    who: (&str, &str),
    (report, version): (ReportId, u32),
    names: &[&str],
) -> Result<Option<AgencyId>> {
    let (hands, next): (Permit<Transfer>, _) = (permit(who.0, who.1), next(names));
    let new = NewReturn { report, version, reason: NotOurs::WrongPlace, words: "dull words".to_owned() };
    by(desk, who, move |act| given_back::give_back(act, &hands, &new, &next)).await
}

fn routes() -> Permit<Route> {
    access::permit(&Viewer::staff(person_id("ana"), ViewerRole::Analyst, true)).unwrap()
}

/// The purge of a whole report, as far as its row and its keys.
pub async fn destroyed(desk: &Desk, number: ReportId) {
    let destroyed = desk.act(move |act| {
        report::move_on(act, number, Stage::Available, Stage::Retained)?;
        act.destroy_keys(number)?;
        report::move_on(act, number, Stage::Retained, Stage::Destroyed)?;
        // After the keys, and of a kind that outlives them: nothing else can be sealed any more.
        act.note(Event::of_report(EventKind::ReportDestroyed, number)).map(drop)
    });
    destroyed.await.unwrap();
}

pub async fn at_desk(desk: &Desk) -> Vec<GivenBack> {
    let all = desk.read(|view| given_back::at_desk(view, &routes())).await.unwrap();
    let many = desk.read(|view| given_back::waiting(view, &routes())).await.unwrap();
    assert_eq!(all.len(), many as usize, "as many as wait are counted");
    all
}

pub async fn decide(desk: &Desk, one: &GivenBack, to: Option<&str>, words: &'static str) -> Result<()> {
    let (one, to) = (one.clone(), to.map(agency_id));
    desk.by("ana", move |act| {
        let which = ((one.report, &one.agency, one.number), one.version);
        given_back::decide(act, &routes(), which, to.as_ref(), words)
    })
    .await
}

both_engines! {
    // PROVES: R-76
    fn what_was_said_of_a_report_under_a_key_that_is_gone_is_held_against_nobody(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            desk.house.advance(jiff::SignedDuration::from_mins(1));
            accept(&desk, CYD, &id, 1).await.unwrap();
            desk.house.book().sequence().await.unwrap();
            assert_eq!(desk.house.wrong().await, None);
            destroyed(&desk, report).await;
            desk.house.book().sequence().await.unwrap();
            assert_eq!(desk.house.wrong().await, None);
        });
    }

    // PROVES: R-20 R-26
    fn what_is_not_ours_goes_to_the_next_agency_and_what_nobody_takes_to_the_desk(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let names = [OWN, OTHER, FEDERAL];
            assert_eq!(give_back(&desk, ANN, (report, 1), &names).await.unwrap(), Some(agency_id(OTHER)));
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OTHER));
            let ours = stands(&desk, ANN, report).await.said;
            assert_eq!((ours.status, ours.reason), (Status::Closed, Some(StatusReason::OtherJurisdiction)));
            let made = desk.read(move |view| store::delivery::get(view, &reads(OTHER), report)).await.unwrap().0;
            assert_eq!((made.rule.as_str(), made.basis.as_str()), ("given-back", "C2-STATE"));
            assert_eq!(give_back(&desk, CYD, (report, 1), &names).await.unwrap(), Some(agency_id(FEDERAL)));
            // Everybody whom the rules name gave it back: it stays with the last one, and the desk sees it.
            assert_eq!(give_back(&desk, FED, (report, 1), &names).await.unwrap(), None);
            assert_eq!(holds(&desk, report, OWN).await, agency_id(FEDERAL));
            let theirs = stands(&desk, FED, report).await;
            assert_eq!((theirs.said.status, theirs.said.reason), (Status::Waiting, Some(StatusReason::AwaitsAgency)));
            assert_eq!(refusal(give_back(&desk, FED, (report, theirs.version), &names).await), Some(Refusal::Conflict));
            let waits = at_desk(&desk).await;
            assert_eq!((waits.len(), waits[0].words.as_deref(), waits[0].said_by.as_deref()), (1, Some("dull words"), None));
            decide(&desk, &waits[0], Some(OTHER), "It is theirs after all.").await.unwrap();
            assert_eq!((at_desk(&desk).await, holds(&desk, report, OWN).await), (vec![], agency_id(OTHER)));
            assert_eq!(stands(&desk, CYD, report).await.said.status, Status::New, "it begins anew there");
            desk.house.has_caused(&[EventKind::ReportReturned, EventKind::ReturnDecided]).await;
            testkit::tamper::is_found(scratch, &["report_return"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-20
    fn a_report_that_goes_round_ends_at_the_desk(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            for round in 0..MOST_TIMES {
                let version = stands(&desk, ANN, report).await.version;
                let to = give_back(&desk, ANN, (report, version), &[OTHER]).await.unwrap();
                assert_eq!(to.is_some(), round == 0, "an agency gets the same report back no second time by itself");
                if to.is_some() {
                    let version = stands(&desk, CYD, report).await.version;
                    let id = offer(&desk, CYD, (report, version), OWN).await.unwrap();
                    accept(&desk, ANN, &id, 1).await.unwrap();
                } else {
                    decide(&desk, &at_desk(&desk).await[0], None, "It is yours.").await.unwrap();
                }
                assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
                assert!(stands(&desk, ANN, report).await.said.status.is_open());
            }
            // Too often: even an agency that never had it gets it by hand only.
            let version = stands(&desk, ANN, report).await.version;
            assert_eq!(give_back(&desk, ANN, (report, version), &[FEDERAL]).await.unwrap(), None);
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
        });
    }

    // PROVES: R-21
    fn nothing_goes_on_to_an_agency_that_may_not_receive_or_is_done_with_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            revoked(&desk, OTHER).await;
            let report = desk.delivered_to(OWN).await;
            assert_eq!(give_back(&desk, ANN, (report, 1), &[OTHER]).await.unwrap(), None);
            assert_eq!(refusal(decide(&desk, &at_desk(&desk).await[0], Some(OTHER), "Try.").await), Some(Refusal::NotQualified));
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
            // The federal agency has it as well and works it: it has it instead, and nothing is delivered twice.
            desk.deliver(report, FEDERAL).await.unwrap();
            decide(&desk, &at_desk(&desk).await[0], Some(FEDERAL), "They work it.").await.unwrap();
            assert_eq!(holds(&desk, report, OWN).await, agency_id(FEDERAL));
        });
    }

    fn of_two_who_give_back_or_decide_the_second_is_told_and_an_offer_is_answered_first(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(refusal(give_back(&desk, BOB, (report, 1), &[]).await), Some(Refusal::Conflict));
            let report = desk.delivered_to(OWN).await;
            assert_eq!(give_back(&desk, ANN, (report, 1), &[]).await.unwrap(), None);
            assert_eq!(refusal(give_back(&desk, BOB, (report, 1), &[OTHER]).await), Some(Refusal::Conflict));
            let seen = at_desk(&desk).await.remove(0);
            assert_eq!(refusal(decide(&desk, &seen, None, " ").await), Some(Refusal::Unfit { what: "decision" }));
            decide(&desk, &seen, None, "It is yours.").await.unwrap();
            assert_eq!(refusal(decide(&desk, &seen, Some(OTHER), "Theirs.").await), Some(Refusal::Conflict));
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
            let hands: Permit<Transfer> = permit("ann", OWN);
            let told = desk.read(move |view| given_back::of_report(view, &hands, report)).await.unwrap().remove(0);
            assert_eq!((told.state, told.answer.as_deref()), (ReturnState::Stays, Some("It is yours.")));
            assert_eq!(stands(&desk, ANN, report).await.said.status, Status::New);
        });
    }

    // PROVES: R-20
    fn what_waits_for_the_desk_is_offered_to_nobody_so_that_two_agencies_never_hold_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            assert_eq!(give_back(&desk, ANN, (report, 1), &[]).await.unwrap(), None);
            let seen = (report, stands(&desk, ANN, report).await.version);
            assert_eq!(refusal(offer(&desk, ANN, seen, OTHER).await), Some(Refusal::Conflict));
            assert_eq!(refusal(refer(&desk, ANN, seen, OTHER).await), Some(Refusal::Conflict));
            decide(&desk, &at_desk(&desk).await[0], Some(FEDERAL), "Nobody is nearer.").await.unwrap();
            assert_eq!(holds(&desk, report, OWN).await, agency_id(FEDERAL));
            assert!(!stands(&desk, ANN, report).await.said.status.is_open());
        });
    }

    // PROVES: R-20
    fn an_agency_to_which_a_report_is_referred_again_holds_it_again(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(give_back(&desk, CYD, (report, 1), &[]).await.unwrap(), Some(agency_id(OWN)));
            assert_eq!(holds(&desk, report, OTHER).await, agency_id(OWN));
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(holds(&desk, report, OTHER).await, agency_id(OTHER));
            let theirs = stands(&desk, CYD, report).await;
            assert_eq!(theirs.said.status, Status::New);
            let id = offer(&desk, CYD, (report, theirs.version), FEDERAL).await.unwrap();
            accept(&desk, FED, &id, 1).await.unwrap();
            assert_eq!((holds(&desk, report, OTHER).await, holds(&desk, report, OWN).await), (agency_id(FEDERAL), agency_id(OWN)));
        });
    }

    fn what_stays_keeps_what_its_agency_did_with_it_meanwhile(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            assert_eq!(give_back(&desk, ANN, (report, 1), &[]).await.unwrap(), None);
            let (works, version): (Permit<Work>, _) = (permit(ANN.0, ANN.1), stands(&desk, ANN, report).await.version);
            let change = Change { status: Some((Status::InWork, None)), ..Change::give_to(person_id("ann")) };
            by(&desk, ANN, move |act| standing::change(act, &works, (report, version), &change, None)).await.unwrap();
            decide(&desk, &at_desk(&desk).await[0], None, "It is yours.").await.unwrap();
            let ours = stands(&desk, ANN, report).await.said;
            assert_eq!((ours.status, ours.person), (Status::InWork, Some(person_id("ann"))));
        });
    }

    // PROVES: R-20 R-55
    fn a_report_that_was_destroyed_keeps_no_other_one_where_it_is(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (waits, gone) = (desk.delivered_to(OTHER).await, desk.delivered_to(OTHER).await);
            let left = desk.delivered_to(OTHER).await;
            assert_eq!(give_back(&desk, CYD, (waits, 1), &[]).await.unwrap(), None);
            revoked(&desk, OTHER).await;
            destroyed(&desk, waits).await;
            destroyed(&desk, gone).await;
            let counted = desk.read(|view| given_back::left_behind(view, &routes())).await.unwrap();
            assert_eq!(counted, [(agency_id(OTHER), format!("Agency {OTHER}"), 1)]);
            let held = desk.read(|view| given_back::left_with(view, &routes(), &agency_id(OTHER))).await.unwrap();
            assert_eq!(held, [left]);
            // One that was destroyed after it was listed is passed over.
            let reports = [(gone, next(&[OWN])), (left, next(&[OWN]))];
            let sent = desk.by("ana", move |act| given_back::send_on(act, &routes(), &agency_id(OTHER), &reports)).await;
            assert_eq!((sent.unwrap(), holds(&desk, left, OTHER).await), (1, agency_id(OWN)));
            // The desk ends what waits for it.
            let seen = at_desk(&desk).await.remove(0);
            assert_eq!(refusal(decide(&desk, &seen, Some(FEDERAL), "Theirs.").await), Some(Refusal::Destroyed));
            decide(&desk, &seen, None, "It is gone.").await.unwrap();
            assert_eq!(at_desk(&desk).await, []);
            let ended = desk.read(move |view| given_back::get(view, &routes(), (waits, &seen.agency, 1))).await.unwrap();
            assert_eq!((ended.state, ended.answer), (ReturnState::Stays, None));
        });
    }

    // PROVES: R-20 R-21
    fn what_a_revoked_agency_holds_is_sent_on_and_nothing_is_left_with_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (first, second) = (desk.delivered_to(OTHER).await, desk.delivered_to(OTHER).await);
            let offered = offer(&desk, CYD, (first, 1), OWN).await.unwrap();
            let send = |names: &'static [&'static str]| {
                let reports = [(first, next(names)), (second, next(&[]))];
                desk.house.act(domain::Actor::House, domain::Purpose::Disclosure, "test::send", move |act| {
                    given_back::send_on(act, &routes(), &agency_id(OTHER), &reports)
                })
            };
            assert_eq!(refusal(send(&[OWN]).await), Some(Refusal::Conflict), "it may receive");
            revoked(&desk, OTHER).await;
            let left = desk.read(|view| given_back::left_behind(view, &routes())).await.unwrap();
            assert_eq!(left, [(agency_id(OTHER), format!("Agency {OTHER}"), 2)]);
            let held = desk.read(|view| given_back::left_with(view, &routes(), &agency_id(OTHER))).await.unwrap();
            assert_eq!(held, [first, second]);
            assert_eq!(send(&[OWN]).await.unwrap(), 1);
            assert_eq!(holds(&desk, first, OTHER).await, agency_id(OWN));
            assert_eq!(refusal(accept(&desk, ANN, &offered, 1).await), Some(Refusal::Closed), "what it had offered is taken back");
            assert_eq!(at_desk(&desk).await[0].report, second);
            let left = desk.read(|view| given_back::left_behind(view, &routes())).await.unwrap();
            assert!(left.is_empty(), "what waits for the desk is not there to be sent on again: {left:?}");
            decide(&desk, &at_desk(&desk).await[0], Some(FEDERAL), "Nobody is nearer.").await.unwrap();
            let left = desk.read(|view| given_back::left_behind(view, &routes())).await.unwrap();
            assert!(left.is_empty());
        });
    }
}
