//! PIV and CAC cards against the real binary, over real TLS: enrolled, used, revoked while it runs, and every card that
//! must not open anything. The authorities are of no worth and made for the test.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;
#[path = "common/walks.rs"]
mod walks;

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use card::testing::{Authority, Issued, Plan};
use database::bind;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use served::{Place, Served};
use walks::walk;

const UUID: &str = "0f5e0c6a-2b1d-4b7e-9a51-3c1f4f2d7a10";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A house with a listener for cards, made but not served yet.
struct Ground {
    scratch: tempfile::TempDir,
    place: Place,
    issuing: Authority,
    now: Timestamp,
    /// Origins of the pages and of the listener for cards.
    pages: String,
    cards: String,
    server: String,
    ticket: String,
}

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port is free").port()
}

impl Ground {
    #[expect(
        clippy::disallowed_methods,
        reason = "TLS goes by the real clock, and so do the cards of this test"
    )]
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let root = Authority::root("A root of no worth", now);
        let issuing = root.below("An issuer of cards of no worth", now);
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
        fs::write(at("server.pem"), own.cert.pem()).unwrap();
        fs::write(at("server.key"), own.signing_key.serialize_pem()).unwrap();
        fs::write(at("roots.pem"), root.pem()).unwrap();
        fs::write(at("root.crl"), root.list(&[], now)).unwrap();
        fs::write(at("issuing.crl"), issuing.list(&[], now)).unwrap();
        let (pages, cards) = (port(), port());
        let place = Place::at(&scratch.path().join("house"))
            .with("LISTEN__HOUSE__ADDRESS", format!("127.0.0.1:{pages}"))
            .with("LISTEN__CARDS__ADDRESS", format!("127.0.0.1:{cards}"))
            .with("LISTEN__CARDS__HOST", "localhost")
            .with("LISTEN__CARDS__SURFACES", "[\"cards\"]")
            .with("LISTEN__CARDS__CERTIFICATE_FILE", at("server.pem"))
            .with("LISTEN__CARDS__KEY_FILE", at("server.key"))
            .with("LISTEN__CARDS__CLIENT_ROOTS_FILE", at("roots.pem"))
            .with("LISTEN__CARDS__CRL_FILES", format!("[{:?}, {:?}]", at("root.crl"), at("issuing.crl")))
            .with("SIGN_IN__ORIGINS", format!("[\"http://localhost:{pages}\"]"))
            .with("SIGN_IN__CARD_ORIGIN", format!("https://localhost:{cards}"));
        let data = at("house");
        let made = place.run(&["init", "--profile", "synthetic-demo", "--data", &data, "--json"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let ticket = made["enrolment"].as_str().unwrap().to_owned();
        let (pages, cards) = (format!("http://localhost:{pages}"), format!("https://localhost:{cards}"));
        Self { place, issuing, now, pages, cards, server: own.cert.pem(), ticket, scratch }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    fn plan(&self) -> Plan {
        Plan::of(7, UUID, self.now)
    }

    fn issue(&self, plan: &Plan) -> Issued {
        self.issuing.issue(plan, &[&self.issuing])
    }

    /// A browser with this card in its reader, or with none. It follows nothing by itself.
    fn browser(&self, card: Option<&Issued>) -> Client {
        let root = reqwest::Certificate::from_pem(self.server.as_bytes()).unwrap();
        let builder = Client::builder().redirect(Policy::none()).tls_certs_only([root]);
        let builder = match card {
            Some(card) => {
                let pem = format!("{}{}", card.key_pem, card.certificates_pem);
                builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap())
            }
            None => builder,
        };
        builder.build().unwrap()
    }

    /// How many leaves of a kind there are, by the rows that the house wrote.
    fn leaves(&self, kind: &'static str) -> i64 {
        const COUNT: &str = "-- test::leaves
            SELECT COUNT(*) FROM ledger_leaf WHERE kind = :kind";
        let url = format!("sqlite:{}", self.file("house/clearinghouse.sqlite").display());
        let database = database::Database::open(&database::Settings::at(url)).unwrap();
        database.read("test::leaves", move |tx| tx.get(COUNT, &bind! { kind })).wait().unwrap()
    }
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.url());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// What an answer sets of that name, as a `Cookie` header carries it.
fn cookie(answer: &Response, name: &str) -> Option<String> {
    let set = answer.headers().get_all("set-cookie").iter().filter_map(|it| it.to_str().ok());
    let mut of_name = set.filter(|it| it.starts_with(&format!("{name}=")));
    of_name.next().and_then(|it| it.split(';').next()).map(str::to_owned)
}

/// Somebody at a browser: out to the listener for cards.
struct Out {
    errand: String,
    back: Response,
}

fn out(ground: &Ground, browser: &Client, from: &str) -> Out {
    let sent = browser.get(format!("{}{from}", ground.pages)).send().unwrap();
    let (to, errand) = (location(&sent), cookie(&sent, "__Host-errand").expect("it keeps the errand"));
    assert!(to.starts_with(&format!("{}/card/enter?ask=", ground.cards)), "{to}");
    assert!(to.len() < 4_000, "an address of {} letters", to.len());
    Out { errand, back: browser.get(to).send().unwrap() }
}

