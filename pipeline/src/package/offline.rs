//! A package that was written to something which is carried by hand: a channel with its own custody record.

use domain::{Delivery, Purpose, ReportId};
use formats::custody_record;
use policy::{Viewer, access};
use serde_json::json;
use store::{Event, EventKind, House, Refusal};

use super::{Fault, notary};
use crate::Trouble;

/// The longest name of a carrier or a medium, in letters.
const MOST_LETTERS: usize = 300;

/// What was written, and onto what.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The report.
    pub report: ReportId,
    /// The making-available under which its agency holds it.
    pub delivery: Delivery,
    /// Name of the file on the medium.
    pub file: String,
    /// Its length.
    pub size_bytes: u64,
    /// Its digest.
    pub sha256: [u8; 32],
    /// Whether only the agency's own keys open it.
    pub is_sealed: bool,
    /// Who carries it.
    pub carrier: String,
    /// What it is on, such as "USB stick, serial 4711".
    pub medium: String,
}

/// Enters in the ledger that a package left by hand, and signs the record that goes with it. Answers the record as JSON.
///
/// # Errors
/// A denial; [`Refusal::Unfit`] without a carrier or a medium; a fault.
pub async fn record(house: &House, viewer: &Viewer, carried: &Carried) -> Result<String, Fault> {
    access::agency_export(viewer).map_err(Trouble::from)?;
    for words in [&carried.carrier, &carried.medium] {
        let letters = words.trim().chars().count();
        if letters == 0 || letters > MOST_LETTERS || words.chars().any(char::is_control) {
            return Err(Trouble::from(Refusal::Unfit { what: "carrier or medium" }).into());
        }
    }
    let delivery = &carried.delivery;
    let record = json!({
        "report": carried.report.get(),
        "delivery": delivery.delivery,
        "agency": delivery.agency,
        "agency_name": delivery.agency_name,
        "basis": delivery.basis,
        "file": carried.file,
        "size": carried.size_bytes,
        "sha256": seal::hex(&carried.sha256),
        "sealed": if carried.is_sealed { "Yes" } else { "No" },
        "carrier": carried.carrier.trim(),
        "medium": carried.medium.trim(),
        "written_at": house.now(),
        "written_by": viewer.actor.text(),
    });
    let record = custody_record::sign(&record, notary::signer(house))?;
    // Names of people are no matter for the ledger: it has the record's digest.
    let told = json!({
        "agency": delivery.agency,
        "basis": delivery.basis,
        "delivery": delivery.delivery,
        "file_sha256": seal::hex(&carried.sha256),
        "record_sha256": seal::hex(&seal::sha256(record.as_bytes())),
        "sealed": carried.is_sealed,
    });
    let (report, bytes) = (carried.report, carried.size_bytes);
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "package::offline", move |act| {
        act.note(Event::of_report(EventKind::OfflineExported, report).taking(bytes).with(told.clone()))
    });
    noted.await?;
    Ok(record)
}
