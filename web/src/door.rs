//! The door of a face with people: in, out, locked, verified again, and one's own keys and sessions. The same for every
//! face, which says only whose door it is. The use banner stands before everything and is acknowledged by the same click
//! that enters. One-click links exist only in the synthetic demo; the sessions behind them are the final ones.

mod enter;
mod hide;
mod join;
mod keys;
mod mine;
mod outside;
mod refusal;
mod site;
mod step_up;
mod verify;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequestParts, State};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{any, get, post};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use maud::Markup;
use office::outside::Ways;
use office::{Home, House, Somebody, Trouble};
use policy::Viewer;
use serde::Deserialize;
use ui::Link;

use crate::frame::{self, Frame, Inside};
use crate::{Crowd, FormKey, PASSKEY_JS, Peer, Rate, Visit, reply, session_cookie};

pub use step_up::{Privileged, StepUp};

/// A form of the door with an answer of the largest key is smaller.
const MOST_FORM_BYTES: usize = 128 * 1024;
/// Attempts to come in, from one network: a shift that starts behind one address is let in, and who guesses is slowed by
/// what stands against each person's keys.
pub(crate) const PACE: Rate = Rate { per_minute: 120, burst: 120 };

/// Whose door it is.
#[derive(Debug)]
pub struct Face {
    /// Where the pages of its door begin, such as `/agency`.
    pub prefix: &'static str,
    /// Where all its pages begin: only to them somebody is led back.
    pub rooms: &'static [&'static str],
    /// Its people, as the banner names them.
    pub whose: &'static str,
    /// What its banner says besides what every banner says.
    pub more: &'static [&'static str],
    /// What is said of a page that is not there, and of one that is not theirs: both look the same.
    pub absent: &'static str,
    /// Where somebody lands who came in.
    pub home: Link<'static>,
    /// Its routes that take a check of one's key that is no older than five minutes.
    pub privileged: &'static [Privileged],
    /// The rooms that somebody finds in it; the first one is home.
    pub finds: fn(&Viewer) -> &'static [Link<'static>],
    /// Where the people of a home are kept.
    pub people: &'static str,
    /// Whether somebody of this home belongs behind it.
    pub fits: fn(&Home) -> bool,
}

/// The door of one face.
#[derive(Clone)]
pub struct Door {
    pub(crate) house: House,
    forms: Arc<FormKey>,
    pub(crate) face: &'static Face,
    frame: Frame<'static>,
    pace: Arc<Crowd>,
    ways: Arc<Ways>,
}

pub(crate) use refusal::of_outside as refused_outside;

/// A form that carries its token and nothing else.
#[derive(Deserialize)]
pub struct Token {
    /// The token.
    pub csrf: String,
}

impl Door {
    /// The door of a face; `forms` makes the tokens of its forms, and `frame` is what all its pages have in common.
    #[must_use]
    pub fn new(house: House, forms: Arc<FormKey>, face: &'static Face, frame: Frame<'static>) -> Self {
        let pace = Arc::new(Crowd::new(PACE, Arc::clone(house.random())));
        Self { house, forms, face, frame, pace, ways: Arc::default() }
    }

    /// The same, with ways in besides keys.
    #[must_use]
    pub fn with(self, ways: Arc<Ways>) -> Self {
        Self { ways, ..self }
    }

    /// All pages of the face: these behind their guard, those of the door, and one for every address that leads nowhere.
    pub fn around(&self, pages: Router) -> Router {
        let rooms = self.face.rooms.iter();
        let elsewhere =
            rooms.fold(Router::new(), |all, room| all.route(&format!("{room}/{{*rest}}"), any(nowhere)));
        let pages = pages.merge(elsewhere.with_state(self.clone()));
        self.guarding(self.hiding(pages)).merge(self.routes())
    }

    /// The pages of the door itself.
    fn routes(&self) -> Router {
        let at = |path: &str| format!("{}{path}", self.face.prefix);
        let kept = DefaultBodyLimit::max(step_up::MOST_ANSWER_BYTES);
        Router::new()
            .route(&at("/sign-in"), get(enter::page).post(enter::with_key))
            .route(&at("/enter/{link}"), get(enter::by_link))
            .route(&at("/enter"), post(enter::with_link))
            .route(&at("/enter/back"), get(outside::back).post(outside::enter))
            .route(&at("/enter/back/{way}"), get(outside::answered))
            .route(&at("/enter/signed-out/{way}"), post(outside::signed_out))
            .route(&at("/sign-in/with/{way}"), get(outside::sign_in))
            .route(&at("/verify/with/{way}"), get(outside::verify))
            .route(&at("/enrol/{ticket}/with/{way}"), get(outside::enrol))
            .route(&at("/enrol/{ticket}"), get(keys::first).post(keys::add_first))
            .route(&at("/join/{token}"), get(join::page))
            .route(&at("/join"), post(join::confirm))
            .route(&at("/sign-out"), post(mine::leave))
            .route(&at("/sign-out-everywhere"), post(mine::leave_everywhere))
            .route(&at("/lock"), post(mine::lock))
            .route(&at("/verify"), get(verify::page).post(verify::with_key).layer(kept))
            .route(&at("/verify/demo"), post(verify::in_demo).layer(kept))
            .route(&at("/me"), get(mine::page))
            .route(&at("/me/keys"), get(keys::another).post(keys::add_another))
            .route(&at("/me/keys/{key}/remove"), post(mine::remove_key))
            .route(&at("/me/sessions/{session}/end"), post(mine::end_session))
            .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
            .with_state(self.clone())
    }

