//! Where the addresses and places of a report are said to be, on a map with its table. None of it is proof of where a
//! person was, and the page says so.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Dossier, Finding, IncidentDetail, people};
use maud::{Markup, html};
use ui::{Map, Spot, Where, map};

use super::addresses::place;
use crate::show;

/// Places that are drawn; the sheets of the package have all.
const MOST: usize = 60;

pub(crate) fn section(dossier: &Dossier) -> Markup {
    let mut spots = spots(dossier);
    let more = spots.len().saturating_sub(MOST);
    spots.truncate(MOST);
    let caption =
        "Where addresses of this report are said to be, approximately: never proof of where a person was";
    html! {
        section aria-labelledby="map" {
            h2 #map { "Map" }
            @if spots.is_empty() { (ui::empty("No place in this report could be looked up.", None)) }
            @else { (map(&Map { id: "places", caption, spots: &spots })) }
            @if more > 0 { p { (more) " more places are in the sheets of the package." } }
        }
    }
}

fn spots(dossier: &Dossier) -> Vec<Spot> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let statements = dossier.files.iter().filter_map(|file| file.statement.as_ref());
    for (role, event) in people::ip_events(&dossier.submission, statements) {
        users.entry(event.address.reveal().trim()).or_default().insert(show::role(role));
    }
    let mut by_subject: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &dossier.findings {
        by_subject.entry(finding.subject.reveal()).or_default().push(finding);
    }
    let looked_up = by_subject.into_iter().filter_map(|(subject, findings)| {
        let at = findings
            .iter()
            .find_map(|one| located(one))
            .or_else(|| findings.iter().find_map(|one| area(one)))?;
        let roles: Vec<&str> = users.get(subject).into_iter().flatten().copied().collect();
        let label =
            if roles.is_empty() { subject.to_owned() } else { format!("{subject} ({})", roles.join("; ")) };
        let says = place(&findings).unwrap_or_else(|| "no name".to_owned());
        Some(Spot { label, says: format!("{says}, by table of {}", findings[0].as_of), at })
    });
    looked_up.chain(phones(dossier)).collect()
}

fn located(finding: &Finding) -> Option<Where> {
    let degrees = |key: &str| finding.value.get(key)?.as_f64();
    Some(Where::Point { latitude: degrees("latitude")?, longitude: degrees("longitude")? })
}

/// The smallest area that is known: a state of the United States, else a country.
fn area(finding: &Finding) -> Option<Where> {
    let words = |key: &str| finding.value.get(key)?.as_str();
    let country = words("country")?;
    match words("region") {
        Some(state) if country == "US" && state.len() == 2 => Some(Where::Area(format!("US-{state}"))),
        _ => Some(Where::Area(country.to_owned())),
    }
}

/// Where a telephone was, as the sender gave it.
fn phones(dossier: &Dossier) -> impl Iterator<Item = Spot> {
    dossier.submission.details.iter().filter_map(|detail| {
        let IncidentDetail::CellPhone { latitude, longitude, .. } = detail else { return None };
        let degrees =
            |said: &Option<domain::Private<String>>| said.as_ref()?.reveal().trim().parse::<f64>().ok();
        let (latitude, longitude) = (degrees(latitude)?, degrees(longitude)?);
        let says = format!("{latitude}, {longitude}, as the sender gave it");
        Some(Spot {
            label: "Mobile telephone of the incident".to_owned(),
            says,
            at: Where::Point { latitude, longitude },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::addresses::tests::dossier;
    use super::*;

    #[test]
    fn a_place_is_drawn_with_whom_it_was_said_of_and_by_which_table() {
        let dossier = dossier();
        let page = section(&dossier).into_string();
        assert!(
            page.contains("never proof of where a person was") && page.contains(", by table of "),
            "{page}"
        );
        assert!(
            page.contains("Mobile telephone of the incident")
                && page.contains("44.9, -93.2, as the sender gave it")
        );
    }

    #[test]
    fn a_report_without_a_place_says_so() {
        let mut dossier = dossier();
        dossier.findings.clear();
        dossier.submission.details.clear();
        assert!(section(&dossier).into_string().contains("could be looked up"));
    }
}
