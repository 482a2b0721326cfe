//! The people of providers come in besides with a card, through the same door as everybody else: sent out, back, recorded by
//! two people. TLS is tried where the listener for cards stands.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{StatusCode, header};
use card::Trust;
use card::testing::{Authority, Plan};
use jiff::Timestamp;
use office::outside::Cards;
use testkit::both_engines;

use super::asking::{Answer, CARD_ORIGIN, ORIGIN, Pass, Walled};
use super::made::{agreed, done};
use super::walk;

const UUID: &str = "0f5e0c6a-2b1d-4b7e-9a51-3c1f4f2d7a10";

/// An authority whose cards are taken, and that took none back.
struct Desk(Authority, Timestamp);

impl Cards for Desk {
    fn trust(&self) -> io::Result<Arc<Trust>> {
        let list = self.0.list(&[], self.1).into_bytes();
        Trust::read(self.0.pem().as_bytes(), &[list]).map(Arc::new).map_err(io::Error::other)
    }
}

/// What an answer sets of that name, as a browser sends it back.
fn cookie(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
    let mut of_name = set.filter(|set| set.starts_with(&format!("{name}=")));
    let kept = of_name.next().unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    kept.split(';').next().unwrap_or_default().to_owned()
}

/// Out from a face to the listener for cards and back: the page there, and the answer to its button.
async fn shown(walled: &Walled, desk: &Desk, face: &str) -> (Answer, Answer) {
    let sent = walled.ask("GET", &format!("/{face}/sign-in/with/card"), &Pass::Nothing).await;
    let ask = sent.location().strip_prefix(&format!("{CARD_ORIGIN}/card/enter?ask=")).map(str::to_owned);
    let (ask, errand) =
        (ask.unwrap_or_else(|| panic!("{sent:?}")), Pass::Cookie(cookie(&sent, "__Host-errand")));
    let card = desk.0.issue(&Plan::of(7, UUID, desk.1), &[]);
    let back = office::cards::vouch(walled.house.house(), desk, &ask, &card.shown).await.unwrap();
    let at = back.strip_prefix(ORIGIN).expect("it leads back to the pages").to_owned();
    let page = walled.ask("GET", &at, &errand).await;
    let (path, voucher) = at.split_once("?voucher=").expect("it leads back with a voucher");
    let press = Walled::request("POST", path, &errand)
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let pressed = walled.send(press.body(Body::from(format!("csrf={voucher}"))).unwrap()).await;
    (page, pressed)
}

both_engines! {
    // PROVES: R-69 R-72
    fn a_providers_person_comes_in_by_the_card_that_two_people_recorded_and_by_no_other_door(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let now = walled.house.now();
            let desk = Desk(Authority::root("A root of no worth", now), now);
            let sign_in = walled.ask("GET", "/provider/sign-in", &Pass::Nothing).await;
            assert!(sign_in.body.contains("Sign in with my card"), "{sign_in:?}");
            let (page, pressed) = shown(&walled, &desk, "provider").await;
            assert!(page.body.contains("Nobody is known by this here"), "{page:?}");
            assert_eq!(pressed.status, StatusCode::FORBIDDEN);

            let (admin, supervisor) = (walled.enter("security_admin").await, walled.enter("supervisor").await);
            let root = desk.trust().unwrap().roots()[0].sha256.clone();
            let word = format!("means=card&issuer={root}&subject=uuid:{UUID}");
            let (at, form) = ("/admin/people/demo-provider_reporter/known-by", "known-by/demo-provider_reporter");
            agreed(&walled, &supervisor, &done(&walled, &admin, at, form, &word).await).await;

            let (page, pressed) = shown(&walled, &desk, "provider").await;
            assert!(page.body.contains("I understand: enter") && page.body.contains("2258A(g)(4)"), "{page:?}");
            assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{pressed:?}");
            let inside = walled.ask("GET", "/provider/me", &Pass::Cookie(cookie(&pressed, "__Host-s"))).await;
            assert!(inside.status == StatusCode::OK && inside.body.contains(UUID), "{inside:?}");
            for other in ["agency", "desk"] {
                let (page, pressed) = shown(&walled, &desk, other).await;
                assert_eq!((page.status, pressed.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN), "{other}");
            }
        });
    }
}