    /// Lets every page that is shown to somebody who is signed in hide itself after the minutes of the lock: without a
    /// script, by the browser's own means.
    fn hiding(&self, pages: Router) -> Router {
        let prefix = self.face.prefix;
        pages.layer(from_fn(move |request, next| hide::after_minutes(prefix, request, next)))
    }

    /// Lets nobody at a privileged route who has not shown for five minutes who they are, and keeps every form that meets
    /// a locked screen.
    fn guarding(&self, pages: Router) -> Router {
        let door = self.clone();
        pages.layer(from_fn(move |request, next| step_up::checked(door.clone(), request, next)))
    }

    /// Somebody behind a request, whose session is open.
    ///
    /// # Errors
    /// The answer that leads to where they come in, or show again who they are.
    pub async fn admit(&self, parts: &Parts) -> Result<Admitted, Response> {
        let secret = session_cookie(&parts.headers).ok_or_else(|| self.outside_of(parts))?;
        let found = office::visit::somebody(&self.house, &secret).await;
        let somebody = found.map_err(|trouble| self.turned_away(&trouble, parts))?;
        if !(self.face.fits)(&somebody.person.home) {
            return Err(self.outside_of(parts));
        }
        let visit = self.visit(secret, &somebody.session.id);
        Ok(Admitted { somebody, visit })
    }

    /// The visit of a session that another room looked up.
    #[must_use]
    pub fn visit(&self, secret: String, session: &str) -> Visit {
        Visit::new(secret, session.to_owned(), Arc::clone(&self.forms))
    }

    /// Where somebody goes whom a session did not let in: to the lock, when there is one, and back to the page that
    /// they asked for.
    #[must_use]
    pub fn turned_away(&self, trouble: &Trouble, asked: &Parts) -> Response {
        if trouble.asks_for_verification() {
            let path = asked.uri.path_and_query().map_or(self.face.home.href, |path| path.as_str());
            return self.verification(path);
        }
        self.outside_of(asked)
    }

    /// Leads to where the person shows again who they are, and then on to `to`.
    #[must_use]
    pub fn verification(&self, to: &str) -> Response {
        reply::redirect(&hide::verify_address(self.face.prefix, to))
    }

    /// Leads to where one comes in, and then on to the page that was asked for: a message that somebody is called by
    /// leads to what they are called for. Whoever has just come in by the front page goes on to it anyhow.
    #[must_use]
    pub fn outside_of(&self, asked: &Parts) -> Response {
        let path = asked.uri.path_and_query().map_or("", |path| path.as_str());
        let is_page = asked.method == Method::GET && hide::is_of_face(self.face.rooms, path);
        match is_page && path != self.face.prefix && path != self.face.home.href {
            true => reply::redirect(&hide::way_in(self.face.prefix, path)),
            false => self.outside(),
        }
    }

