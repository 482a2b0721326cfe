//! Reports on their way between agencies: who holds one is always exactly one answer, and nothing is lost, whatever crosses.

use casework::assignment::{self, Terms};
use casework::standing::Change;
use casework::{outcome, standing};
use dissemination::holder;
use dissemination::transfer::{
    self, MOST_CONDITIONS, MOST_ON_RECORD, NewTransfer, OnRecord, Transfer, Words,
};
use domain::{
    AgencyId, CourtOrder, DeclineReason, DestructionCode, DestructionId, Id, Outcome, Priority, Private,
    RedisclosureCode, ReportId, Status, StatusReason, TransferKind, TransferReason, TransferState,
};
use jiff::SignedDuration;
use policy::permit::{Assign, Transfer as Transfers, Work};
use policy::{List, Permit};
use store::destruction::{self, NewDestruction};
use store::{EventKind, Refusal, Result, agency, delivery, evidence, report};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, agency_of, reads, route_it};
use crate::{OTHER, OWN, by, permit, refusal, run, staffed};

pub const ANN: (&str, &str) = ("ann", OWN);
pub const BOB: (&str, &str) = ("bob", OWN);
pub const CYD: (&str, &str) = ("cyd", OTHER);
pub const DAN: (&str, &str) = ("dan", OTHER);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn new(report: ReportId, version: u32, to: &str, kind: TransferKind) -> NewTransfer {
    let on = OnRecord::StateOffence { state: "US-WI".to_owned(), offence: "948.12".to_owned() };
    NewTransfer {
        report,
        version,
        to: agency_id(to),
        kind,
        code: RedisclosureCode::StateOffence,
        reason: TransferReason::PersonLivesThere,
        words: Words { on, note: "dull words to them".to_owned() },
    }
}

pub async fn offer(desk: &Desk, who: (&str, &str), seen: (ReportId, u32), to: &str) -> Result<String> {
    let (hands, new): (Permit<Transfers>, _) =
        (permit(who.0, who.1), new(seen.0, seen.1, to, TransferKind::Transfer));
    by(desk, who, move |act| transfer::offer(act, &hands, &new)).await
}

pub async fn refer(desk: &Desk, who: (&str, &str), seen: (ReportId, u32), to: &str) -> Result<String> {
    let (hands, new): (Permit<Transfers>, _) =
        (permit(who.0, who.1), new(seen.0, seen.1, to, TransferKind::Referral));
    by(desk, who, move |act| transfer::offer(act, &hands, &new)).await
}

/// By a court's order, with a condition.
async fn ordered(
    desk: &Desk,
    report: ReportId,
    to: &str,
    (order, conditions): (&str, usize),
) -> Result<String> {
    let on = OnRecord::CourtOrder {
        order: order.to_owned(),
        conditions: vec!["No copies.".to_owned(); conditions],
    };
    let words = Words { on, note: "dull words to them".to_owned() };
    let new = NewTransfer {
        words,
        code: RedisclosureCode::CourtOrder,
        ..new(report, 1, to, TransferKind::Transfer)
    };
    let hands: Permit<Transfers> = permit(ANN.0, ANN.1);
    by(desk, ANN, move |act| transfer::offer(act, &hands, &new)).await
}

async fn conditions(desk: &Desk, agency: &'static str, report: ReportId) -> Result<Vec<CourtOrder>> {
    desk.read(move |view| transfer::ordered(view, &reads(agency), report)).await
}

/// The other agency gives whatever comes to a unit.
async fn gives_out(desk: &Desk) {
    let (assigns, who): (Permit<Assign>, _) = (permit("chief-2", OTHER), ("chief-2", OTHER));
    let terms =
        Terms { incident_type: None, place: None, least: None, unit: "North".to_owned(), in_turn: false };
    by(desk, who, move |act| assignment::add_rule(act, &assigns, &terms)).await.unwrap();
}

pub async fn accept(desk: &Desk, who: (&str, &str), id: &str, version: u32) -> Result<ReportId> {
    let (hands, id): (Permit<Transfers>, String) = (permit(who.0, who.1), id.to_owned());
    by(desk, who, move |act| transfer::accept(act, &hands, (&id, version))).await
}

