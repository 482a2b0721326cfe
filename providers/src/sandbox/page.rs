//! The pages: who may send and with what, what was asked and answered, and one request whole. They work without
//! scripts; with one, the list keeps itself up to date.

mod detail;
mod list;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Assets, Link, Page, Weight};

use super::Sandbox;

const STYLES: &[&str] = &[web::USWDS_CSS, web::HOUSE_CSS];
const SCRIPTS: &[&str] = &[web::HTMX_JS, web::HTMX_POLICY_JS];
const HOME: &str = "/sandbox";
/// How often a page without scripts loads itself again, when it was asked to, in seconds.
const AGAIN: &str = "5";

/// How a list keeps up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Live {
    /// By a script, where scripts run.
    #[default]
    Script,
    /// By loading the page again.
    Page,
    /// Not at all.
    Off,
}

impl Live {
    const fn word(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Page => "page",
            Self::Off => "off",
        }
    }
}

/// What the address of the list asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    sender: Option<String>,
    #[serde(default)]
    live: Live,
    /// Only the table, for the script.
    #[serde(default)]
    part: Option<String>,
}

/// `GET /`
pub(super) async fn home() -> Response {
    redirect_to_list()
}

/// Sends the browser to the list.
pub(super) fn redirect_to_list() -> Response {
    web::redirect(HOME)
}

/// The name under which a form's token is made.
pub(super) fn form_name(order: &str) -> String {
    format!("sandbox-{order}")
}

/// `GET /sandbox`
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    // Unknown words are the plain list.
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let view = list::View::of(&sandbox, asked.sender.as_deref(), asked.live);
    if asked.part.is_some() {
        return web::page(StatusCode::OK, view.requests());
    }
    let mut response = show(StatusCode::OK, "Requests", None, &view.whole());
    if asked.live == Live::Page {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    }
    response
}

/// `GET /sandbox/requests/{number}`
pub(super) async fn detail(State(sandbox): State<Sandbox>, Path(number): Path<String>) -> Response {
    match number.parse().ok().and_then(|number| sandbox.desk.journal.find(number)) {
        Some(entry) => {
            let title = format!("Request {}", entry.number);
            let trail = ui::breadcrumb(&[Link { href: HOME, label: "Requests" }], &title);
            show(StatusCode::OK, &title, Some(trail), &detail::whole(&entry))
        }
        None => {
            let main = html! {
                h1 { "Not found" }
                p { "There is no such request. The sandbox remembers the last 1,000 of each sender, until a reset." }
                p { (Link { href: HOME, label: "Go to the list" }) }
            };
            show(StatusCode::NOT_FOUND, "Not found", None, &main).into_response()
        }
    }
}

fn show(status: StatusCode, title: &str, breadcrumb: Option<Markup>, main: &Markup) -> Response {
    let frame = Page {
        title,
        site: "Clearinghouse sandbox",
        lang: "en",
        assets: Assets { icon: Some(web::ICON_SVG), styles: STYLES, scripts: SCRIPTS, modules: &[] },
        banner: Some(
            html! { section .house-banner aria-label="Notice" { "Sandbox: send invented data only." } },
        ),
        navigation: &[Link { href: HOME, label: "Requests" }],
        current: Some(HOME),
        person: None,
        breadcrumb,
        profile_note: "Synthetic demo: a sandbox that keeps no file and forgets everything.",
    };
    web::page(status, ui::page(&frame, main))
}

/// What must be said wherever bodies are shown.
fn invented_only() -> Markup {
    ui::alert(
        Weight::Warning,
        "Send invented data only",
        &html! {
            p {
                "Everybody who reaches this page can read what is sent here. Of files nothing is kept: they are counted, "
                "hashed and answered as usual."
            }
        },
    )
}
