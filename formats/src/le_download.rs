//! The report JSON that law enforcement's own tools read: profile `le-download`.
//!
//! No owner ever published this format. Tools index some members without asking and stumble over null in others, so
//! the profile is the set of rules under which every known reader works; each rule has a test that is its sentence.
//! Three things are ours. Nobody's child stands under a suspect heading: victims have a list of their own, and every
//! person carries a role. A time without a zone is never written as UTC. And look-ups stand inside, with their table
//! and its date, so that no officer's computer asks the outside world about an address.

mod files;
mod incident;
mod people;
mod shape;

use std::io::{self, Write};

use domain::{Dossier, Involved, Role};

use crate::files::Files;
use crate::package::words;
use shape::{Enrichments, Information, Report, Valued};

/// The JSON Schema (2020-12) of what [`to_json`] writes, to be published beside it.
pub const SCHEMA: &str = include_str!("../schemas/le-download-1.0.schema.json");
/// Name and version of the profile, as the document itself says it.
pub const PROFILE: &str = "le-download 1.0";

/// The document: UTF-8 without byte-order mark, the same bytes for the same dossier.
///
/// # Errors
/// When a file cannot be read, or the document not be written.
pub fn to_json(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let nobody = Involved::nobody(Role::Reported);
    let timeless = files::without_time(dossier)?;
    serde_json::to_writer_pretty(&mut *out, &report(dossier, &nobody, &timeless))?;
    out.write_all(b"\n")
}

fn report<'a>(
    dossier: &'a Dossier<impl Files>,
    nobody: &'a Involved,
    timeless: &'a [files::Timeless],
) -> Report<'a> {
    let submission = &dossier.submission;
    let reported_information = Information {
        reporting_esp: people::reporting_esp(dossier),
        incident_summary: incident::summary(dossier),
        incident_details: incident::details(&submission.details),
        reported_people: people::reported(dossier, nobody, timeless),
        intended_recipients: people::recipients(dossier),
        victims: people::victims(dossier),
        other_people: people::others(dossier),
        law_enforcement: submission.law_enforcement.as_ref().map(people::law_enforcement),
        uploaded_files: files::uploaded(dossier),
        additional_informations: notes(dossier),
    };
    Report {
        report_id: dossier.report.get(),
        date_received: words::utc(dossier.received_at),
        profile: PROFILE,
        reported_information,
        enrichment: Enrichments(&dossier.findings),
    }
}

/// The sender's own texts first; after them what tools have no field for, each marked with whose words they are.
fn notes(dossier: &Dossier<impl Files>) -> Vec<Valued> {
    let submission = &dossier.submission;
    let incident = &submission.incident;
    let mut notes: Vec<Valued> =
        submission.additional.iter().map(|note| Valued::new(note.reveal().as_str())).collect();
    let mut add = |label: &str, text: &str| notes.push(Valued::new(format!("{label}: {text}")));
    if let Some(reason) = words::said(incident.escalation.as_ref()) {
        add("Sender asks for high priority", reason);
    }
    if let Some(reason) = &submission.batched {
        add("Sender bundles several reported users in this report", reason);
    }
    if let Some(platform) = &incident.platform {
        add("Platform", platform);
    }
    if !incident.annotations.is_empty() {
        add("Sender annotations", &incident.annotations.join(", "));
    }
    for unmodelled in &submission.unmodelled {
        add(&format!("Received element {}", unmodelled.path), unmodelled.text.reveal());
    }
    for warning in people::warnings(dossier) {
        add("Clearinghouse role warning", &warning);
    }
    notes
}