pub async fn decline(desk: &Desk, who: (&str, &str), id: &str, version: u32) -> Result<()> {
    let (hands, id): (Permit<Transfers>, String) = (permit(who.0, who.1), id.to_owned());
    let why = (DeclineReason::NobodyFree, "dull words back");
    by(desk, who, move |act| transfer::decline(act, &hands, (&id, version), why)).await
}

pub async fn withdraw(desk: &Desk, who: (&str, &str), id: &str, version: u32) -> Result<()> {
    let (hands, id): (Permit<Transfers>, String) = (permit(who.0, who.1), id.to_owned());
    by(desk, who, move |act| transfer::withdraw(act, &hands, (&id, version))).await
}

async fn get(desk: &Desk, who: (&str, &str), id: &str) -> Transfer {
    let (hands, id): (Permit<Transfers>, String) = (permit(who.0, who.1), id.to_owned());
    desk.read(move |view| transfer::get(view, &hands, &id)).await.unwrap()
}

pub async fn holds(desk: &Desk, report: ReportId, of: &str) -> AgencyId {
    let of = agency_id(of);
    desk.read(move |view| holder::of(view, report, &of)).await.unwrap()
}

pub async fn stands(desk: &Desk, (who, agency): (&str, &str), report: ReportId) -> standing::Standing {
    let lists: Permit<List> = permit(who, agency);
    desk.read(move |view| standing::get(view, &lists, report)).await.unwrap()
}

async fn reads_it(desk: &Desk, agency: &'static str, report: ReportId) -> bool {
    desk.read(move |view| report::get(view, &reads(agency), report).map(drop)).await.is_ok()
}

/// What qualifies an agency is over.
pub async fn revoked(desk: &Desk, name: &'static str) {
    let (_, class, relationship) = *AGENCIES.iter().find(|one| one.0 == name).unwrap();
    let gone = agency::Agency { qualification: None, ..agency_of(name, class, relationship) };
    desk.act(move |act| agency::put(act, &gone)).await.unwrap();
}

const ELSEWHERE: (Status, Option<StatusReason>) = (Status::Closed, Some(StatusReason::OtherJurisdiction));

