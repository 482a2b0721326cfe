//! What a document is written from, and what one kind of document is.

use std::io::{self, Write};

use domain::{Delivery, Dossier, ReportId};
use formats::csv::Withheld;
use formats::files::AnyFiles;

/// What every export is written from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The report as the agency that asks may see it.
    pub dossier: &'a Dossier<AnyFiles>,
    /// The making-available under which that agency holds it.
    pub delivery: &'a Delivery,
    /// What the view gate keeps back, in the gate's words.
    pub withheld: &'a [Withheld],
}

/// Takes a member of a package: its name, and what writes it.
pub type Put<'a, E> = dyn FnMut(&str, &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), E> + 'a;

/// One of several members, each too short to be written piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its name in the archive.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

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
    /// Writes it, and holds of a report's files no more than one at a time: equal sources, equal bytes. When it cannot be
    /// written whole, nothing leaves: half a package would be taken for a whole one.
    pub write: fn(&Source<'_>, &mut dyn Write) -> io::Result<()>,
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
    /// Those of `put`.
    pub fn put<E>(&self, source: &Source<'_>, put: &mut Put<'_, E>) -> Result<(), E> {
        match self.member {
            Member::Each { write, .. } => {
                write(source).iter().try_for_each(|text| put(&text.name, &|out| out.write_all(&text.bytes)))
            }
            Member::One(name) => {
                let name = name.replace("{report}", &source.dossier.report.to_string());
                put(&name, &|out| (self.write)(source, out))
            }
        }
    }
}
