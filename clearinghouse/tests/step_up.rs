//! What takes a fresh check of one's key: every privileged route of every face asks for it, and whoever shows that it is
//! them comes back with every word of their form.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::{Actor, AgencyClass, AgencyId, Id, PersonId, Private, Profile, ProviderId, Purpose};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use office::courier::Outbox;
use office::{Home, Person, sign_in};
use policy::ViewerRole;
use store::agency::{self, Agency, Qualification};
use store::session::{self, Entry};
use store::testing::{Plan, TestHouse};
use store::{person, provider};
use tower::ServiceExt as _;
use web::FormKey;
use web::door::Privileged;

const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// A form with words that every encoding could lose.
const FORM: &str = "csrf=none&person=p-1&person=p-2&because=A%20%3Cb%3E%20%26%20%22word%22%20%C3%A9%2Bplus";

/// Every route of a person's page to which something is sent, and whether it takes a fresh check; with what is taken away by a
/// plain `GET`.
const ROUTES: &[(&str, &str, bool)] = &[
    ("POST", "/agency/people", true),
    ("POST", "/agency/people/attest", true),
    ("POST", "/agency/people/invitations/{invitation}/codes", true),
    ("POST", "/agency/people/invitations/{invitation}/withdraw", true),
    ("POST", "/agency/people/{person}/attest", true),
    ("POST", "/agency/people/{person}/review", true),
    ("POST", "/agency/people/{person}/train", true),
    ("POST", "/agency/people/{person}/release", true),
    ("POST", "/agency/people/{person}/role", true),
    ("POST", "/agency/people/{person}/recover", true),
    ("POST", "/agency/people/{person}/disable", true),
    ("POST", "/agency/cases", false),
    ("POST", "/agency/cases/{case}/process/{step}", true),
    ("POST", "/agency/cases/{case}/{step}", false),
    ("POST", "/agency/cases/{case}/entries/{entry}", false),
    ("POST", "/agency/cases/{case}/entries/{entry}/pass-on", true),
    ("POST", "/agency/reports/{report}/outcome", false),
    ("POST", "/agency/reports/{report}/standing", false),
    ("POST", "/agency/inbox/assignment/add-rule", false),
    ("POST", "/agency/inbox/assignment/let-go", false),
    ("POST", "/agency/inbox/assignment/remove-rule", false),
    ("POST", "/agency/inbox/assignment/take-in", false),
    ("POST", "/agency/inbox/find", false),
    ("POST", "/agency/inbox/looked", false),
    ("POST", "/agency/inbox/together", false),
    ("POST", "/agency/inbox/together/carry-out", false),
    ("POST", "/agency/inbox/together/undo", false),
    ("POST", "/agency/inbox/views", false),
    ("POST", "/agency/inbox/views/remove", false),
    ("POST", "/agency/deconfliction/contact", false),
    ("POST", "/agency/deconfliction/{event}", false),
    ("POST", "/agency/deconfliction/{event}/take", false),
    ("POST", "/agency/notify/address", false),
    // Typing the code shows whose the mailbox is; only codes go there before.
    ("POST", "/agency/notify/confirm", false),
    ("POST", "/agency/notify/test", false),
    ("POST", "/agency/notify/steps", false),
    ("POST", "/agency/notify/steps/{turn}/remove", false),
    // Whoever is woken at night is asked for nothing first.
    ("POST", "/agency/notify/calls/{report}/answer", false),
    ("POST", "/agency/notify/webhooks", true),
    ("POST", "/agency/notify/webhooks/{webhook}/{step}", true),
    ("POST", "/agency/reports/{report}/hand-on", true),
    // Where it goes from there, rules decide or the desk, which is asked.
    ("POST", "/agency/reports/{report}/not-ours", false),
    // Whoever offered it was asked, and nobody else has it by its being taken: a night shift takes what cannot wait.
    ("POST", "/agency/transfers/{transfer}/{step}", false),
    ("POST", "/agency/keys", true),
    ("POST", "/agency/keys/{key}/revoke", true),
    ("POST", "/agency/media/grant", true),
    ("POST", "/agency/media/revoke", true),
    ("POST", "/agency/reports/{report}/package", true),
    ("POST", "/agency/reports/{report}/court", true),
    ("POST", "/agency/reports/{report}/document", true),
    ("POST", "/agency/reports/{report}/certificate", true),
    // Its form carries a file, which no page keeps.
    ("POST", "/agency/imports", false),
    ("POST", "/agency/imports/{set}/remove", true),
    ("POST", "/agency/reports/{report}/keeping/hold", true),
    ("POST", "/agency/reports/{report}/keeping/release/{hold}", true),
    ("POST", "/agency/reports/{report}/keeping/destroy", true),
    ("POST", "/agency/reports/{report}/keeping/relay", true),
    ("POST", "/agency/reports/{report}/keeping/letter", true),
    ("POST", "/agency/reports/{report}/keeping/renew/{letter}", true),
    ("POST", "/agency/reports/{report}/files/{position}/grounds", true),
    ("POST", "/agency/reports/{report}/files/{position}/grounds/{ground}/confirm", true),
    ("POST", "/agency/reports/{report}/files/{position}/grounds/{ground}/revoke", true),
    ("POST", "/agency/reports/{report}/files/{position}/look", true),
    // Whoever closes what they see is never asked first.
    ("POST", "/agency/reports/{report}/files/{position}/close", false),
    ("POST", "/agency/reports/{report}/viewings", true),
    ("POST", "/agency/reports/{report}/viewings/marks", false),
    ("POST", "/admin/people", true),
    ("POST", "/admin/people/{person}/disable", true),
    ("POST", "/admin/people/{person}/attest", true),
    ("POST", "/admin/people/{person}/review", true),
    ("POST", "/admin/people/{person}/train", true),
    ("POST", "/admin/people/{person}/release", true),
    ("POST", "/admin/people/{person}/role", true),
    ("POST", "/admin/people/{person}/recover", true),
    ("POST", "/admin/people/attest", true),
    ("POST", "/admin/people/invitations/{invitation}/codes", true),
    ("POST", "/admin/people/invitations/{invitation}/withdraw", true),
    ("POST", "/admin/people/{person}/known-by", true),
    ("POST", "/admin/people/{person}/known-by/{binding}/remove", true),
    ("POST", "/admin/invitations/{invitation}", true),
    ("POST", "/admin/key-models", true),
    ("POST", "/admin/key-models/remove", true),
    ("POST", "/admin/affiliations", true),
    ("POST", "/admin/affiliations/end", true),
    ("POST", "/admin/agencies/{agency}", true),
    ("POST", "/admin/agencies/{agency}/expire", true),
    ("POST", "/admin/agency-keys", true),
    ("POST", "/admin/approvals/{approval}/approve", true),
    ("POST", "/admin/approvals/{approval}/refuse", true),
    ("POST", "/admin/approvals/{approval}/withdraw", true),
    ("POST", "/admin/media/grant", true),
    ("POST", "/admin/media/revoke", true),
    ("POST", "/admin/providers/{provider}/disable", true),
    ("POST", "/admin/providers/{provider}/restore", true),
    ("POST", "/admin/rules/{set}", true),
    ("POST", "/admin/rules/relaxations", true),
    ("POST", "/admin/rules/relaxations/{name}/end", true),
    ("POST", "/admin/vendors", true),
    ("POST", "/admin/vendors/{vendor}/evidence", true),
    ("POST", "/admin/vendors/{vendor}/people", true),
    ("POST", "/admin/vendors/{vendor}/people/remove", true),
    ("POST", "/admin/vendors/{vendor}/end", true),
    ("POST", "/admin/vendors/{vendor}/holdings", true),
    ("POST", "/admin/vendors/{vendor}/emptied", true),
    ("POST", "/admin/vendors/{vendor}/destroyed", true),
    ("POST", "/agency/reports/{report}/preservation", true),
    ("POST", "/agency/portal/directory", false),
    ("POST", "/agency/portal/directory/{contact}", false),
    ("POST", "/agency/portal/requests", false),
    ("POST", "/agency/portal/requests/{request}", false),
    ("POST", "/agency/portal/wellness", false),
    ("POST", "/agency/reports/{report}/files/{position}/class", false),
    ("POST", "/desk/calls/address", false),
    // As at agencies: typing the code shows whose the mailbox is, and whoever is woken at night is asked for nothing first.
    ("POST", "/desk/calls/confirm", false),
    ("POST", "/desk/calls/test", false),
    ("POST", "/desk/calls/steps", false),
    ("POST", "/desk/calls/steps/{turn}/remove", false),
    ("POST", "/desk/calls/{report}/answer", false),
    ("POST", "/desk/portal/directory", false),
    ("POST", "/desk/portal/directory/{contact}", false),
    ("POST", "/desk/portal/library", false),
    ("POST", "/desk/portal/library/{document}", false),
    ("POST", "/desk/portal/library/{document}/withdraw", false),
    ("POST", "/desk/portal/requests", false),
    ("POST", "/desk/portal/requests/{request}", false),
    ("POST", "/desk/portal/wellness", false),
    ("POST", "/desk/reports/{report}/files/{position}/class", false),
    ("POST", "/desk/foreign-requests/{report}/forward", true),
    ("POST", "/desk/foreign-requests/{report}/unable", false),
    ("POST", "/desk/returned/send-on", true),
    ("POST", "/desk/returned/{report}/{agency}/{number}", true),
    ("POST", "/desk/reports/{report}/files/counsel", true),
    ("POST", "/desk/reports/{report}/files/{position}/look", true),
    // Whoever closes what they see is never asked first.
    ("POST", "/desk/reports/{report}/files/{position}/close", false),
    ("POST", "/agency/managers/notices/{notice}", false),
    ("POST", "/oversight/destructions/{destruction}/agreement", true),
    ("POST", "/oversight/destructions/{destruction}/refuse", true),
    ("GET", "/oversight/destructions/{destruction}/certificate.json", true),
    ("GET", "/oversight/destructions/{destruction}/certificate.pdf", true),
    ("POST", "/oversight/ledger/extract", true),
    ("POST", "/oversight/retention/purge", true),
    ("POST", "/provider/people", true),
    ("POST", "/provider/people/invitations/{invitation}/codes", true),
    ("POST", "/provider/people/invitations/{invitation}/withdraw", true),
    ("POST", "/provider/people/{person}/disable", true),
    ("POST", "/provider/people/{person}/recover", true),
    ("POST", "/provider/people/{person}/review", true),
    ("POST", "/provider/people/attest", true),
    ("POST", "/provider/people/{person}/attest", true),
    ("POST", "/provider/people/{person}/release", true),
    ("POST", "/provider/people/{person}/role", true),
    ("POST", "/provider/people/{person}/train", true),
    ("POST", "/provider/credentials/new", true),
    ("POST", "/provider/credentials/{credential}/rotate", true),
    ("POST", "/provider/credentials/{credential}/revoke", true),
    ("POST", "/provider/contacts", false),
    ("POST", "/provider/requests/{request}", false),
    ("POST", "/provider/profile", false),
    ("POST", "/provider/profile/submit", false),
    ("POST", "/provider/forms", false),
    ("POST", "/provider/forms/{form}/discard", false),
    ("POST", "/provider/forms/{form}/open", false),
    ("POST", "/provider/forms/{form}/reopen", false),
    ("POST", "/provider/forms/{form}/file", false),
    ("POST", "/provider/forms/{form}/upload", false),
    ("POST", "/provider/forms/{form}/{step}", false),
    ("POST", "/provider/forms/{form}/files/{file}", false),
];

