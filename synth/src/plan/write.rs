//! The finished report: its document, and faults that stand in the document only.

use super::files::FileDraft;
use super::incident::Draft;
use super::{Expected, SyntheticReport};
use crate::fault::{Fault, Verdict};

pub(super) fn finish(draft: Draft) -> SyntheticReport {
    let xml = spoil(cybertip::to_xml(&draft.submission), draft.fault);
    let expected = Expected {
        place: draft.place,
        person: draft.persona.number,
        urgent: draft.submission.incident.escalation.is_some(),
        informational: draft.informational,
        verdict: draft.fault.map_or(Verdict::Accept, Fault::verdict),
    };
    SyntheticReport {
        index: draft.index,
        sender: draft.sender,
        xml,
        files: draft.files.into_iter().map(FileDraft::hand_over).collect(),
        submission: draft.submission,
        fault: draft.fault,
        expected,
    }
}

fn spoil(xml: String, fault: Option<Fault>) -> String {
    match fault {
        Some(Fault::ByteOrderMark) => format!("\u{feff}{xml}"),
        Some(Fault::BareAmpersand) => xml.replacen("</report>", "fish & chips</report>", 1),
        Some(Fault::DocumentType) => xml.replacen("<report", "<!DOCTYPE report>\n<report", 1),
        Some(Fault::WrongOrder) => reporter_first(&xml).unwrap_or(xml),
        _ => xml,
    }
}

/// The same document with the reporter before the summary.
fn reporter_first(xml: &str) -> Option<String> {
    const END: &str = "</reporter>";
    let from = xml.find("<reporter>")?;
    let to = xml.find(END)? + END.len();
    let summary = xml.find("<incidentSummary>")?;
    let (before, between) = (xml.get(..summary)?, xml.get(summary..from)?);
    Some([before, &xml[from..to], between, &xml[to..]].concat())
}
