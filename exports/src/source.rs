//! What a document is written from, and what one kind of document is.

use domain::{Delivery, Dossier, ReportId};
use formats::csv::Withheld;
use formats::package::Text;

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

/// A document that could not be written. Nothing leaves then: half a package would be taken for a whole one.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The pages could not be drawn.
    #[error("the pages of the report could not be drawn")]
    Pages(#[from] formats::report_pdf::Fault),
}

/// The bytes of a document.
pub type Written = Result<Vec<u8>, Fault>;

/// Where a document stands in a package.
#[derive(Debug, Clone, Copy)]
pub enum Member {
    /// Under this name, where `{report}` stands for the report's number.
    One(&'static str),
    /// As one member for each of something, such as a chat; none where there is none.
    Each {
        /// Writes them.
        write: fn(&Source<'_>) -> Vec<Text>,
        /// How the list of members names them all.
        shown: &'static str,
        /// The name of all of them together, when they travel alone.
        alone: &'static str,
    },
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
    /// Where it stands in a package.
    pub member: Member,
    /// Writes it whole: equal sources, equal bytes.
    pub write: fn(&Source<'_>) -> Written,
}

impl Export {
    /// Its file name when it travels alone: it then has to say which report it is of.
    #[must_use]
    pub fn file_name(&self, report: ReportId) -> String {
        let (Member::One(name) | Member::Each { alone: name, .. }) = self.member;
        let prefix = if name.contains("{report}") { String::new() } else { format!("{report}-") };
        format!("{prefix}{}", name.replace("{report}", &report.to_string()))
    }

    /// What it puts into a package.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn members(&self, source: &Source<'_>) -> Result<Vec<Text>, Fault> {
        match self.member {
            Member::Each { write, .. } => Ok(write(source)),
            Member::One(name) => {
                let name = name.replace("{report}", &source.dossier.report.to_string());
                Ok(vec![Text { name, bytes: (self.write)(source)? }])
            }
        }
    }
}
