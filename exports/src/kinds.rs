//! Every kind of document. A new kind is a file in this folder and its name in the list below. It is then a member of
//! every package, in the list's order, and a choice of `export REPORT --as NAME` and of the report's page.

use domain::ReportId;
use formats::package::{Line, MANIFEST, SIGNATURE};

use crate::source::{Export, Member, Put, Source};

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

// The pages come first: one reader takes the first PDF of an archive and looks at nothing else.
registry! {
    report_pdf,
    le_download,
    report_full,
    ips_csv,
    files_csv,
    persons_csv,
    selectors_csv,
    withheld_files_csv,
    chat_csv,
    chat_json,
    vics,
    vics_withheld,
    case_uco,
    preservation,
    sender_notes,
    readme,
}

/// The kind of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Export> {
    ALL.iter().find(|export| export.name == name)
}

/// Puts every document of a package, in its order.
///
/// # Errors
/// Those of `put`.
pub fn put<E>(source: &Source<'_>, put: &mut Put<'_, E>) -> Result<(), E> {
    ALL.iter().try_for_each(|export| export.put(source, put))
}

/// The list of members for the first page.
fn lines(report: ReportId) -> Vec<Line> {
    let name = |member| match member {
        Member::One(name) => name.replace("{report}", &report.to_string()),
        Member::Each { shown, .. } => shown.to_owned(),
    };
    let written = ALL.iter().map(|export| Line { name: name(export.member), about: export.about });
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