/// The pages of a door itself: how somebody comes in, shows that it is them, and goes.
const DOOR: [&str; 9] =
    ["enrol", "enter", "join", "lock", "me", "sign-in", "sign-out", "sign-out-everywhere", "verify"];

/// A face with somebody of the highest right in it.
struct Place {
    rooms: &'static [&'static str],
    door: &'static str,
    who: &'static str,
    router: Router,
    privileged: &'static [Privileged],
}

struct Heard {
    status: u16,
    cookie: Option<String>,
    to: Option<String>,
    body: String,
}

impl Heard {
    /// The value of a hidden field after a mark, as a browser reads it.
    fn field(&self, after: &str, name: &str) -> String {
        let rest = self.body.split_once(after).unwrap_or_else(|| panic!("no {after}: {}", self.body)).1;
        let rest = rest.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        let text = rest.split_once('"').unwrap().0;
        text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    /// Whether it asks somebody to show that it is them.
    fn asks(&self) -> bool {
        self.body.contains("Show that it is you") || self.body.contains("<h1>Locked</h1>")
    }
}

fn person_id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

async fn furnished() -> TestHouse {
    let plan = Plan { profile: Profile::SyntheticDemo, ..Plan::default() };
    let house = TestHouse::of(plan).await;
    let furnish = house.act(Actor::Operator, Purpose::Administration, "test::furnish", |act| {
        let provider = ProviderId::parse("one").unwrap();
        provider::add(act, &provider, "One")?;
        let word = || "a test".to_owned();
        let qualification =
            Qualification { fact: word(), verified_by: word(), evidence: word(), until: None };
        let agency = AgencyId::parse("icac-us-mn").unwrap();
        agency::put(
            act,
            &Agency {
                id: agency.clone(),
                name: "An agency".to_owned(),
                class: AgencyClass::State,
                relationship: None,
                state: None,
                qualification: Some(qualification),
                disabled_at: None,
            },
        )?;
        for (name, home, role) in [
            ("chief", Home::Agency(agency), ViewerRole::Commander),
            ("sender", Home::Provider(provider), ViewerRole::ProviderAdmin),
            ("head", Home::House, ViewerRole::Supervisor),
        ] {
            let (id, name) = (person_id(name), Private::new(format!("Dull {name}")));
            person::add(act, &Person { id, home, role, name })?;
        }
        Ok(())
    });
    furnish.await.unwrap();
    house
}

fn places(house: &TestHouse) -> [Place; 3] {
    let key = || FormKey::from_bytes([7; 32]);
    let courier = Arc::new(Outbox::at(house.folder().join("outbox")));
    let of = || house.house().clone();
    let portal = providers::portal::Portal::new(of(), key(), cybertip::Profile::default(), courier.clone());
    [
        Place {
            rooms: &["/agency"],
            door: "/agency",
            who: "chief",
            router: agencies::router(agencies::Agencies::new(of(), key(), courier.clone())),
            privileged: agencies::PRIVILEGED,
        },
        Place {
            rooms: &["/desk", "/admin", "/oversight"],
            door: "/desk",
            who: "head",
            router: staff::router(staff::Staff::new(of(), key(), courier)),
            privileged: staff::PRIVILEGED,
        },
        Place {
            rooms: &["/provider"],
            door: "/provider",
            who: "sender",
            router: providers::portal::router(portal),
            privileged: providers::portal::PRIVILEGED,
        },
    ]
}

impl Place {
    async fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Heard {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8480")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("__Host-s={cookie}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let cookie = header(header::SET_COOKIE).map(|set| {
            let value = set.split_once('=').unwrap().1;
            value.split_once(';').unwrap().0.to_owned()
        });
        let (status, to) = (answer.status().as_u16(), header(header::LOCATION));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Heard { status, cookie, to, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// Somebody's new session.
    async fn enter(&self, house: &TestHouse) -> String {
        sign_in::begin(house, Entry::by_link(person_id(self.who), house.now())).await.unwrap()
    }

    /// Shows that it is them, as the page asks.
    async fn show(&self, page: &Heard, cookie: &str) -> Heard {
        let (door, mark) =
            (format!("{}/verify/demo", self.door), format!("action=\"{}/verify/demo\"", self.door));
        let form: String = ["csrf", "to", "kept"]
            .iter()
            .map(|name| {
                let value = page.field(&mark, name);
                let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("{name}={value}&")
            })
            .collect();
        self.ask("POST", &door, cookie, &form).await
    }

    fn routes(&self) -> impl Iterator<Item = &'static (&'static str, &'static str, bool)> {
        let is_mine =
            |path: &str| self.rooms.iter().any(|room| path.strip_prefix(room).is_some_and(is_below));
        ROUTES.iter().filter(move |(_, path, _)| is_mine(path))
    }
}

fn is_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// A path as it is asked: every variable is a number.
fn asked(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

// PROVES: R-70
#[tokio::test]
async fn every_privileged_route_asks_for_a_fresh_check_and_loses_no_word() {
    let house = furnished().await;
    for place in places(&house) {
        let mut walked = 0;
        for (method, path, takes) in place.routes() {
            let path = asked(path);
            let cookie = place.enter(&house).await;
            let fresh = place.ask(method, &path, &cookie, FORM).await;
            assert!(!fresh.asks(), "{path}: whoever has just come in is asked nothing");
            let cookie = place.enter(&house).await;
            house.advance(session::FRESH + SECOND);
            let stale = place.ask(method, &path, &cookie, FORM).await;
            let led =
                stale.to.as_ref().is_some_and(|to| to.starts_with(&format!("{}/verify?to=", place.door)));
            assert_eq!(stale.asks() || led, *takes, "{method} {path}: {} {}", stale.status, stale.body);
            if !*takes || *method == "GET" {
                assert!(*method != "GET" || led, "{path} leads to the check");
                continue;
            }
            assert_eq!(stale.status, 403, "{path}");
            let back = place.show(&stale, &cookie).await;
            assert_eq!(back.status, 200, "{path}: {}", back.body);
            let form = format!("action=\"{path}\"");
            assert_eq!(back.field(&form, "csrf"), "none");
            assert_eq!(back.field(&form, "because"), "A <b> & \"word\" \u{e9}+plus", "{path}");
            assert_eq!(back.body.matches("name=\"person\"").count(), 2, "{path}");
            let next = back.cookie.as_ref().unwrap();
            assert_ne!(*next, cookie, "the secret is new");
            assert!(!place.ask(method, &path, next, FORM).await.asks(), "{path} goes on");
            walked += 1;
        }
        assert!(walked > 0);
        for one in place.privileged {
            let walks =
                place.routes().any(|(method, path, takes)| *takes && one.covers(&of(method), path).is_some());
            // A room's own line may stand for pages that are still to come.
            assert!(walks || format!("{one:?}").contains("/*"), "{one:?} is walked");
        }
    }
}

fn of(method: &str) -> Method {
    method.parse().unwrap()
}

#[tokio::test]
async fn a_form_that_meets_a_locked_screen_is_kept_too() {
    let house = furnished().await;
    for place in places(&house) {
        for (method, path, _) in
            place.routes().filter(|(method, path, _)| *method == "POST" && !path.ends_with("/join"))
        {
            let (path, cookie) = (asked(path), place.enter(&house).await);
            house.advance(session::LOCK);
            let locked = place.ask(method, &path, &cookie, FORM).await;
            assert!(locked.asks() && locked.body.contains("Locked"), "{path}: {}", locked.body);
            let back = place.show(&locked, &cookie).await;
            assert_eq!(back.field(&format!("action=\"{path}\""), "because"), "A <b> & \"word\" \u{e9}+plus");
        }
    }
}

#[tokio::test]
async fn nobody_is_led_back_to_another_site_and_a_form_of_another_site_is_not_kept() {
    let house = furnished().await;
    let [place, ..] = places(&house);
    let cookie = place.enter(&house).await;
    house.advance(session::FRESH + SECOND);
    let page = place.ask("POST", "/agency/keys", &cookie, FORM).await;
    let token = page.field("action=\"/agency/verify/demo\"", "csrf");
    let form = format!("csrf={token}&to=https%3A%2F%2Fevil.example%2F&kept=a%3Db");
    let led = place.ask("POST", "/agency/verify/demo", &cookie, &form).await;
    assert!(
        led.body.contains("action=\"/agency/inbox\"") && !led.body.contains("evil.example"),
        "{}",
        led.body
    );
    let cookie = place.enter(&house).await;
    house.advance(session::FRESH + SECOND);
    let request = Request::post("/agency/keys")
        .header(header::HOST, "localhost:8480")
        .header("sec-fetch-site", "cross-site")
        .header(header::COOKIE, format!("__Host-s={cookie}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(FORM))
        .unwrap();
    let answer = place.router.clone().oneshot(request).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains("kept"));
}

/// The address in a line of the book's list of routes, when something is sent to that page and it is none of a door.
fn sent_to(line: &str) -> Option<&str> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [_, methods, address, answers, ..] = cells[..] else { return None };
    let path = address.strip_prefix('`')?.strip_suffix('`')?;
    let mut parts = path.split('/').skip(1);
    let (room, below) = (parts.next()?, parts.next().unwrap_or_default());
    let is_door = ["agency", "desk", "provider"].contains(&room) && DOOR.contains(&below);
    let is_sent = answers == "pages" && methods.split(' ').any(|method| method == "POST");
    (is_sent && !is_door).then_some(path)
}

#[test]
fn every_page_to_which_something_is_sent_says_whether_it_takes_a_fresh_check() {
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/routes.md");
    let book = std::fs::read_to_string(book).unwrap();
    let sent: BTreeSet<&str> = book.lines().filter_map(sent_to).collect();
    let known: BTreeSet<&str> =
        ROUTES.iter().filter(|(method, ..)| *method == "POST").map(|(_, path, _)| *path).collect();
    let silent: Vec<_> = sent.difference(&known).collect();
    assert!(silent.is_empty(), "say of each in ROUTES whether it takes a fresh check: {silent:?}");
    let gone: Vec<_> = known.difference(&sent).collect();
    assert!(gone.is_empty(), "nothing is sent there: {gone:?}");
}
