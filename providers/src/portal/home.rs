//! The overview: what a provider still has to set up, and the way to everything else.

use axum::response::Response;
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::portal::{self, ContactCard, Form, Listed};
use pipeline::provider::{self, OwnRow, ReportQuery};
use ui::{Link, Tone};

use super::session::SignedIn;
use super::shell::{self, CONTACTS, CREDENTIALS, HELP, HOME, NEW_REPORT, PROFILE, QUALITY, REPORTS};

/// Reports shown on the overview.
const NEWEST: u32 = 5;

struct Found {
    contact: ContactCard,
    credentials: Vec<Listed>,
    has_profile: bool,
    forms: Vec<Form>,
    newest: Vec<OwnRow>,
}

/// `GET /provider`.
pub(super) async fn page(who: SignedIn) -> Response {
    match found(&who).await {
        Ok(found) => shell::page(&who, HOME, "Overview", &main(&who, &found)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn found(who: &SignedIn) -> Result<Found, Trouble> {
    let house = &who.portal.house;
    let profile = pipeline::sender_profile::get(house, &who.viewer).await?;
    let newest = ReportQuery { limit: NEWEST, ..ReportQuery::default() };
    Ok(Found {
        contact: portal::contact_card(house, &who.member).await?,
        credentials: portal::credentials(house, &who.member).await?,
        has_profile: profile.in_force.is_some(),
        forms: portal::forms(house, &who.member).await?,
        newest: provider::reports(house, &who.viewer, newest).await?.rows,
    })
}

fn main(who: &SignedIn, found: &Found) -> Markup {
    let now = who.portal.house.now();
    let live = found.credentials.iter().filter(|one| one.is_live(now)).count();
    let used = found.credentials.iter().any(|one| one.last_used_on.is_some());
    html! {
        h1 { (ui::text(&who.member.provider_name)) }
        h2 { "Setting up" }
        ul .house-cards {
            (card("Contacts", !found.contact.is_stale,
                if found.contact.is_stale { "The five contact fields are missing or were not confirmed for a year." }
                else { "The contact fields are current." },
                CONTACTS))
            (card("Credentials", live > 0,
                if live > 0 { "Your client can sign in." } else { "No credential is live." }, CREDENTIALS))
            (card("First request", used,
                if used { "A credential has been used." } else { "No credential has been used yet. The help pages have examples." },
                HELP))
            (card("Sender profile", found.has_profile,
                if found.has_profile { "A profile is in force." }
                else { "Tell investigators what your fields mean." }, PROFILE))
        }
        @if !found.forms.is_empty() {
            h2 { "Not finished" }
            p { (found.forms.len()) " report(s) are being filled by hand. " (Link { href: NEW_REPORT.href, label: "Go on with them" }) "." }
        }
        h2 { "Newest reports" }
        @if found.newest.is_empty() {
            (ui::empty("No report has come from your company yet.", Some(Link { href: HELP.href, label: "See how to send one" })))
        } @else {
            (super::reports::table("Your newest reports", &found.newest))
            p { (Link { href: REPORTS.href, label: "Show all reports" }) }
        }
        p { (Link { href: QUALITY.href, label: "See what your reports lack" }) }
    }
}

fn card(title: &str, is_done: bool, says: &str, leads: Link<'_>) -> Markup {
    let (word, tone) = if is_done { ("done", Tone::Plain) } else { ("to do", Tone::Notice) };
    html! {
        li {
            h3 { (title) " " (ui::chip(word, tone)) }
            p { (says) }
            p { (leads) }
        }
    }
}
