//! What leaves the house as documents: one file per kind, each written from the same dossier.
//!
//! A new kind is a file in this folder and its name in the list below. It is then a member of every package, in the
//! list's order, and a choice of `export REPORT --as NAME`. A later PDF goes on top: it must be an archive's first
//! entry.

use domain::{Delivery, Dossier, ReportId};
use formats::csv::Withheld;
use formats::package::{Line, MANIFEST, SIGNATURE, Text};

/// What every export is written from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The report as the agency that asks may see it.
    pub dossier: &'a Dossier,
    /// The making-available under which that agency holds it.
    pub delivery: &'a Delivery,
    /// What the view gate keeps back, in the gate's words.
    pub withheld: &'a [Withheld],
}

/// One kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// Its name on the command line and in routes.
    pub name: &'static str,
    /// Media type of what it writes.
    pub content_type: &'static str,
    /// What it is for, in half a line.
    pub about: &'static str,
    /// Its name in a package, where `{report}` stands for the report's number.
    member: &'static str,
    /// Writes it: equal sources, equal bytes.
    pub write: fn(&Source<'_>) -> Vec<u8>,
}

/// Declares the modules and builds [`ALL`], in the order of a package.
macro_rules! registry {
    ($($kind:ident,)+) => {
        $(mod $kind;)+

        /// Every kind, in the order of a package.
        pub const ALL: &[Export] = &[$(Export {
            name: $kind::NAME,
            content_type: $kind::CONTENT_TYPE,
            about: $kind::ABOUT,
            member: $kind::MEMBER,
            write: $kind::write,
        },)+];
    };
}

registry! {
    le_download,
    report_full,
    ips_csv,
    files_csv,
    persons_csv,
    selectors_csv,
    withheld_files_csv,
    preservation,
    sender_notes,
    readme,
}

impl Export {
    /// Its file name for this report.
    #[must_use]
    pub fn member(&self, report: ReportId) -> String {
        self.member.replace("{report}", &report.to_string())
    }

    /// Its name when it travels alone: it then has to say which report it is of.
    #[must_use]
    pub fn file_name(&self, report: ReportId) -> String {
        let member = self.member(report);
        let prefix = if self.member.contains("{report}") { String::new() } else { format!("{report}-") };
        format!("{prefix}{member}")
    }
}

/// The kind of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Export> {
    ALL.iter().find(|export| export.name == name)
}

/// Every document of a package, in its order.
#[must_use]
pub fn texts(source: &Source<'_>) -> Vec<Text> {
    let report = source.dossier.report;
    ALL.iter().map(|export| Text { name: export.member(report), bytes: (export.write)(source) }).collect()
}

/// The list of members for the first page.
fn lines(report: ReportId) -> Vec<Line> {
    let written = ALL.iter().map(|export| Line { name: export.member(report), about: export.about });
    let around = [
        (formats::package::LEDGER_PROOF, "proof that the making-available is in the ledger"),
        (MANIFEST, "size and SHA-256 of every member, basis, recipient"),
        (SIGNATURE, "signature over manifest.json"),
    ];
    let around = around.into_iter().map(|(name, about)| Line { name: name.to_owned(), about });
    written.chain(around).collect()
}

#[cfg(test)]
mod tests;
