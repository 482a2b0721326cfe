//! The report page: what an officer needs in ten seconds on top, then sections A to D. Drawn from one dossier, the
//! same that every export is written from. Beside it: what the address of an inbox asks for, and how people are called. No media is shown: each file has a page of its own, where a look is asked for.

mod added;
pub mod addresses;
pub mod asked;
mod assessed;
pub mod clock;
pub mod files;
mod lacks;
pub mod notify;
pub mod passing;
mod people;
mod places;
mod sender;
pub mod show;
mod spots;
pub mod story;
mod summary;
mod supplied;
mod ties;
pub mod transfers;

use domain::{CaseId, Dossier};
use jiff::Timestamp;
use maud::{Markup, html};
use pipeline::keeping;
use workspace::outcomes::Recorded;
use workspace::related::Related;
use workspace::standing::{Standing, Version};

/// What the agency itself knows of a report.
pub struct Own {
    /// How far it is with it.
    pub standing: Standing,
    /// What was changed of that, the newest first.
    pub history: Vec<Version>,
    /// What came of it.
    pub outcomes: Vec<Recorded>,
    /// Who else holds related material.
    pub related: Vec<Related>,
    /// The cases that it is in, as far as its reader reaches them.
    pub cases: Vec<CaseId>,
}

/// Everything that the page is drawn from.
pub struct Page<'a> {
    /// The report.
    pub dossier: &'a Dossier,
    /// What the agency itself did with it; `None` for whoever has no part in that.
    pub own: Option<&'a Own>,
    /// How long it is preserved, and who holds it.
    pub keeping: &'a keeping::Standing,
    /// What is known of its internet addresses.
    pub known: addresses::Known<'a>,
    /// What happened, and what is new to its reader.
    pub story: story::Story,
    /// Which page of its files.
    pub files: usize,
    /// In which of the agency's seized sets its files stand.
    pub seen: &'a files::Seen,
    /// When it is drawn.
    pub now: Timestamp,
}

/// The main part of the page; `work` is what its reader can do with it.
pub fn main(page: &Page<'_>, work: &Markup) -> Markup {
    let Page { dossier, keeping, known, story, files, seen, now, .. } = page;
    html! {
        h1 { "CyberTipline report " (dossier.report) }
        (summary::section(page))
        (contents())
        (work)
        (supplied::section(dossier, known))
        (people::section(&dossier.submission.people, known))
        (files::section((dossier.report, &dossier.files), *files, seen, known))
        (ties::section(dossier))
        (story.section())
        (spots::section(dossier))
        (added::section(dossier))
        (assessed::section(dossier))
        (assessed::made_available(dossier))
        (clock::section(dossier, keeping, *now))
    }
}

fn contents() -> Markup {
    html! {
        nav aria-label="Sections of this report" {
            ul .house-sections {
                li { a href="#section-a" { "Section A: supplied by the sender" } }
                li { a href="#everybody" { "Children, people and accounts" } }
                li { a href="#files" { "Files" } }
                li { a href="#ties" { "How it hangs together" } }
                li { a href="#timeline" { "Timeline" } }
                li { a href="#map" { "Map" } }
                li { a href="#section-b" { "Section B: added automatically" } }
                li { a href="#section-c" { "Section C: priority, route, related reports" } }
                li { a href="#section-d" { "Section D: made available to" } }
                li { a href="#preservation" { "How long it is preserved" } }
            }
        }
    }
}
