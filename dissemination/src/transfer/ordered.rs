//! What courts ordered on a report's way, whoever was on it.

use database::bind;
use domain::{CourtOrder, RedisclosureCode, ReportId};
use house::sealed;
use policy::{Permit, Read, Scope};
use store::delivery;

use super::{MOST_LISTED, OnRecord, WORDS, Words, cell, kept};
use crate::{Result, View};

const ORDERED: &str = "-- transfer::ordered
    SELECT id, sealed_words FROM agency_transfer
    WHERE report_id = :report AND code = :code AND state = 'accepted' ORDER BY offered_at, id LIMIT :most";

/// What courts ordered on the way of a report, for every agency that has the report, however it came there, and for
/// the house. Which agencies they were is not told.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach.
pub fn ordered(view: &View<'_>, permit: &Permit<Read>, report: ReportId) -> Result<Vec<CourtOrder>> {
    if *permit.scope() != Scope::House {
        delivery::get(view, permit, report)?;
    }
    let rows: Vec<(String, Vec<u8>)> = view.tx().rows(
        ORDERED,
        &bind! { report: report.get(), code: RedisclosureCode::CourtOrder.as_str(), most: MOST_LISTED },
    )?;
    let opened = rows.iter().map(|(id, sealed)| {
        let words = kept(sealed::open_json::<Words>(view, cell(report, id, WORDS), sealed))?;
        Ok(words.and_then(|words| match words.on {
            OnRecord::CourtOrder { order, conditions } => Some(CourtOrder { order, conditions }),
            OnRecord::FoundNecessary { .. } | OnRecord::StateOffence { .. } => None,
        }))
    });
    opened.filter_map(Result::transpose).collect()
}
