//! Coming in by card, on both engines: bound by a ticket or by two people, sent out and back, used once, in one browser,
//! in time. The cards are of authorities of no worth; TLS is tried where the listener stands.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::io;
use std::sync::Arc;

use card::testing::{Authority, Issued, Plan};
use card::{Trust, Wrong};
use common::{furnished, id, run};
use domain::{Actor, Assurance, Id as _, Means, Private, ProviderId, Purpose, SwitchReason};
use jiff::{SignedDuration, Timestamp};
use office::outside::{self, Aim, CARD, Cards, Entered, Errand, NewErrand, Return};
use office::{Home, Identity, Refused, Trouble};
use office::{approval, bindings, cards, enrolment, sign_in, staff, visit};
use store::enrolment::Cause;
use store::session::Entry;
use store::testing::TestHouse;
use store::{EventKind as Kind, Refusal, binding, person, provider, session};
use testkit::both_engines;

const UUID: &str = "0f5e0c6a-2b1d-4b7e-9a51-3c1f4f2d7a10";
const OTHER: &str = "11111111-2b1d-4b7e-9a51-3c1f4f2d7a10";
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const FACE: &str = "/agency";

/// An authority whose cards are taken, with what it took back.
struct Desk {
    root: Authority,
    revoked: Vec<u64>,
    now: Timestamp,
}

impl Cards for Desk {
    fn trust(&self) -> io::Result<Arc<Trust>> {
        let list = self.root.list(&self.revoked, self.now).into_bytes();
        Trust::read(self.root.pem().as_bytes(), &[list]).map(Arc::new).map_err(io::Error::other)
    }
}

impl Desk {
    fn of(house: &TestHouse) -> Self {
        let now = house.now();
        Self { root: Authority::root("A root of no worth", now), revoked: Vec::new(), now }
    }

    fn card(&self, serial: u64, uuid: &str) -> Issued {
        self.root.issue(&Plan::of(serial, uuid, self.now), &[])
    }

    fn identity(&self, uuid: &str) -> Identity {
        let root = self.trust().unwrap().roots()[0].sha256.clone();
        Identity { means: Means::Card, issuer: root, subject: format!("uuid:{uuid}") }
    }
}

fn fits(home: &Home) -> bool {
    home.agency().is_some()
}

fn errand(house: &TestHouse, aim: Aim, bound: &str) -> Errand {
    let bound = bound.to_owned();
    let origin = "https://agencies.example";
    Errand::begin(house, NewErrand { aim, way: CARD, face: FACE, origin, bound, to: FACE }).unwrap()
}

/// The voucher that the listener for cards gives.
async fn voucher(
    house: &TestHouse,
    desk: &Desk,
    errand: &Errand,
    shown: &[Vec<u8>],
) -> Result<String, Trouble> {
    let ask = errand.ask_of_card(house).await.unwrap();
    let back = cards::vouch(house, desk, &ask, shown).await?;
    let at = back.strip_prefix("https://agencies.example/agency/enter/back?voucher=");
    Ok(at.expect("it leads back to the face").to_owned())
}

async fn enter(
    house: &TestHouse,
    errand: &Errand,
    voucher: &str,
    session: Option<&str>,
) -> Result<Entered, Trouble> {
    let back = Return { errand, voucher, session, fits: &fits };
    outside::enter(house, &back, Private::new("A test's browser".to_owned())).await
}

/// Walks the whole way in.
async fn come_in(house: &TestHouse, desk: &Desk, shown: &[Vec<u8>]) -> Result<String, Trouble> {
    let errand = errand(house, Aim::SignIn, "");
    let voucher = voucher(house, desk, &errand, shown).await?;
    match enter(house, &errand, &voucher, None).await? {
        Entered::Session(secret) => Ok(secret),
        Entered::Enrolled => panic!("nobody enrolled"),
    }
}

async fn bind(house: &TestHouse, name: &str, desk: &Desk, card: &Issued) -> Result<Entered, Trouble> {
    let life = SignedDuration::from_hours(1);
    let ticket = enrolment::issue(house, Actor::Operator, &id(name), life).await.unwrap().secret;
    let errand = errand(house, Aim::Enrol, &seal::hex(&house.secret_digest(ticket.as_bytes())));
    let voucher = voucher(house, desk, &errand, &card.shown).await?;
    enter(house, &errand, &voucher, None).await
}

fn why<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> Refused {
    match answer {
        Err(Trouble::SignIn(why)) => why,
        other => panic!("{other:?}"),
    }
}

