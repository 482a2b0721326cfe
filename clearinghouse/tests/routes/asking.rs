//! A demo's people in a house of a test, and requests to its routers without a listener.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use domain::{Actor, Id as _, PersonId, Purpose};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use office::outside::Cards;
use policy::ViewerRole;
use store::person::{self, Home, Person};
use store::testing::{Plan, TestHouse};
use testkit::Scratch;
use tower::ServiceExt as _;

use super::list::Callers;
use crate::commands::demo::{kept::Kept, people};
use crate::config::{Config, Surface, Variables};
use crate::surfaces::Faces;

/// The origin that browsers of this house are on.
pub(super) const ORIGIN: &str = "https://walls.example";
/// The origin at which browsers of this house are asked for cards.
pub(super) const CARD_ORIGIN: &str = "https://card.walls.example";
/// The most that an answer to a refusal may weigh.
const MOST_BYTES: usize = 4 << 20;

/// A house with the people of the demo in it.
pub(super) struct Walled {
    pub(super) house: TestHouse,
    pub(super) router: Router,
    /// Pictures have an origin of their own.
    pub(super) media: Router,
    /// Cards are asked for on another origin.
    pub(super) cards: Router,
    pub(super) kept: Kept,
    pub(super) tools: pipeline::Tools,
    forms: web::FormKey,
    links: Vec<people::Link>,
}

/// No card opens anything here.
struct NoCards;

impl Cards for NoCards {
    fn trust(&self) -> io::Result<Arc<card::Trust>> {
        Err(io::Error::other("no authorities"))
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    /// Bytes of the body as it came.
    pub(super) bytes: u64,
}

impl Answer {
    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it leads, without the way back from there, which says again what was asked for.
    pub(super) fn door(&self) -> &str {
        self.location().split("?to=").next().unwrap_or_default()
    }

    /// Where the form posts to whose address ends like this, and with which token.
    pub(super) fn form(&self, end: &str) -> Option<(String, String)> {
        let forms = self.body.split("<form ").skip(1);
        forms
            .filter_map(|form| Some((valued(form, "action=\"")?, valued(form, "name=\"csrf\" value=\"")?)))
            .find(|(action, _)| action.ends_with(end))
    }

    /// Whether it is one of the ways to say no: a door to knock at, or nothing at all.
    pub(super) fn is_refusal(&self) -> bool {
        let shut = [400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 421, 422, 429];
        let to_a_door = self.status == StatusCode::SEE_OTHER && is_door(self.location());
        to_a_door || shut.contains(&self.status.as_u16())
    }
}

fn valued(markup: &str, name: &str) -> Option<String> {
    Some(markup.split_once(name)?.1.split('"').next()?.to_owned())
}

/// Where people are sent who have to show who they are.
fn is_door(location: &str) -> bool {
    let path = location.split('?').next().unwrap_or_default();
    ["/sign-in", "/unlock", "/locked", "/verify", "/banner"].iter().any(|end| path.ends_with(end))
}

/// The first part of a face's addresses; nothing where no people come.
fn face_of(callers: Callers) -> &'static str {
    match callers {
        Callers::Provider => "provider",
        Callers::Agency => "agency",
        Callers::Staff => "desk",
        _ => "",
    }
}

/// How somebody shows who they are.
#[derive(Debug, Clone)]
pub(super) enum Pass {
    Nothing,
    Cookie(String),
    /// A cookie with the session's name, which its forms are made for.
    Session {
        cookie: String,
        id: String,
    },
    Basic(String, String),
    Bearer(String),
}

impl Walled {
    pub(super) async fn on(scratch: &Scratch) -> Self {
        let plan = Plan {
            profile: domain::Profile::SyntheticDemo,
            database: Some(scratch.settings.clone()),
            ..Plan::default()
        };
        let house = TestHouse::of(plan).await;
        // Whoever tries wrong secrets in haste waits; these tests try many and measure no haste.
        let text = format!(
            "profile = \"synthetic-demo\"\n[providers]\nwrong_logins_per_minute = 0\n\
             [sign_in]\norigins = [\"{ORIGIN}\"]\ncard_origin = \"{CARD_ORIGIN}\""
        );
        let config = Config::read("walls", &text, house.folder().to_owned(), &Variables::of([])).unwrap();
        console::rules::take_up(house.house(), &config).await.expect("the shipped rules are taken up");
        let mut kept = Kept::default();
        people::settle(house.house(), &mut kept).await.expect("the demo's people are settled");
        let links = people::links(house.house(), &kept).await.expect("links are made");
        let tools = administration::tools::load(house.house()).await.expect("the shipped tables are read");
        let faces =
            Faces::new(house.house(), &config).unwrap().showing("https://media.walls.example".to_owned());
        let (router, media) = (faces.router(&Surface::PAGES), faces.router(&[Surface::Media]));
        let cards = web::cards::router(house.house().clone(), Arc::new(NoCards));
        Self { forms: faces.form_key(), house, router, media, cards, kept, tools, links }
    }

