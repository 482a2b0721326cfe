//! The report page: what an officer needs in ten seconds on top, then sections A to D. Drawn from one dossier, the
//! same that every export is written from. No media is shown: each file has a page of its own, where a look is asked for.

mod added;
pub(crate) mod addresses;
mod assessed;
pub(crate) mod clock;
pub(crate) mod files;
mod lacks;
mod people;
mod places;
mod sender;
mod spots;
pub(crate) mod story;
mod summary;
mod supplied;
mod ties;

use domain::Dossier;
use jiff::Timestamp;
use maud::{Markup, html};
use pipeline::keeping;

use crate::cases::Own;

/// Everything that the page is drawn from.
pub(crate) struct Page<'a> {
    pub(crate) dossier: &'a Dossier,
    /// What the agency itself did with it; `None` for whoever has no part in that.
    pub(crate) own: Option<&'a Own>,
    pub(crate) keeping: &'a keeping::Standing,
    pub(crate) known: addresses::Known<'a>,
    pub(crate) story: story::Story,
    /// Which page of its files.
    pub(crate) files: usize,
    pub(crate) seen: &'a files::Seen,
    pub(crate) now: Timestamp,
}

/// The main part of the page; `work` is what its reader can do with it.
pub(crate) fn main(page: &Page<'_>, work: &Markup) -> Markup {
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
