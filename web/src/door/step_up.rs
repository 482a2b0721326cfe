//! What takes a check of one's key that is no older than five minutes. Whoever is asked for one comes back to what
//! they were doing: the words of their form travel with the question, and stand in the form that goes on.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use maud::{Markup, html};
use ui::{Button, Value, button};

use super::site::At;
use super::{Door, entered_with, hide, verify};
use crate::fields::media_type;
use crate::same_origin;

/// A form with more than this is not kept.
const MOST_KEPT_BYTES: usize = 256 * 1024;
/// What comes back with an answer of a key: a form, written into another form.
pub(super) const MOST_ANSWER_BYTES: usize = 4 * MOST_KEPT_BYTES;
/// Fields of a form that are kept.
const MOST_FIELDS: usize = 2_000;

/// Why a route takes a fresh check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUp {
    /// Somebody sees a depiction, or comes closer to seeing one.
    Media,
    /// A copy leaves.
    Export,
    /// Another agency has a report that it did not have.
    Disclose,
    /// Something is destroyed, or kept from being destroyed.
    Destroy,
    /// It changes who may what.
    Administer,
}

impl StepUp {
    /// What is about to happen, as the page says it.
    const fn says(self) -> &'static str {
        match self {
            Self::Media => "You are about to look at a file, or to open the way to it.",
            Self::Export => "You are about to take a copy away.",
            Self::Disclose => "You are about to let another agency have a report.",
            Self::Destroy => "You are about to decide what is destroyed and what stays.",
            Self::Administer => "You are about to change who may do what.",
        }
    }
}

/// A route that takes a fresh check. Each face lists its own, and a suite walks all of them.
#[derive(Debug, Clone)]
pub struct Privileged {
    method: Method,
    path: &'static str,
    why: StepUp,
}

impl Privileged {
    /// What is sent to this route. A path that ends in `/*` is that path with all below it.
    #[must_use]
    pub const fn post(path: &'static str, why: StepUp) -> Self {
        Self { method: Method::POST, path, why }
    }

    /// What is fetched from this route.
    #[must_use]
    pub const fn get(path: &'static str, why: StepUp) -> Self {
        Self { method: Method::GET, path, why }
    }

    /// Why it takes one, where this is the route: its method, and its path as the router has it.
    #[must_use]
    pub fn covers(&self, method: &Method, path: &str) -> Option<StepUp> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let is_path = match self.path.strip_suffix("/*") {
            Some(above) => {
                path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            None => path == self.path,
        };
        (self.method == *method && is_path).then_some(self.why)
    }
}

/// Where somebody goes on who showed that it is them: a page, or a form with its words.
pub(super) struct Onward<'a> {
    pub(super) to: &'a str,
    pub(super) kept: &'a str,
}

impl Onward<'_> {
    /// The fields that carry it.
    pub(super) fn fields(&self) -> Markup {
        html! {
            input type="hidden" name="to" value=(self.to);
            @if self.is_form() { input type="hidden" name="kept" value=(self.kept); }
        }
    }

    pub(super) const fn is_form(&self) -> bool {
        !self.kept.is_empty()
    }
}

/// Lets a request on, or asks its person first to show that it is them.
pub(super) async fn checked(door: Door, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(asked) = door.must_verify(&parts).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let to = parts.uri.path_and_query().map_or(door.face.home.href, |path| path.as_str()).to_owned();
    if parts.method != Method::POST {
        return door.verification(&to);
    }
    if !is_plain_form(&parts) {
        // A body in parts is not kept. The page of a locked session turns it away itself.
        return match asked.why {
            Some(_) => door.verification(door.face.home.href),
            None => next.run(Request::from_parts(parts, body)).await,
        };
    }
    let kept = words_of(body).await;
    let Ok(At(site)) = At::from_request_parts(&mut parts, &()).await;
    let said = match &kept {
        Some(_) => html! { p { (asked.why.map_or("", StepUp::says)) " Nothing of your form is lost." } },
        None => {
            html! { p { "Your form was too long to be kept. Go back in your browser when you have shown that it is you, and send it again." } }
        }
    };
    let to = if kept.is_some() { to.as_str() } else { door.face.home.href };
    let onward = Onward { to: door.onward(to), kept: kept.as_deref().unwrap_or_default() };
    verify::shown(&door, &asked.waiting, site, &onward, StatusCode::FORBIDDEN, &said).await
}

