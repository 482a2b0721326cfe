//! The report as pages, for people and for the programs that read pages: labels and values are runs of their own, one
//! value a label, nothing to the right of a value, and the words that known readers look for. What those readers need
//! is in `docs/package.md`. Deliberately absent: pictures, and anything that the dossier does not hold.

mod added;
mod assessed;
mod fields;
mod files;
mod first_page;
mod people;
mod places;
mod supplied;

use std::borrow::Cow;
use std::io::{self, Write};

use domain::{Delivery, Dossier, DossierFile};
use print::{Cover, Document, Fault};

use crate::csv::Withheld;
use crate::files::Files;
use crate::package::words;
use crate::receipt::page_moment;
use fields::Fields;

/// The pages: tagged, with the same bytes for the same dossier and delivery. They are as many as a person turns over:
/// however many files there are, the first of them stand here and all in `files.csv`.
///
/// # Errors
/// When a file cannot be read, or the document not be drawn or written.
pub fn to_pdf(
    dossier: &Dossier<impl Files>,
    delivery: &Delivery,
    withheld: &[Withheld],
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = dossier.files.each().take(files::MOST_FILES).collect::<io::Result<Vec<_>>>()?;
    let pages = drawn(dossier, delivery, withheld, &shown).map_err(io::Error::other)?;
    out.write_all(&pages)
}

fn drawn(
    dossier: &Dossier<impl Files>,
    delivery: &Delivery,
    withheld: &[Withheld],
    shown: &[Cow<'_, DossierFile>],
) -> Result<Vec<u8>, Fault> {
    let mut fields = Fields::new(Document::new(cover(dossier, delivery)));
    first_page::put(&mut fields, dossier, withheld)?;
    supplied::put(&mut fields, dossier)?;
    people::put(&mut fields, dossier)?;
    files::put(&mut fields, dossier, shown, withheld)?;
    people::put_children(&mut fields, dossier)?;
    added::put(&mut fields, dossier)?;
    assessed::put(&mut fields, dossier)?;
    assessed::put_deliveries(&mut fields, dossier)?;
    fields.finish()
}

fn cover(dossier: &Dossier<impl Files>, delivery: &Delivery) -> Cover {
    let title = format!("Report {}", dossier.report);
    Cover {
        header: title.clone(),
        title,
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: page_moment(delivery.available_at),
        id: format!("report/{}/{}/{}", dossier.report, delivery.delivery, dossier.submission_sha256),
        footer: format!(
            "For law enforcement. Made available {} on basis {}",
            words::utc(delivery.available_at),
            delivery.basis
        ),
    }
}