/// Back with what the listener gave: the page, and the answer to its button.
fn back(ground: &Ground, browser: &Client, out: &Out) -> (String, Response) {
    let to = location(&out.back);
    let voucher = to.strip_prefix(&format!("{}/desk/enter/back?voucher=", ground.pages)).unwrap().to_owned();
    let page = browser.get(&to).header("cookie", &out.errand).send().unwrap();
    let page = page.text().unwrap();
    (page, press(ground, browser, &out.errand, &voucher))
}

fn press(ground: &Ground, browser: &Client, errand: &str, voucher: &str) -> Response {
    let form = [("csrf", voucher)];
    let post = browser.post(format!("{}/desk/enter/back", ground.pages)).header("cookie", errand);
    post.header("sec-fetch-site", "same-origin").form(&form).send().unwrap()
}

fn enrol(ground: &Ground, card: &Issued) {
    let browser = ground.browser(Some(card));
    let page = browser.get(format!("{}{}", ground.pages, ground.ticket)).send().unwrap().text().unwrap();
    assert!(page.contains("/with/card?to="), "the page of a ticket leads to the card: {page}");
    let out = out(ground, &browser, &format!("{}/with/card", ground.ticket));
    let (page, done) = back(ground, &browser, &out);
    assert!(page.contains("Use it from now on"), "{page}");
    assert_eq!(done.status(), StatusCode::OK);
    assert!(done.text().unwrap().contains("It is recorded"));
}

/// The page that tells somebody why their card opens nothing.
fn turned(ground: &Ground, card: Option<&Issued>) -> String {
    let out = out(ground, &ground.browser(card), "/desk/sign-in/with/card");
    assert_eq!(out.back.status(), StatusCode::FORBIDDEN);
    assert_eq!(out.back.headers()["connection"], "close");
    out.back.text().unwrap()
}

fn served(ground: &Ground) -> Served {
    ground.place.serve()
}

// PROVES: R-69 R-72
#[test]
fn a_card_signs_in_over_tls_and_its_session_begins_on_the_faces_own_origin() {
    let ground = Ground::new();
    let _serving = served(&ground);
    let card = ground.issue(&ground.plan());
    let browser = ground.browser(Some(&card));
    let page = browser.get(format!("{}/desk/sign-in", ground.pages)).send().unwrap().text().unwrap();
    assert!(page.contains("Sign in with my card"));
    // Nobody is known by it yet, and its person is told what to give to their administrator.
    let stranger = out(&ground, &browser, "/desk/sign-in/with/card");
    let (page, refused) = back(&ground, &browser, &stranger);
    assert!(
        page.contains("Nobody is known by this here") && page.contains(&format!("uuid:{UUID}")),
        "{page}"
    );
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);

    enrol(&ground, &card);
    let known = out(&ground, &browser, "/desk/sign-in/with/card?to=/admin/people");
    let (page, entered) = back(&ground, &browser, &known);
    assert!(page.contains("I understand: enter") && page.contains("Restricted system"), "{page}");
    assert_eq!(location(&entered), "/admin/people");
    let session = cookie(&entered, "__Host-s").expect("the session is the face's own");
    assert!(entered.headers()["set-cookie"].to_str().unwrap().contains("SameSite=Strict"));
    let inside = browser.get(format!("{}/desk/me", ground.pages)).header("cookie", &session).send().unwrap();
    let inside = inside.text().unwrap();
    assert!(inside.contains("card") && inside.contains(&format!("uuid:{UUID}")), "{inside}");

    // What was given opens nothing twice, nothing in another browser, and nothing from another site.
    let again = out(&ground, &browser, "/desk/sign-in/with/card");
    let voucher = location(&again.back);
    let voucher = voucher.rsplit_once('=').unwrap().1;
    let other = out(&ground, &browser, "/desk/sign-in/with/card");
    assert_eq!(press(&ground, &browser, &other.errand, voucher).status(), StatusCode::FORBIDDEN);
    let form = [("csrf", voucher)];
    let crossed = browser.post(format!("{}/desk/enter/back", ground.pages)).header("cookie", &again.errand);
    let crossed = crossed.header("sec-fetch-site", "cross-site").form(&form).send().unwrap();
    assert_eq!(crossed.status(), StatusCode::FORBIDDEN);
    assert_eq!(press(&ground, &browser, &again.errand, voucher).status(), StatusCode::SEE_OTHER);
    assert_eq!(press(&ground, &browser, &again.errand, voucher).status(), StatusCode::FORBIDDEN);
    // Elsewhere than on the origins that the operator named there is no way back, so there is none out.
    let elsewhere =
        browser.get(format!("{}/desk/sign-in/with/card", ground.pages.replace("localhost", "127.0.0.1")));
    assert_eq!(elsewhere.send().unwrap().status(), StatusCode::NOT_FOUND);
    // The listener serves nothing but the question, and under no other name.
    let strange = browser.get(format!("{}/desk/sign-in", ground.cards)).send().unwrap();
    assert_eq!(strange.status(), StatusCode::NOT_FOUND);
}