    /// The words of the demo's people who come through the door of these callers.
    pub(super) fn words(&self, callers: Callers) -> Vec<&'static str> {
        let face = face_of(callers);
        self.links.iter().filter(|link| link.face == face).map(|link| link.word).collect()
    }

    /// Signs somebody in by the demo's link.
    pub(super) async fn enter(&self, word: &str) -> Pass {
        let link = self.links.iter().find(|link| link.word == word).expect("somebody of the demo");
        self.enter_by(link.face, &link.secret).await
    }

    /// The page of somebody's link, before they acknowledged what it says.
    pub(super) async fn banner_of(&self, word: &str) -> Answer {
        let link = self.links.iter().find(|link| link.word == word).expect("somebody of the demo");
        self.ask("GET", &format!("/{}/enter/{}", link.face, link.secret), &Pass::Nothing).await
    }

    async fn enter_by(&self, face: &str, secret: &str) -> Pass {
        let answer = self.post(&format!("/{face}/enter"), &Pass::Nothing, &format!("csrf={secret}")).await;
        let cookie = answer.headers.get(header::SET_COOKIE).unwrap_or_else(|| panic!("{face}: {answer:?}"));
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let digest = self.house.secret_digest(cookie.trim_start_matches("__Host-s=").as_bytes());
        let now = self.house.now();
        let found =
            self.house.read("test::session", move |view| store::session::find(view, digest, now)).await;
        Pass::Session { cookie, id: found.unwrap().expect("a session has just begun").id }
    }

    /// Lets somebody new in, whom the demo does not have.
    pub(super) async fn hire(&self, id: &str, home: Home, role: ViewerRole) -> Pass {
        let face = match home {
            Home::House => "desk",
            Home::Agency(_) => "agency",
            Home::Provider(_) => "provider",
        };
        let secret = format!("link-of-{id}");
        let (digest, until) =
            (self.house.secret_digest(secret.as_bytes()), self.house.now() + SignedDuration::from_hours(1));
        let id = PersonId::parse(id).unwrap();
        let name = domain::Private::new("Somebody Else".to_owned());
        let hired = Person { id: id.clone(), home, role, name };
        let act = self.house.act(Actor::Operator, Purpose::Administration, "test::hire", move |act| {
            person::add(act, &hired)?;
            person::add_link(act, &id, digest, until)
        });
        act.await.unwrap();
        self.enter_by(face, &secret).await
    }

    /// The token of a form in somebody's session, as one of our pages would hold it; nothing for whoever has none.
    pub(super) fn token_for(&self, pass: &Pass, form: &str) -> String {
        let Pass::Session { id, .. } = pass else { return "none".to_owned() };
        self.forms.token(id, form)
    }

    /// The first page of a face.
    pub(super) async fn home(&self, callers: Callers, pass: &Pass) -> Answer {
        let mut answer = self.ask("GET", &format!("/{}", face_of(callers)), pass).await;
        // Some faces begin with their list.
        if answer.status.is_redirection() && !answer.is_refusal() {
            answer = self.ask("GET", answer.location(), pass).await;
        }
        answer
    }

    /// The n-th provider's credential, and the n-th agency's token.
    pub(super) fn credential(&self, n: usize) -> Pass {
        let account = &self.kept.providers[n];
        Pass::Basic(account.username.clone(), account.password.clone())
    }

    pub(super) fn token(&self, n: usize) -> Pass {
        Pass::Bearer(self.kept.tokens[n].token.clone())
    }

    pub(super) fn advance(&self, minutes: i64) {
        self.house.advance(SignedDuration::from_mins(minutes));
    }

    /// A request as a browser on a page of this very origin sends it.
    pub(super) fn request(method: &str, path: &str, pass: &Pass) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "walls.example");
        match pass {
            Pass::Nothing => request,
            Pass::Cookie(cookie) | Pass::Session { cookie, .. } => request.header(header::COOKIE, cookie),
            Pass::Bearer(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            Pass::Basic(name, word) => {
                use base64::Engine as _;
                let both = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{word}"));
                request.header(header::AUTHORIZATION, format!("Basic {both}"))
            }
        }
    }

    pub(super) async fn send(&self, request: Request) -> Answer {
        let router = match request.uri().path().split('/').nth(1) {
            Some("media") => self.media.clone(),
            Some("card") => self.cards.clone(),
            _ => self.router.clone(),
        };
        let answer = router.oneshot(request).await.expect("a router always answers");
        let (parts, body) = answer.into_parts();
        let bytes =
            http_body_util::Limited::new(body, MOST_BYTES).collect().await.expect("it ends").to_bytes();
        let (body, bytes) = (String::from_utf8_lossy(&bytes).into_owned(), bytes.len() as u64);
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }

    pub(super) async fn ask(&self, method: &str, path: &str, pass: &Pass) -> Answer {
        if ["POST", "PUT", "PATCH", "DELETE"].contains(&method) {
            return self.send(Self::form(method, path, pass, "csrf=none")).await;
        }
        self.send(Self::request(method, path, pass).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, pass: &Pass, form: &str) -> Answer {
        self.send(Self::form("POST", path, pass, form)).await
    }

    fn form(method: &str, path: &str, pass: &Pass, form: &str) -> Request {
        Self::request(method, path, pass)
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap()
    }
}
