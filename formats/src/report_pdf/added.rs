//! Section B: what was looked up, from dated tables.

use std::collections::BTreeMap;

use domain::{Dossier, Finding};

use crate::files::Files;
use print::Level;
use serde_json::Value;

use super::Fault;
use super::fields::Fields;

/// The most looked-up addresses that are printed; all are in `ips.csv`.
const MOST_SUBJECTS: usize = 250;

/// What a table can say, with the label that readers know it by.
const FACTS: [(&str, &str); 12] = [
    ("Country:", "country"),
    ("State:", "region"),
    ("City:", "city"),
    ("County:", "county"),
    ("Postal Code:", "postcode"),
    ("Latitude:", "latitude"),
    ("Longitude:", "longitude"),
    ("Approximate:", "approximate"),
    ("ISP:", "operator"),
    ("Network Number:", "asn"),
    ("Network Kind:", "network_kind"),
    ("Network Kind Is a Guess:", "network_kind_is_guess"),
];

pub(super) fn put(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    page.heading(Level::Two, "Section B: Added Automatically")?;
    page.paragraph(
        "From tables of the day that is named, without asking any network. A place of an address is where its network \
         is said to be, not where a person is.",
    )?;
    let mut by_subject: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &dossier.findings {
        by_subject.entry(finding.subject.reveal().as_str()).or_default().push(finding);
    }
    if by_subject.is_empty() {
        page.paragraph("Nothing was found.")?;
    }
    for (subject, findings) in by_subject.iter().take(MOST_SUBJECTS) {
        page.heading(Level::Three, &format!("Looked up: {subject}"))?;
        for finding in findings {
            one(page, finding)?;
        }
    }
    match by_subject.len().checked_sub(MOST_SUBJECTS).filter(|more| *more > 0) {
        Some(more) => page.put("Further Look-ups:", &format!("{more} more, all in ips.csv")),
        None => Ok(()),
    }
}

fn one(page: &mut Fields, finding: &Finding) -> Result<(), Fault> {
    for (label, key) in FACTS {
        page.maybe(label, finding.value.get(key).and_then(fact).as_deref())?;
    }
    page.put("Table:", &format!("{} of {}", finding.table, finding.as_of))
}

fn fact(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(fact) => Some(if *fact { "Yes" } else { "No" }.to_owned()),
        Value::String(words) => Some(words.clone()),
        other => Some(other.to_string()),
    }
}