both_engines! {
    // PROVES: R-69
    fn a_card_that_was_bound_with_a_ticket_opens_a_session_of_its_assurance(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let card = desk.card(7, UUID);
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Unbound);
            assert!(matches!(bind(&house, "officer", &desk, &card).await, Ok(Entered::Enrolled)));
            let secret = come_in(&house, &desk, &card.shown).await.unwrap();
            let who = visit::somebody(&house, &secret).await.unwrap();
            assert_eq!(who.person.id, id("officer"));
            assert_eq!((who.session.means, who.session.assurance), (Means::Card, Assurance::Aal3));
            assert!(who.fresh(&house).is_ok());
            assert_eq!((house.leaves(Kind::BindingAdded).await, house.leaves(Kind::SignedIn).await), (1, 1));
            assert_eq!((house.leaves(Kind::PersonVouchedFor).await, house.leaves(Kind::BannerAcknowledged).await), (3, 1));

            // A card in software, as far as its authority says, is worth less.
            let soft = desk.root.issue(&Plan { hardware: false, ..Plan::of(8, OTHER, desk.now) }, &[]);
            bind(&house, "chief", &desk, &soft).await.unwrap();
            let secret = come_in(&house, &desk, &soft.shown).await.unwrap();
            let who = visit::somebody(&house, &secret).await.unwrap();
            assert_eq!((who.person.id, who.session.assurance), (id("chief"), Assurance::Aal2));
        });
    }

    // PROVES: R-69
    fn a_voucher_serves_once_in_the_browser_that_asked_and_within_five_minutes(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let card = desk.card(7, UUID);
            bind(&house, "officer", &desk, &card).await.unwrap();

            let own = errand(&house, Aim::SignIn, "");
            let given = voucher(&house, &desk, &own, &card.shown).await.unwrap();
            // Whoever catches it on the way has not the errand that it was made for.
            let thief = errand(&house, Aim::SignIn, "");
            assert_eq!(why(enter(&house, &thief, &given, None).await), Refused::NotAsked);
            let mut changed = given.clone();
            changed.replace_range(40..41, if &given[40..41] == "0" { "1" } else { "0" });
            assert_eq!(why(enter(&house, &own, &changed, None).await), Refused::NotAsked);
            // Looking uses nothing up.
            let back = Return { errand: &own, voucher: &given, session: None, fits: &fits };
            assert_eq!(outside::look(&house, &back).await.unwrap().id, id("officer"));
            assert!(enter(&house, &own, &given, None).await.is_ok());
            assert_eq!(why(enter(&house, &own, &given, None).await), Refused::Again);

            let own = errand(&house, Aim::SignIn, "");
            let late = voucher(&house, &desk, &own, &card.shown).await.unwrap();
            house.advance(SignedDuration::from_mins(5) - SECOND);
            assert!(outside::look(&house, &Return { voucher: &late, errand: &own, session: None, fits: &fits }).await.is_ok());
            house.advance(SECOND);
            assert_eq!(why(enter(&house, &own, &late, None).await), Refused::TooLate);
            // The errand itself ends as well, and belongs to one face.
            let kept = own.kept(&house).await.unwrap();
            assert!(Errand::of(&house, FACE, Some(kept.clone())).await.is_ok());
            assert_eq!(why(Errand::of(&house, "/desk", Some(kept.clone())).await), Refused::NotAsked);
            house.advance(SignedDuration::from_mins(5));
            assert_eq!(why(Errand::of(&house, FACE, Some(kept)).await), Refused::TooLate);
            let ask = own.ask_of_card(&house).await.unwrap();
            assert_eq!(why(cards::vouch(&house, &desk, &ask, &card.shown).await), Refused::TooLate);
            assert_eq!(why(cards::vouch(&house, &desk, "00", &card.shown).await), Refused::NotAsked);
        });
    }

    // PROVES: R-69
    fn a_card_opens_only_as_its_own_persons_under_its_own_root_and_while_it_holds(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut desk = Desk::of(&house);
            let card = desk.card(7, UUID);
            bind(&house, "officer", &desk, &card).await.unwrap();
            assert_eq!(why(bind(&house, "chief", &desk, &card).await), Refused::AnotherPerson);
            assert_eq!(why(come_in(&house, &desk, &[]).await), Refused::Card(Wrong::Missing));
            // Another authority that is taken may write the same identifier into a card: it is not the same card.
            let other = Desk::of(&house);
            assert_eq!(why(come_in(&house, &other, &other.card(7, UUID).shown).await), Refused::Unbound);
            desk.revoked.push(7);
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Card(Wrong::Revoked));
            desk.revoked.clear();
            house.advance(SignedDuration::from_hours(25));
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Card(Wrong::StaleList));
            desk.now = house.now();
            assert!(come_in(&house, &desk, &card.shown).await.is_ok());
            let off = |act: &store::Act<'_>| person::disable(act, &id("officer"));
            house.act(Actor::Operator, Purpose::Administration, "test::off", off).await.unwrap();
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Unbound);
        });
    }

    // PROVES: R-69 R-71
    fn whose_provider_is_switched_off_is_refused_at_the_return_and_not_after_the_banner(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let card = desk.card(7, UUID);
            let at_the_provider: &(dyn Fn(&Home) -> bool + Send + Sync) = &|home| home.provider().is_some();
            let known = desk.identity(UUID);
            let bound = house.act(Actor::Operator, Purpose::Administration, "test::bind", move |act| {
                binding::add(act, &id("sender"), &known)
            });
            bound.await.unwrap();
            let come_back = async || {
                let errand = errand(&house, Aim::SignIn, "");
                let voucher = voucher(&house, &desk, &errand, &card.shown).await.unwrap();
                let back = Return { errand: &errand, voucher: &voucher, session: None, fits: at_the_provider };
                outside::look(&house, &back).await
            };
            assert_eq!(come_back().await.unwrap().id, id("sender"));
            let one = || ProviderId::parse("one").unwrap();
            let off = house.act(Actor::Operator, Purpose::Administration, "test::off", move |act| {
                provider::disable(act, &one(), SwitchReason::Ended)
            });
            off.await.unwrap();
            assert_eq!(why(come_back().await), Refused::Unbound);
            assert_eq!(house.leaves(Kind::SignInRefused).await, 1);
            let on = house.act(Actor::Operator, Purpose::Administration, "test::on", move |act| {
                provider::restore(act, &one(), SwitchReason::Asked)
            });
            on.await.unwrap();
            assert_eq!(come_back().await.unwrap().id, id("sender"));
        });
    }

    // PROVES: R-70
    fn a_card_opens_a_locked_session_of_its_own_person_and_never_with_less_than_before(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let (hard, others) = (desk.card(7, UUID), desk.card(9, OTHER));
            let soft = desk.root.issue(&Plan { hardware: false, ..Plan::of(8, &UUID.replace('0', "2"), desk.now) }, &[]);
            bind(&house, "officer", &desk, &hard).await.unwrap();
            bind(&house, "officer", &desk, &soft).await.unwrap();
            bind(&house, "chief", &desk, &others).await.unwrap();
            let secret = come_in(&house, &desk, &hard.shown).await.unwrap();
            let session = visit::somebody(&house, &secret).await.unwrap().session;
            house.advance(SignedDuration::from_mins(11));
            assert!(visit::somebody(&house, &secret).await.is_err(), "it is locked");
            let again = async |card: &Issued, held: Option<&str>| {
                let own = errand(&house, Aim::Verify, &session.id);
                let voucher = voucher(&house, &desk, &own, &card.shown).await.unwrap();
                enter(&house, &own, &voucher, held).await
            };
            assert_eq!(why(again(&others, Some(&secret)).await), Refused::AnotherPerson);
            assert_eq!(why(again(&soft, Some(&secret)).await), Refused::TooWeak);
            assert_eq!(why(again(&hard, None).await), Refused::NotAsked);
            let Ok(Entered::Session(next)) = again(&hard, Some(&secret)).await else { panic!("it opens") };
            let who = visit::somebody(&house, &next).await.unwrap();
            assert_eq!(who.session.id, session.id);
            assert!(who.fresh(&house).is_ok());
            assert!(visit::somebody(&house, &secret).await.is_err(), "the secret before is nobody's");
        });
    }

    // PROVES: R-67 R-69 R-71
    fn two_people_record_a_card_and_one_takes_it_away_with_its_sessions(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let card = desk.card(7, UUID);
            let member = async |name: &str| {
                let entry = Entry::by_link(id(name), house.now());
                let secret = sign_in::begin(&house, entry).await.unwrap();
                staff::member(&house, &secret).await.unwrap()
            };
            let (supervisor, counsel) = (member("supervisor").await, member("counsel").await);
            let wrong = Identity { issuer: "A root".to_owned(), ..desk.identity(UUID) };
            let refused = bindings::ask(&house, &supervisor, id("officer"), wrong).await;
            assert!(matches!(refused.unwrap_err().refusal(), Some(Refusal::Unfit { .. })));
            let asked = bindings::ask(&house, &supervisor, id("officer"), desk.identity(UUID)).await.unwrap();
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Unbound);
            let alone = approval::approve(&house, &supervisor, asked.clone()).await;
            assert_eq!(alone.err().and_then(|trouble| trouble.refusal().copied()), Some(Refusal::SamePerson));
            approval::approve(&house, &counsel, asked).await.unwrap();
            let secret = come_in(&house, &desk, &card.shown).await.unwrap();

            let known = bindings::list(&house, &counsel, id("officer")).await.unwrap();
            assert_eq!((known.len(), known[0].subject.as_str()), (1, format!("uuid:{UUID}").as_str()));
            bindings::remove(&house, &counsel, id("officer"), known[0].binding.id.clone()).await.unwrap();
            assert!(visit::somebody(&house, &secret).await.is_err(), "its sessions ended with it");
            assert_eq!(why(come_in(&house, &desk, &card.shown).await), Refused::Unbound);
            assert_eq!(house.leaves(Kind::BindingRemoved).await, 1);
            // Nobody else gets it within a year.
            let identity = desk.identity(UUID);
            let add = async |name: &'static str| {
                let identity = identity.clone();
                let added = house.act(Actor::Operator, Purpose::Administration, "test::add", move |act| {
                    binding::add(act, &id(name), &identity)
                });
                added.await
            };
            house.advance(binding::NOT_AGAIN - SECOND);
            assert_eq!(add("chief").await.unwrap_err().refusal(), Some(Refusal::Conflict));
            house.advance(SECOND);
            assert!(add("chief").await.is_ok());
        });
    }

    fn whoever_was_proofed_anew_keeps_nothing_by_which_they_were_known(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::of(&house);
            let (lost, new) = (desk.card(7, UUID), desk.card(8, OTHER));
            bind(&house, "officer", &desk, &lost).await.unwrap();
            let secret = come_in(&house, &desk, &lost.shown).await.unwrap();
            let digest = house.secret_digest(b"a ticket");
            let issued = house.act(Actor::Operator, Purpose::Administration, "test::recover", move |act| {
                store::enrolment::issue(act, &id("officer"), Cause::Recovery, digest, SignedDuration::from_hours(1))
            });
            issued.await.unwrap();
            let own = errand(&house, Aim::Enrol, &seal::hex(&digest));
            let given = voucher(&house, &desk, &own, &new.shown).await.unwrap();
            enter(&house, &own, &given, None).await.unwrap();
            assert!(visit::somebody(&house, &secret).await.is_err());
            assert_eq!(why(come_in(&house, &desk, &lost.shown).await), Refused::Unbound);
            assert!(come_in(&house, &desk, &new.shown).await.is_ok());
            // The ticket is used up.
            let own = errand(&house, Aim::Enrol, &seal::hex(&digest));
            let given = voucher(&house, &desk, &own, &desk.card(9, &OTHER.replace('1', "3")).shown).await.unwrap();
            assert_eq!(why(enter(&house, &own, &given, None).await), Refused::NotAsked);
        });
    }

    fn the_issuer_of_a_session_can_end_it_and_no_other(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let identity = Identity {
                means: Means::Federation,
                issuer: "https://issuer.example".to_owned(),
                subject: "officer-1".to_owned(),
            };
            let begun = house.act(Actor::Operator, Purpose::Administration, "test::begin", {
                let identity = identity.clone();
                move |act| {
                    let bound = binding::add(act, &id("officer"), &identity)?;
                    for (at, sid) in ["one", "two"].into_iter().enumerate() {
                        let entry = Entry {
                            binding: Some(bound.clone()),
                            outside: Some(binding::outside_digest(act, &identity.issuer, sid)),
                            ..Entry::by_link(id("officer"), act.now())
                        };
                        session::start(act, &entry, [u8::try_from(at).unwrap(); 32])?;
                    }
                    Ok(())
                }
            });
            begun.await.unwrap();
            let end = async |sid: Option<&'static str>| {
                let identity = identity.clone();
                let ended = house.act(Actor::House, Purpose::Access, "test::end", move |act| {
                    let binding = binding::find(act, &identity)?.unwrap();
                    binding::signed_out(act, &binding, sid)
                });
                ended.await.unwrap()
            };
            assert_eq!((end(Some("three")).await, end(Some("one")).await, end(None).await), (0, 1, 1));
            assert_eq!(house.leaves(Kind::SignedOutOutside).await, 3);
            testkit::tamper::is_found(scratch, &["binding"], async || house.wrong().await).await;
        });
    }
}