// PROVES: R-69 R-76a
#[test]
fn a_card_that_must_not_open_is_told_why_over_tls_and_leaves_a_leaf() {
    let ground = Ground::new();
    let _serving = served(&ground);
    let good = ground.issue(&ground.plan());
    enrol(&ground, &good);
    let before = ground.leaves("sign-in-refused");
    let plan = || ground.plan();
    let stranger = Authority::root("Another root", ground.now);
    let by_name = Plan { uuid: None, common_name: format!("urn:uuid:{UUID}"), ..plan() };
    let cards = [
        (ground.issue(&Plan { until: ground.now - DAY, ..plan() }), "has expired"),
        (ground.issue(&Plan { from: ground.now + DAY, ..plan() }), "not valid yet"),
        (ground.issue(&Plan { client_auth: false, ..plan() }), "not for signing in"),
        (ground.issue(&by_name), "by a name only"),
        (stranger.issue(&plan(), &[]), "of an authority that is not taken here"),
    ];
    for (card, says) in &cards {
        let page = turned(&ground, Some(card));
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(turned(&ground, None).contains("No card was shown"));
    // Its authority takes the good card back while the house serves: the next look finds it.
    fs::write(ground.file("issuing.crl"), ground.issuing.list(&[7], ground.now)).unwrap();
    assert!(turned(&ground, Some(&good)).contains("was revoked"));
    // A list of the day before yesterday says nothing of today, and neither does a broken one.
    fs::write(ground.file("issuing.crl"), ground.issuing.list(&[], ground.now - DAY - DAY)).unwrap();
    assert!(turned(&ground, Some(&good)).contains("cannot be found out just now"));
    fs::write(ground.file("issuing.crl"), "no list").unwrap();
    assert!(turned(&ground, Some(&good)).contains("cannot be found out just now"));
    fs::write(ground.file("issuing.crl"), ground.issuing.list(&[], ground.now)).unwrap();
    let out = out(&ground, &ground.browser(Some(&good)), "/desk/sign-in/with/card");
    assert_eq!(out.back.status(), StatusCode::SEE_OTHER);
    assert_eq!(ground.leaves("sign-in-refused") - before, 9);
}

// PROVES: R-69 R-70
#[test]
fn a_person_with_a_card_walks_through_a_browser() {
    let ground = Ground::new();
    let _serving = served(&ground);
    let card = ground.issue(&ground.plan());
    fs::write(ground.file("card.pem"), &card.certificates_pem).unwrap();
    fs::write(ground.file("card.key"), &card.key_pem).unwrap();
    let (certificate, key) = (ground.file("card.pem"), ground.file("card.key"));
    let pages = [&ground.pages, &ground.cards, &ground.ticket].map(OsStr::new);
    walk("cards/walk.mjs", &[&pages[..], &[certificate.as_os_str(), key.as_os_str()]].concat());
}

#[test]
fn curl_with_a_card_is_led_back_and_without_its_key_never_gets_that_far() {
    let ground = Ground::new();
    let _serving = served(&ground);
    let (card, other) = (ground.issue(&ground.plan()), ground.issue(&ground.plan()));
    for (name, content) in
        [("card.pem", &card.certificates_pem), ("card.key", &card.key_pem), ("other.key", &other.key_pem)]
    {
        fs::write(ground.file(name), content).unwrap();
    }
    let sent = ground.browser(None).get(format!("{}/desk/sign-in/with/card", ground.pages)).send().unwrap();
    let to = location(&sent);
    let curl = |key: &Path| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--max-time", "30", "--output", "/dev/null", "--write-out", "%{http_code}"]);
        curl.arg("--cacert").arg(ground.file("server.pem")).arg("--cert").arg(ground.file("card.pem"));
        curl.arg("--key").arg(key).arg(&to);
        curl.output().expect("curl runs")
    };
    assert_eq!(String::from_utf8_lossy(&curl(&ground.file("card.key")).stdout), "303");
    assert_ne!(String::from_utf8_lossy(&curl(&ground.file("other.key")).stdout), "303");
}

#[test]
fn a_listener_for_cards_that_is_not_whole_is_refused_by_name() {
    let ground = Ground::new();
    assert!(ground.place.run(&["config", "check"]).status.success());
    let said = |key: &str, value: &str| {
        let ground = Ground::new();
        let place = ground.place.with(key, value);
        let checked = place.run(&["config", "check"]);
        assert_eq!(checked.status.code(), Some(1), "{key}");
        String::from_utf8_lossy(&checked.stderr).into_owned()
    };
    assert!(said("LISTEN__CARDS__SURFACES", "[\"cards\", \"staff\"]").contains("beside something else"));
    assert!(said("LISTEN__CARDS__CRL_FILES", "[]").contains("names no revocation list"));
    assert!(said("LISTEN__CARDS__CRL_FILES", "[\"/nowhere.crl\"]").contains("/nowhere.crl"));
    assert!(said("SIGN_IN__ORIGINS", "[]").contains("sign_in does not say where"));
    assert!(said("SIGN_IN__CARD_ORIGIN", "https://localhost/card").contains("no origin"));
}
