//! Pace of a credential, patience with those who guess, and revocation.

use std::time::Duration;

use axum::body::Body;
use domain::{Actor, CredentialId, Id, Purpose};
use jiff::SignedDuration;
use providers::Settings;
use store::provider;

use crate::desk::{Desk, NO_FILE, REPORT, SECRET, details, file, form, get, request, signed, with, xml};
use crate::run;

/// Sixty a minute, ten at once.
fn paced() -> Settings {
    Settings::default().paced(60, 30)
}

#[test]
fn a_credential_that_asks_too_fast_is_told_when_to_ask_again() {
    run(async {
        let desk = Desk::with(paced()).await;
        for _ in 0..10 {
            desk.submit().await;
        }
        let too_soon = [
            xml("submit", REPORT),
            file("1", b"hello"),
            details("1", NO_FILE),
            get("status"),
            get("xsd"),
            request(axum::http::Method::POST, "uploads", "", Body::empty()),
        ];
        for request in too_soon {
            let heard = desk.ask(request).await;
            assert_eq!((heard.status, heard.code().as_str()), (503, "1000"), "{heard:?}");
            assert_eq!(heard.header("retry-after"), Some("2"));
            let says = "Server error: too many requests of this credential, try again in 2 s";
            assert_eq!(heard.element("responseDescription"), says);
        }
        // Another credential, even of the same provider, has its own pace.
        let other = desk.ask(signed(get("status"), "harbor-chat-writer", SECRET)).await;
        assert_eq!(other.code(), "0");
        desk.house.advance(SignedDuration::from_secs(1));
        desk.submit().await;
    });
}

#[test]
fn a_finish_and_a_retract_are_never_refused_for_their_pace() {
    run(async {
        let desk = Desk::with(paced()).await;
        let mut reports = Vec::new();
        for _ in 0..10 {
            reports.push(desk.submit().await);
        }
        assert_eq!(desk.ask(xml("submit", REPORT)).await.code(), "1000");
        for (place, report) in reports.iter().enumerate() {
            let end = if place % 2 == 0 { "finish" } else { "retract" };
            assert_eq!(desk.ask(form(end, report)).await.code(), "0");
            assert_eq!(
                desk.ask(form(end, report)).await.code(),
                if end == "finish" { "5102" } else { "5101" }
            );
        }
    });
}

#[tokio::test(start_paused = true)]
async fn whoever_guesses_waits_and_learns_nothing_from_it() {
    // Thirty a minute, five at once, then one in two seconds.
    let desk = Desk::new().await;
    let waited = async |username: &str, secret: &str| {
        let before = tokio::time::Instant::now();
        let heard = desk.ask(signed(get("status"), username, secret)).await;
        (heard.status, heard.body, before.elapsed().as_secs())
    };
    for _ in 0..5 {
        assert_eq!(waited("harbor-chat-full", "wrong").await, (401, String::new(), 0));
    }
    let known = waited("harbor-chat-full", "wrong").await;
    assert_eq!(known, (401, String::new(), 2));
    assert_eq!(waited("nobody", "wrong").await, known);
    assert_eq!(waited("harbor-chat-off", "wrong").await, known);
    // A right secret never waits, whoever else sits behind the same address.
    assert_eq!(waited("harbor-chat-full", SECRET).await.2, 0);
    desk.house.advance(SignedDuration::from_secs(60));
    assert_eq!(waited("nobody", "wrong").await, (401, String::new(), 0));
}

#[test]
fn a_revoked_credential_is_refused_at_its_next_request_on_the_same_connection() {
    run(async {
        let desk = Desk::new().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let face =
            providers::router(providers::Provider::new(desk.house.house().clone(), Settings::default()));
        let (ring, rung) = tokio::sync::oneshot::channel::<()>();
        let limits = web::Limits { farewell: Duration::from_millis(1), ..web::Limits::default() };
        let serving = tokio::spawn(web::serve(listener, face, None, limits, async move {
            rung.await.unwrap_or(());
        }));
        let (revoked, wait) = std::sync::mpsc::channel::<()>();
        let (asked, was_asked) = tokio::sync::oneshot::channel::<()>();
        let client = tokio::task::spawn_blocking(move || {
            let mut wire = crate::wire::Wire::to(&address.to_string());
            let auth = crate::wire::basic(&("harbor-chat-full".to_owned(), SECRET.to_owned()));
            let status =
                format!("GET /ispws/status HTTP/1.1\r\nHost: {address}\r\nAuthorization: {auth}\r\n\r\n");
            let before = wire.ask(status.as_bytes());
            asked.send(()).unwrap();
            wait.recv().unwrap();
            let after = wire.ask(status.as_bytes());
            ((before.status, before.code()), (after.status, after.code()))
        });
        was_asked.await.unwrap();
        let id = CredentialId::parse("harbor-chat-full").unwrap();
        let revoke = desk.house.act(Actor::Operator, Purpose::Administration, "test::revoke", move |act| {
            provider::disable_credential(act, &id)
        });
        revoke.await.unwrap();
        revoked.send(()).unwrap();
        let (before, after) = client.await.unwrap();
        assert_eq!((before, after), ((200, "0".to_owned()), (403, "3000".to_owned())));
        ring.send(()).unwrap();
        serving.await.unwrap().unwrap();
    });
}

#[test]
fn a_secret_is_known_by_its_keyed_digest_only() {
    const ROWS: &str = "-- test::credentials
        SELECT secret_digest FROM credential WHERE username = 'harbor-chat-full'";
    run(async {
        let desk = Desk::new().await;
        let read = desk
            .house
            .read("test::digest", |view| Ok(view.tx().get::<Vec<u8>>(ROWS, &database::bind! {})?));
        let kept = read.await.unwrap();
        assert_eq!(kept, desk.house.secret_digest(SECRET.as_bytes()));
        assert_ne!(kept, seal::sha256(SECRET.as_bytes()));
        let heard = desk.ask(with(get("status"), "authorization", "Basic ***")).await;
        assert_eq!(heard.status, 401);
    });
}