/// A person who has to show that it is them, and why.
struct Asked {
    waiting: verify::Waiting,
    why: Option<StepUp>,
}

impl Door {
    /// Whoever has to verify themself before this request: at a privileged route without a fresh check, and with any form
    /// while the screen is locked. Who has no session here is turned away by the page itself.
    async fn must_verify(&self, parts: &Parts) -> Option<Asked> {
        let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        let why = self.face.privileged.iter().find_map(|one| one.covers(&parts.method, path));
        let is_form = parts.method == Method::POST;
        if (why.is_none() && !is_form) || (is_form && !same_origin(&parts.headers)) {
            return None;
        }
        let waiting = self.waiting(&parts.headers).await.ok()?;
        let now = self.house.now();
        let is_open = !waiting.session.is_locked(now);
        if is_open && (why.is_none() || waiting.session.fresh(now).is_ok()) {
            return None;
        }
        Some(Asked { waiting, why })
    }
}

fn is_plain_form(parts: &Parts) -> bool {
    media_type(&parts.headers).is_none_or(|(kind, _)| kind == "application/x-www-form-urlencoded")
}

/// The words of a form, when they are not too many: what is kept is kept whole.
async fn words_of(body: Body) -> Option<String> {
    let bytes = to_bytes(body, MOST_KEPT_BYTES).await.ok()?;
    let words = String::from_utf8(bytes.to_vec()).ok()?;
    let fields = url::form_urlencoded::parse(words.as_bytes()).take(MOST_FIELDS + 1).count();
    Some(words).filter(|_| (1..=MOST_FIELDS).contains(&fields))
}

/// The form that somebody sent before they had to show that it is them, with the button that sends it again.
pub(super) fn resumed(door: &Door, secret: &str, onward: &Onward<'_>) -> Response {
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(onward.kept.as_bytes()).into_owned().take(MOST_FIELDS).collect();
    let names: Vec<(String, &str)> = fields
        .iter()
        .filter(|(name, value)| name != "csrf" && !value.is_empty())
        .map(|(name, value)| (name.replace(['_', '-'], " "), value.as_str()))
        .collect();
    let said: Vec<(&str, Value)> =
        names.iter().map(|(name, value)| (name.as_str(), Value::words(Some(value)))).collect();
    let main = html! {
        h1 { "It is you: go on" }
        p { "Nothing was sent while your key was checked. Your form is as you left it." }
        @if !said.is_empty() { (ui::definitions(&said)) }
        form .usa-form method="post" action=(onward.to) {
            @for (name, value) in &fields { input type="hidden" name=(name) value=(value); }
            (button("Go on", Button::Primary))
        }
        p { (door.face.home) }
    };
    let mut page = door.bare(StatusCode::OK, "Go on", &main);
    hide::after_a_while(&mut page, door.face.prefix, door.face.home.href);
    entered_with(page, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_privileged_route_is_its_method_and_its_path_and_what_is_below_where_it_says_so() {
        let one = Privileged::post("/agency/keys", StepUp::Administer);
        assert_eq!(one.covers(&Method::POST, "/agency/keys"), Some(StepUp::Administer));
        assert_eq!(one.covers(&Method::GET, "/agency/keys"), None);
        assert_eq!(one.covers(&Method::POST, "/agency/keys/{key}/revoke"), None);
        let all = Privileged::post("/admin/*", StepUp::Administer);
        for path in ["/admin", "/admin/people/{person}/disable"] {
            assert!(all.covers(&Method::POST, path).is_some(), "{path}");
        }
        assert_eq!(all.covers(&Method::POST, "/administration"), None);
        let copy = Privileged::get("/oversight/destructions/{destruction}/certificate.pdf", StepUp::Export);
        assert!(
            copy.covers(&Method::HEAD, "/oversight/destructions/{destruction}/certificate.pdf").is_some()
        );
    }
}