both_engines! {
    // PROVES: R-20 R-24 R-34 R-38
    fn a_report_is_where_it_was_until_the_other_agency_takes_it_and_then_there(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
            assert!(!reads_it(&desk, OTHER, report).await, "an offer makes nothing available");
            let seen = get(&desk, CYD, &id).await;
            assert_eq!(seen.words.as_ref().unwrap().note, "dull words to them");
            assert_eq!((seen.offered_by.as_str(), seen.due_at), ("", seen.offered_at + SignedDuration::from_hours(7 * 24)));
            // Neither the offerer nor a third agency can take it.
            assert_eq!(refusal(accept(&desk, ANN, &id, 1).await), Some(Refusal::NotFound));
            let third: Permit<Transfers> = permit("p-1", AGENCIES[2].0);
            let name = id.clone();
            let read = desk.read(move |view| transfer::get(view, &third, &name)).await;
            assert_eq!(refusal(read), Some(Refusal::NotFound));
            accept(&desk, CYD, &id, 1).await.unwrap();
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OTHER));
            assert!(reads_it(&desk, OTHER, report).await && reads_it(&desk, OWN, report).await);
            let (made, _) = desk.read(move |view| delivery::get(view, &reads(OTHER), report)).await.unwrap();
            assert_eq!((made.basis.as_str(), made.rule.as_str()), ("C2-STATE", "agency-transfer"));
            assert_eq!(get(&desk, ANN, &id).await.delivery, Some(made.delivery), "the receipt of both");
            let (ours, theirs) = (stands(&desk, ANN, report).await, stands(&desk, CYD, report).await);
            assert_eq!((ours.said.status, ours.said.reason), ELSEWHERE);
            assert_eq!((theirs.said.status, theirs.due_at.is_some()), (Status::New, true));
            // Who of the other agency did it is not told.
            assert_eq!(get(&desk, ANN, &id).await.decided.unwrap().0, "");
            // Only whoever holds it hands it on.
            let version = stands(&desk, ANN, report).await.version;
            let again = offer(&desk, ANN, (report, version), AGENCIES[2].0).await;
            assert_eq!(refusal(again), Some(Refusal::Closed));
            desk.house.has_caused(&[EventKind::AgencyTransferOffered, EventKind::AgencyTransferAccepted]).await;
            testkit::tamper::is_found(scratch, &["agency_transfer", "handed_on"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-20
    fn what_is_declined_taken_back_or_not_answered_in_time_stays_where_it_was(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let first = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            decline(&desk, CYD, &first, 1).await.unwrap();
            let seen = get(&desk, ANN, &first).await;
            let why = (seen.state(desk.house.now()), seen.decline, seen.answer.as_deref());
            assert_eq!(why, (TransferState::Declined, Some(DeclineReason::NobodyFree), Some("dull words back")));
            let second = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(refusal(withdraw(&desk, CYD, &second, 1).await), Some(Refusal::NotFound));
            withdraw(&desk, BOB, &second, 1).await.unwrap();
            assert_eq!(refusal(accept(&desk, CYD, &second, 1).await), Some(Refusal::Closed));
            let third = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            let due = get(&desk, ANN, &third).await.due_at;
            desk.house.advance(due.duration_since(desk.house.now()) - SECOND);
            assert_eq!(get(&desk, CYD, &third).await.state(desk.house.now()), TransferState::Offered);
            desk.house.advance(SECOND);
            // Its time is over at that second, whether or not a worker came by.
            assert_eq!(get(&desk, CYD, &third).await.state(desk.house.now()), TransferState::Lapsed);
            assert_eq!(refusal(accept(&desk, CYD, &third, 1).await), Some(Refusal::Closed));
            assert_eq!(desk.act(|act| transfer::lapse(act, 10)).await.unwrap(), 1);
            assert!(!desk.read(transfer::any_over).await.unwrap());
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OWN));
            assert_eq!(stands(&desk, ANN, report).await.said.status, Status::New);
            assert!(!reads_it(&desk, OTHER, report).await);
            desk.house
                .has_caused(&[
                    EventKind::AgencyTransferDeclined,
                    EventKind::AgencyTransferWithdrawn,
                    EventKind::AgencyTransferLapsed,
                ])
                .await;
        });
    }

    fn of_two_who_offer_or_answer_the_same_report_the_second_is_told_and_nothing_is_lost(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(refusal(offer(&desk, BOB, (report, 1), AGENCIES[2].0).await), Some(Refusal::Conflict));
            assert_eq!(refusal(accept(&desk, CYD, &id, 7).await), Some(Refusal::Conflict));
            accept(&desk, CYD, &id, 1).await.unwrap();
            for late in [decline(&desk, DAN, &id, 1).await, withdraw(&desk, ANN, &id, 1).await] {
                assert_eq!(refusal(late), Some(Refusal::Closed));
            }
            assert_eq!(get(&desk, DAN, &id).await.state(desk.house.now()), TransferState::Accepted);
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OTHER));
        });
    }

    fn an_outcome_that_crosses_a_transfer_stands_on_whichever_side_it_was_recorded(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let record = |who: (&'static str, &'static str), seen: (ReportId, u32), what: Outcome| {
                let works: Permit<Work> = permit(who.0, who.1);
                by(&desk, who, move |act| outcome::record(act, &works, seen, what))
            };
            // The outcome comes between the offer and the answer.
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert!(record(BOB, (report, 1), Outcome::Arrest).await.unwrap());
            accept(&desk, CYD, &id, 1).await.unwrap();
            let ours = stands(&desk, ANN, report).await.said;
            assert_eq!((ours.status, ours.reason), (Status::Closed, Some(StatusReason::Resolved)));
            assert_eq!(holds(&desk, report, OWN).await, agency_id(OTHER));
            // The answer comes between the officer's page and the outcome.
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            accept(&desk, CYD, &id, 1).await.unwrap();
            assert!(!record(BOB, (report, 1), Outcome::Unfounded).await.unwrap(), "it was changed meanwhile");
            let ours = stands(&desk, ANN, report).await.said;
            assert_eq!((ours.status, ours.reason), ELSEWHERE);
            let lists: Permit<List> = permit("ann", OWN);
            let told = desk.read(move |view| outcome::of_report(view, &lists, report)).await.unwrap();
            assert_eq!(told.iter().map(|one| one.outcome).collect::<Vec<_>>(), [Outcome::Unfounded]);
            assert!(record(CYD, (report, 1), Outcome::Arrest).await.unwrap());
        });
    }

    // PROVES: R-24 R-34
    fn a_referral_is_made_at_once_and_the_first_agency_holds_its_report_too(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(get(&desk, CYD, &id).await.state(desk.house.now()), TransferState::Accepted);
            assert!(reads_it(&desk, OTHER, report).await);
            assert_eq!((holds(&desk, report, OWN).await, holds(&desk, report, OTHER).await), (agency_id(OWN), agency_id(OTHER)));
            let (made, _) = desk.read(move |view| delivery::get(view, &reads(OTHER), report)).await.unwrap();
            assert_eq!((made.basis.as_str(), made.rule.as_str()), ("C2-STATE", "agency-referral"));
            assert_eq!(stands(&desk, ANN, report).await.said.status, Status::New);
            revoked(&desk, AGENCIES[2].0).await;
            assert_eq!(refusal(refer(&desk, ANN, (report, 1), AGENCIES[2].0).await), Some(Refusal::NotQualified));
            desk.house.has_caused(&[EventKind::ReportReferred]).await;
        });
    }

    // PROVES: R-21
    fn an_agency_that_is_revoked_meanwhile_gets_nothing_and_what_it_offered_can_still_be_taken(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (kept, taken) = (desk.delivered_to(OWN).await, desk.delivered_to(OTHER).await);
            let to_them = offer(&desk, ANN, (kept, 1), OTHER).await.unwrap();
            let to_us = offer(&desk, CYD, (taken, 1), OWN).await.unwrap();
            revoked(&desk, OTHER).await;
            assert_eq!(refusal(accept(&desk, CYD, &to_them, 1).await), Some(Refusal::NotQualified));
            assert_eq!(holds(&desk, kept, OWN).await, agency_id(OWN));
            withdraw(&desk, ANN, &to_them, 1).await.unwrap();
            accept(&desk, ANN, &to_us, 1).await.unwrap();
            assert_eq!(holds(&desk, taken, OTHER).await, agency_id(OWN));
        });
    }

    // PROVES: R-41
    fn what_a_court_wants_kept_is_told_to_everybody_who_gets_the_report_later(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = ordered(&desk, report, OTHER, ("Court of Nowhere 1", 1)).await.unwrap();
            assert_eq!(conditions(&desk, OWN, report).await.unwrap(), [], "an offer is no order that was carried out");
            accept(&desk, CYD, &id, 1).await.unwrap();
            // The next agency gets it by another exception.
            let id = offer(&desk, CYD, (report, 1), AGENCIES[2].0).await.unwrap();
            assert_eq!(refusal(conditions(&desk, AGENCIES[2].0, report).await), Some(Refusal::NotFound));
            accept(&desk, ("p-1", AGENCIES[2].0), &id, 1).await.unwrap();
            let all = [CourtOrder { order: "Court of Nowhere 1".to_owned(), conditions: vec!["No copies.".to_owned()] }];
            for agency in [OWN, OTHER, AGENCIES[2].0] {
                assert_eq!(conditions(&desk, agency, report).await.unwrap(), all);
            }
        });
    }

    fn each_text_of_an_offer_has_its_bound_and_lists_open_none(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let unfit = Some(Refusal::Unfit { what: "transfer" });
            assert_eq!(refusal(ordered(&desk, report, OTHER, (&"x".repeat(MOST_ON_RECORD + 1), 0)).await), unfit);
            assert_eq!(refusal(ordered(&desk, report, OTHER, ("1", MOST_CONDITIONS + 1)).await), unfit);
            let id = ordered(&desk, report, OTHER, ("1", MOST_CONDITIONS)).await.unwrap();
            let hands: Permit<Transfers> = permit(CYD.0, CYD.1);
            let listed = desk.read(move |view| transfer::incoming(view, &hands)).await.unwrap();
            assert_eq!(listed.iter().map(|one| (&one.id, &one.words)).collect::<Vec<_>>(), [(&id, &None)]);
            assert!(get(&desk, CYD, &id).await.words.is_some());
        });
    }

    fn nobody_of_another_agency_is_named_in_the_history_of_ones_own(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            accept(&desk, CYD, &id, 1).await.unwrap();
            let lists: Permit<List> = permit(ANN.0, ANN.1);
            let told = desk.read(move |view| standing::history(view, &lists, report)).await.unwrap();
            assert_eq!(told.iter().map(|one| one.changed_by.as_str()).collect::<Vec<_>>(), ["house"]);
            // Nor where a rule of one's own gives out what another agency refers.
            gives_out(&desk).await;
            let report = desk.delivered_to(OWN).await;
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            let lists: Permit<List> = permit(CYD.0, CYD.1);
            let told = desk.read(move |view| standing::history(view, &lists, report)).await.unwrap();
            assert_eq!(told.iter().map(|one| one.changed_by.as_str()).collect::<Vec<_>>(), ["house"]);
            // Whoever of the agency changes it is named there.
            let works: Permit<Work> = permit(CYD.0, CYD.1);
            let what = Change { status: Some((Status::InWork, None)), ..Change::default() };
            let version = stands(&desk, CYD, report).await.version;
            by(&desk, CYD, move |act| standing::change(act, &works, (report, version), &what, None)).await.unwrap();
            let lists: Permit<List> = permit(CYD.0, CYD.1);
            let told = desk.read(move |view| standing::history(view, &lists, report)).await.unwrap();
            assert_eq!(told[0].changed_by, format!("person:{}:{OTHER}", CYD.0));
        });
    }

    // PROVES: R-52 R-53
    fn a_report_is_handed_on_without_the_file_that_waits_for_its_destruction(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"dull bytes").await;
            desk.finish(report).await.unwrap();
            desk.act(move |act| route_it(act, report, Priority::Routine)).await.unwrap();
            desk.deliver(report, OWN).await.unwrap();
            let ask = NewDestruction {
                id: DestructionId::parse("d-1").unwrap(),
                basis: DestructionCode::SelfReportWithdrawn,
                agency: None,
                reason: Private::new("dull".to_owned()),
                files: vec![(report, file)],
            };
            desk.act(move |act| destruction::ask(act, &ask)).await.unwrap();
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            accept(&desk, CYD, &id, 1).await.unwrap();
            assert!(reads_it(&desk, OTHER, report).await, "its words go where a child is protected");
            let files = desk.read(move |view| evidence::facts(view, &reads(OTHER), report)).await.unwrap();
            assert_eq!(files.iter().map(|one| one.retained).collect::<Vec<_>>(), [false], "nobody reads the file");
        });
    }

    // PROVES: R-20
    fn whoever_holds_a_report_is_exactly_one_agency_however_often_it_was_handed_on(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let all: [(&str, &str); 3] = [ANN, CYD, ("p-1", AGENCIES[2].0)];
            let (mut at, mut dice) = (0, 7_u32);
            for _ in 0..12 {
                dice = dice.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                let to = (at + 1 + (dice >> 16) as usize % 2) % 3;
                let version = stands(&desk, all[at], report).await.version;
                let id = offer(&desk, all[at], (report, version), all[to].1).await.unwrap();
                if (dice >> 20) % 4 == 0 {
                    withdraw(&desk, all[at], &id, 1).await.unwrap();
                } else {
                    accept(&desk, all[to], &id, 1).await.unwrap();
                    at = to;
                }
                // Wherever one begins to ask, the answer is the same, and that agency has work to do.
                assert_eq!(holds(&desk, report, all[0].1).await, agency_id(all[at].1));
                assert!(stands(&desk, all[at], report).await.said.status.is_open());
            }
        });
    }
}
