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
pub use files::MOST_FILES;

/// How a copy is marked that goes to a court.
pub struct Marks {
    /// Its title, and the line at the head of every page.
    pub title: String,
    /// The line at the foot of every page.
    pub footer: String,
    /// What stands first of all.
    pub notice: String,
}

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
    let (pages, _) = drawn(dossier, (cover(dossier, delivery), None), withheld)?;
    out.write_all(&pages)
}

/// The same pages for a court; answers every run of words that stands in them, in their outline and in their metadata.
///
/// # Errors
/// As [`to_pdf`].
pub fn to_marked_pdf(
    dossier: &Dossier<impl Files>,
    (delivery, withheld): (&Delivery, &[Withheld]),
    marks: &Marks,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let Marks { title, footer, notice } = marks;
    let plain = cover(dossier, delivery);
    let id = format!("{}/{title}", plain.id);
    let (title, header, footer) = (title.clone(), title.clone(), footer.clone());
    let (pages, words) =
        drawn(dossier, (Cover { title, header, footer, id, ..plain }, Some(notice)), withheld)?;
    out.write_all(&pages)?;
    Ok(words)
}

fn drawn(
    dossier: &Dossier<impl Files>,
    (cover, notice): (Cover, Option<&String>),
    withheld: &[Withheld],
) -> io::Result<(Vec<u8>, Vec<String>)> {
    let shown = dossier.files.each().take(files::MOST_FILES).collect::<io::Result<Vec<_>>>()?;
    let mut fields = Fields::new(Document::new(cover));
    let put = put(&mut fields, dossier, (&shown, notice), withheld);
    let words = fields.words();
    let pages = put.and_then(|()| fields.finish()).map_err(io::Error::other)?;
    Ok((pages, words))
}

fn put(
    fields: &mut Fields,
    dossier: &Dossier<impl Files>,
    (shown, notice): (&[Cow<'_, DossierFile>], Option<&String>),
    withheld: &[Withheld],
) -> Result<(), Fault> {
    notice.map_or(Ok(()), |notice| fields.paragraph(notice))?;
    first_page::put(fields, dossier, withheld)?;
    supplied::put(fields, dossier)?;
    people::put(fields, dossier)?;
    files::put(fields, dossier, shown, withheld)?;
    people::put_children(fields, dossier)?;
    added::put(fields, dossier)?;
    assessed::put(fields, dossier)?;
    assessed::put_deliveries(fields, dossier)
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