    /// Leads to where one comes in.
    pub(crate) fn outside(&self) -> Response {
        reply::redirect(&self.at("/sign-in"))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.face.prefix)
    }

    /// Where somebody goes on: a page of this face, and no other.
    pub(crate) fn onward<'a>(&self, to: &'a str) -> &'a str
    where
        'static: 'a,
    {
        if hide::is_of_face(self.face.rooms, to) { to } else { self.face.home.href }
    }

    /// A page for somebody who is outside, or locked.
    fn bare(&self, status: StatusCode, title: &str, main: &Markup) -> Response {
        self.frame.outside(status, title, &[PASSKEY_JS], main)
    }

    /// A page for somebody who is inside.
    fn inside(&self, status: StatusCode, who: &Admitted, of: &str, title: &str, main: &Markup) -> Response {
        let person = frame::signed_in(who.somebody.person.name.reveal(), of, self.face.prefix, &who.visit);
        let inside = Inside { title, person: Some(person), modules: &[PASSKEY_JS], ..Inside::default() };
        self.frame_of(who).inside(status, inside, main)
    }

    /// The frame with the rooms that somebody finds.
    fn frame_of(&self, who: &Admitted) -> Frame<'static> {
        let rooms = (self.face.finds)(&who.somebody.viewer(&self.house));
        Frame { rooms, ..self.frame.clone() }
    }

    /// A page of a room that every face has.
    pub(crate) async fn inner(
        &self,
        status: StatusCode,
        who: &Admitted,
        page: Inner<'_>,
        main: &Markup,
    ) -> Response {
        let home = &who.somebody.person.home;
        let of = match home {
            Home::House => who.somebody.person.role.title().to_owned(),
            _ => match office::visit::named(&self.house, home).await {
                Ok(name) => name,
                Err(trouble) => return self.broken(&trouble),
            },
        };
        let person = frame::signed_in(who.somebody.person.name.reveal(), &of, self.face.prefix, &who.visit);
        let Inner { title, current, trail } = page;
        let inside = Inside { title, current, person: Some(person), trail, modules: &[] };
        self.frame_of(who).inside(status, inside, main)
    }

    /// Where somebody goes who has just come in: to what ends within three days and to contacts that nobody confirmed for a
    /// year, when they look after them, and then on.
    async fn landing(&self, secret: &str, to: &str) -> String {
        let Ok(who) = office::visit::somebody(&self.house, secret).await else { return to.to_owned() };
        let viewer = who.viewer(&self.house);
        let pressing = office::accounts::is_pressing(&self.house, &viewer).await.unwrap_or_default();
        let unconfirmed = workspace::directory::unconfirmed(&self.house, &viewer).await.unwrap_or_default();
        if !pressing && unconfirmed == 0 {
            return to.to_owned();
        }
        let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        format!("{}/due?to={to}", self.face.people)
    }

    /// Ours to mend; the number helps whoever looks for the cause.
    pub(crate) fn broken(&self, fault: &(dyn std::error::Error + 'static)) -> Response {
        let number = office::request_number(&self.house);
        tracing::error!(incident = number, error = fault, "a door failed");
        let main = frame::broken(&number);
        self.bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", &main)
    }

    /// Counts an attempt to come in; answers the one that is too many.
    fn slowed(&self, peer: Peer) -> Option<Response> {
        let taken = self.pace.take(peer.0.ip(), self.house.now());
        let refusal = |_| self.bare(StatusCode::TOO_MANY_REQUESTS, "Too many attempts", &words::too_many());
        taken.err().map(refusal)
    }
}

/// A page of a room that every face has.
pub(crate) struct Inner<'a> {
    pub(crate) title: &'a str,
    /// The address of its room, where it has one.
    pub(crate) current: Option<&'a str>,
    /// The trail to it.
    pub(crate) trail: Option<Markup>,
}

/// What is no page of the face.
async fn nowhere(State(door): State<Door>, who: Admitted) -> Response {
    let main = frame::not_found(door.face.absent, door.face.home);
    let page = Inner { title: "Not found", current: None, trail: None };
    door.inner(StatusCode::NOT_FOUND, &who, page, &main).await
}

/// Somebody inside, with the visit of their session.
pub struct Admitted {
    /// Who.
    pub somebody: Somebody,
    /// Their session, as pages need it.
    pub visit: Visit,
}

impl<S: Send + Sync> FromRequestParts<S> for Admitted
where
    Door: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Door::from_ref(state).admit(parts).await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}

/// What a browser calls itself.
fn client(headers: &HeaderMap) -> domain::Private<String> {
    let name = headers.get(http::header::USER_AGENT).and_then(|name| name.to_str().ok());
    domain::Private::new(name.unwrap_or_default().to_owned())
}

/// Sends somebody on with the cookie of their session.
fn entered(secret: &str, to: &str) -> Response {
    entered_with(reply::redirect(to), secret)
}

/// Gives an answer the cookie of a session.
fn entered_with(mut response: Response, secret: &str) -> Response {
    let Some(cookie) = crate::set_session_cookie(secret) else {
        return axum::response::IntoResponse::into_response(StatusCode::INTERNAL_SERVER_ERROR);
    };
    response.headers_mut().insert(http::header::SET_COOKIE, cookie);
    response
}

/// Sends somebody out whose session has just ended: the cookie goes, and everything the browser kept.
fn left(to: &str) -> Response {
    let mut response = reply::redirect(to);
    let headers = response.headers_mut();
    headers.insert(http::header::SET_COOKIE, crate::clear_session_cookie());
    headers.insert("clear-site-data", http::HeaderValue::from_static("\"*\""));
    response
}
