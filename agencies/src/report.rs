//! The report page: what an officer needs in ten seconds on top, then sections A to D. Drawn from one dossier, the
//! same that every export is written from. No media is shown: each file has a page of its own, where a look is asked for.

mod added;
mod assessed;
pub(crate) mod files;
mod lacks;
mod people;
mod places;
mod sender;
mod summary;
mod supplied;

use domain::Dossier;
use maud::{Markup, html};

/// The main part of the page, with one page of its files.
pub(crate) fn main(dossier: &Dossier, package: &Markup, files: usize, seen: &files::Seen) -> Markup {
    html! {
        h1 { "CyberTipline report " (dossier.report) }
        (summary::section(dossier))
        (package)
        (contents())
        (supplied::section(dossier))
        (people::section(&dossier.submission.people))
        (files::section(dossier.report, &dossier.files, files, seen))
        (added::section(dossier))
        (assessed::section(dossier))
        (assessed::made_available(dossier))
    }
}

fn contents() -> Markup {
    html! {
        nav aria-label="Sections of this report" {
            ul .house-sections {
                li { a href="#section-a" { "Section A: supplied by the sender" } }
                li { a href="#people" { "People and accounts" } }
                li { a href="#files" { "Files" } }
                li { a href="#section-b" { "Section B: added automatically" } }
                li { a href="#section-c" { "Section C: priority, route, related reports" } }
                li { a href="#section-d" { "Section D: made available to" } }
            }
        }
    }
}
