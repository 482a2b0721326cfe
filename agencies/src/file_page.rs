//! One file of a report: what is known of it in words, the grounds that open it, and the way to a look. Nothing is shown
//! until it is asked for.

mod grounds;
mod look;

use axum::extract::Path;
use axum::response::Response;
use domain::{Dossier, DossierFile, ReportId};
use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};
use seized::{Category, Sight};
use serde::Deserialize;
use ui::{Link, Weight, alert, breadcrumb, definitions};
use viewing::grounds::Ground;
use viewing::wellness::{self, Before};
use web::portal;

use crate::cases::People;
use crate::report_page::{INBOX, dossier, refusal};
use crate::session::SignedIn;
use crate::{report, shell};

pub(crate) use grounds::{confirm, record, revoke};
pub(crate) use look::{class, close, look};

/// A person's own page about looking.
const LOOKING: &str = "/agency/portal/wellness";

/// A file's address: its report, and its place in it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct At {
    report: String,
    position: u32,
}

impl At {
    pub(crate) fn path(report: ReportId, position: u32) -> String {
        report::files::address(report, position)
    }
}

/// Everything that the page is drawn from.
struct Seen {
    dossier: Dossier,
    position: u32,
    grounds: Vec<Ground>,
    permitted_until: Option<Timestamp>,
    /// What whoever looks reads first.
    before: Option<Before>,
    /// What the agency's seized sets say of the same bytes.
    in_sets: Vec<String>,
    /// Who is who in the agency.
    people: People,
    now: Timestamp,
}

impl Seen {
    fn report(&self) -> ReportId {
        self.dossier.report
    }

    /// INVARIANT: [`gather`] answers only for a file that is there.
    fn file(&self) -> &DossierFile {
        let found = self.dossier.files.iter().find(|file| file.position == self.position);
        found.expect("the file was found when this was gathered")
    }

    fn path(&self) -> String {
        At::path(self.report(), self.position)
    }

    /// The name of one of its forms, for its token.
    fn form(&self, what: &str) -> String {
        format!("{what}-{}-{}", self.report(), self.position)
    }
}

/// `GET /agency/reports/{report}/files/{position}`.
pub(crate) async fn page(who: SignedIn, Path(at): Path<At>) -> Response {
    match gather(&who, &at).await {
        Ok(seen) => drawn(&who, &seen, StatusCode::OK, None),
        Err(refused) => refused,
    }
}

async fn gather(who: &SignedIn, at: &At) -> Result<Seen, Response> {
    let dossier = dossier(who, &at.report).await?;
    let Some(file) = dossier.files.iter().find(|file| file.position == at.position) else {
        return Err(shell::not_found(who));
    };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let grounds = viewing::grounds::of_report(house, viewer, dossier.report).await;
    let permitted_until = viewing::permission::of(house, viewer).await;
    let before = wellness::before(house, viewer, dossier.report, file.file.clone()).await;
    let sights = seized::seen(house, viewer, vec![report::files::sought(file)]).await;
    let sights = sights.map_err(|trouble| refusal(who, &trouble))?;
    let people = workspace::cases::people(house, viewer).await;
    Ok(Seen {
        before: before.map_err(|trouble| refusal(who, &trouble))?,
        people: people.map_err(|trouble| refusal(who, &trouble))?,
        in_sets: sights.iter().flatten().filter_map(known).collect(),
        position: at.position,
        grounds: grounds.map_err(|trouble| refusal(who, &trouble))?,
        permitted_until: permitted_until.map_err(|trouble| refusal(who, &trouble))?,
        now: house.now(),
        dossier,
    })
}

/// What a seized set says of a file: its own category, where the same bytes stand in it. An equal MD5 alone is a hint.
fn known(sight: &Sight) -> Option<String> {
    match sight.category {
        Some(Category::Said(code)) if sight.by != seized::Kind::Md5 => {
            Some(format!("category {code} in {}, a set that your agency seized", sight.name.reveal()))
        }
        _ => None,
    }
}

/// The page, with what was wrong on top.
fn drawn(who: &SignedIn, seen: &Seen, status: StatusCode, wrong: Option<&str>) -> Response {
    let title = format!("File {} of report {}", seen.position, seen.report());
    let report = format!("/agency/reports/{}", seen.report());
    let label = format!("Report {}", seen.report());
    let trail = breadcrumb(&[INBOX, Link { href: &report, label: &label }], &title);
    shell::page(status, who, &title, Some(trail), &main(who, seen, wrong))
}

fn main(who: &SignedIn, seen: &Seen, wrong: Option<&str>) -> Markup {
    let file = seen.file();
    html! {
        h1 { "File " (seen.position) " of report " (seen.report()) }
        @if let Some(wrong) = wrong { (alert(Weight::Error, "It was not done", &html! { p { (wrong) } })) }
        section aria-labelledby="state" {
            h2 #state { "What is known of it" }
            (definitions(&report::files::state(file)))
            (ui::details("Hashes and details", &report::files::facts(file, &report::addresses::Known::of(&seen.dossier, None))))
        }
        @if let Some(before) = &seen.before { (portal::looking(before, LOOKING)) }
        (look::section(who, seen))
        (grounds::section(who, seen))
    }
}
