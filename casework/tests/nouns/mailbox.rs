//! Where people are written to is known to be theirs before anything but a code goes there.

use casework::mailbox;
use casework::message::{self, Kind};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::{Assign, Work};
use store::{EventKind, Refusal, Result};
use testkit::both_engines;

use crate::desk::{Desk, agency_id};
use crate::{OWN, by, permit, person_id, refusal, run, staffed};

const ANN: (&str, &str) = ("ann", OWN);

pub async fn messages(desk: &Desk) -> Vec<message::Due> {
    desk.read(|view| message::due(view, 64)).await.unwrap()
}

pub async fn passes(desk: &Desk, minutes: i64) {
    desk.house.advance(SignedDuration::from_mins(minutes));
}

/// Somebody names their mailbox, or none.
pub async fn names(
    desk: &Desk,
    who: (&str, &str),
    version: u32,
    address: Option<&str>,
    wants_new: bool,
) -> Result<()> {
    let (may, address): (Permit<Work>, _) = (permit(who.0, who.1), address.map(str::to_owned));
    by(desk, who, move |act| mailbox::put(act, &may, version, address.as_deref(), wants_new)).await
}

/// Somebody types a code.
pub async fn types(desk: &Desk, who: (&str, &str), code: &str) -> Result<bool> {
    let (may, code): (Permit<Work>, _) = (permit(who.0, who.1), code.to_owned());
    by(desk, who, move |act| mailbox::confirm(act, &may, &code)).await
}

/// What is sent to somebody next, as the mail server gets it: where it goes, and its code.
pub async fn sent(desk: &Desk, person: &str) -> (Option<String>, Option<String>) {
    let due = messages(desk).await.into_iter().find(|one| one.person == person_id(person)).unwrap();
    let taking = due.clone();
    let Some(out) = desk.act(move |act| message::take(act, &taking)).await.unwrap() else {
        return (None, None);
    };
    desk.act(move |act| message::answered(act, &due, &Ok(()))).await.unwrap();
    (Some(out.to.into_inner()), out.code.map(domain::Private::into_inner))
}

async fn make(desk: &Desk, kind: Kind) {
    desk.act(move |act| message::make(act, Some(&agency_id(OWN)), &person_id("ann"), kind)).await.unwrap();
}

async fn known(desk: &Desk) -> Vec<String> {
    let may: Permit<Work> = permit("bob", OWN);
    let known = desk.read(move |view| mailbox::known(view, &may)).await.unwrap();
    known.iter().map(ToString::to_string).collect()
}

async fn asks(desk: &Desk) -> Result<()> {
    desk.act(|act| message::test(act, Some(&agency_id(OWN)), &person_id("ann"))).await
}

both_engines! {
    fn nothing_but_a_code_goes_to_a_mailbox_before_its_person_typed_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            names(&desk, ANN, 0, Some("ann@agency.example"), true).await.unwrap();
            let (to, code) = sent(&desk, "ann").await;
            assert_eq!(to.as_deref(), Some("ann@agency.example"));
            for kind in [Kind::Immediate, Kind::New, Kind::Test] {
                make(&desk, kind).await;
                assert_eq!(sent(&desk, "ann").await, (None, None), "{kind:?}");
            }
            assert_eq!(known(&desk).await, Vec::<String>::new());
            let code = code.unwrap();
            assert!(!types(&desk, ANN, "BBBBBBBB").await.unwrap(), "it is another one");
            assert_eq!(refusal(types(&desk, ("bob", OWN), &code).await), Some(Refusal::Conflict));
            let typed = format!(" {} {} ", &code[..4].to_lowercase(), &code[4..]);
            assert!(types(&desk, ANN, &typed).await.unwrap());
            assert_eq!(refusal(types(&desk, ANN, &code).await), Some(Refusal::Conflict), "it served");
            assert_eq!(known(&desk).await, ["ann"]);
            make(&desk, Kind::Immediate).await;
            assert_eq!(sent(&desk, "ann").await, (Some("ann@agency.example".to_owned()), None));
            // The same mailbox stays known; another one begins anew, and is sent a code when a minute has passed.
            names(&desk, ANN, 1, Some("ann@agency.example"), false).await.unwrap();
            assert_eq!(known(&desk).await, ["ann"]);
            names(&desk, ANN, 2, Some("else@agency.example"), false).await.unwrap();
            assert_eq!(known(&desk).await, Vec::<String>::new());
            assert_eq!(messages(&desk).await, []);
            assert_eq!(refusal(asks(&desk).await), Some(Refusal::Conflict));
            passes(&desk, 1).await;
            asks(&desk).await.unwrap();
            let (to, other) = sent(&desk, "ann").await;
            assert_eq!(to.as_deref(), Some("else@agency.example"));
            assert!(!types(&desk, ANN, &code).await.unwrap(), "the code of the other mailbox");
            assert!(types(&desk, ANN, &other.unwrap()).await.unwrap());
            desk.house.has_caused(&[EventKind::MailboxConfirmed]).await;
            testkit::tamper::is_found(scratch, &["message_wish"], async || desk.house.wrong().await).await;
        });
    }

    fn a_code_serves_for_a_day_and_five_tries_and_the_next_one_ends_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            names(&desk, ANN, 0, Some("ann@agency.example"), false).await.unwrap();
            let (_, first) = sent(&desk, "ann").await;
            for _ in 0..5 {
                assert!(!types(&desk, ANN, "BBBBBBBB").await.unwrap());
            }
            assert_eq!(refusal(types(&desk, ANN, &first.unwrap()).await), Some(Refusal::Conflict));
            passes(&desk, 1).await;
            asks(&desk).await.unwrap();
            let (_, second) = sent(&desk, "ann").await;
            passes(&desk, 1).await;
            asks(&desk).await.unwrap();
            let (_, third) = sent(&desk, "ann").await;
            assert!(!types(&desk, ANN, &second.unwrap()).await.unwrap(), "the last one counts");
            passes(&desk, 24 * 60).await;
            assert_eq!(refusal(types(&desk, ANN, &third.unwrap()).await), Some(Refusal::Conflict), "a day has passed");
        });
    }

    fn what_was_sent_is_remembered_for_a_month_and_no_longer(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            names(&desk, ANN, 0, Some("ann@agency.example"), false).await.unwrap();
            sent(&desk, "ann").await;
            passes(&desk, 30 * 24 * 60).await;
            make(&desk, Kind::Test).await;
            let is_over = || desk.read(message::is_over);
            assert!(!is_over().await.unwrap());
            passes(&desk, 1).await;
            assert!(is_over().await.unwrap());
            assert_eq!(desk.act(message::forget).await.unwrap(), 1);
            assert!(!is_over().await.unwrap());
            // What still waits is not forgotten, however late.
            passes(&desk, 60 * 24 * 60).await;
            assert!(!is_over().await.unwrap());
            let chief: Permit<Assign> = permit("chief-1", OWN);
            assert_eq!(desk.read(move |view| message::list(view, &chief)).await.unwrap().len(), 1);
            desk.house.has_caused(&[EventKind::MessagesForgotten]).await;
        });
    }
}
