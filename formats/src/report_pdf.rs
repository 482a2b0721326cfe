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

pub use print::Fault;

use domain::{Delivery, Dossier};
use print::{Cover, Document};

use crate::csv::Withheld;
use crate::package::words;
use crate::receipt::page_moment;
use fields::Fields;

/// The pages: tagged, with the same bytes for the same dossier and delivery.
///
/// # Errors
/// When the writer refuses the document.
pub fn to_pdf(dossier: &Dossier, delivery: &Delivery, withheld: &[Withheld]) -> Result<Vec<u8>, Fault> {
    let mut fields = Fields::new(Document::new(cover(dossier, delivery)));
    first_page::put(&mut fields, dossier, withheld)?;
    supplied::put(&mut fields, dossier)?;
    people::put(&mut fields, dossier)?;
    files::put(&mut fields, dossier, withheld)?;
    people::put_children(&mut fields, dossier)?;
    added::put(&mut fields, dossier)?;
    assessed::put(&mut fields, dossier)?;
    assessed::put_deliveries(&mut fields, dossier)?;
    fields.finish()
}

fn cover(dossier: &Dossier, delivery: &Delivery) -> Cover {
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
