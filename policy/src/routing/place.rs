//! From everything that speaks for a place to one place.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::facts::{EvidenceKind, PlaceEvidence};

/// The place that a report belongs to, as far as known, with what decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedPlace {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Postal code of a US state or territory.
    pub state: Option<String>,
    /// Five-digit county code.
    pub county_fips: Option<String>,
    /// The county's name.
    pub county: Option<String>,
    /// What decided the country.
    pub country_by: EvidenceKind,
    /// What decided the state.
    pub state_by: Option<EvidenceKind>,
    /// What decided the county.
    pub county_by: Option<EvidenceKind>,
}

impl DecidedPlace {
    /// The place in words, such as `Cook County, IL` or `DE`.
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.county, &self.state) {
            (Some(county), Some(state)) => format!("{county}, {state}"),
            (None, Some(state)) => state.clone(),
            _ => self.country.clone(),
        }
    }
}

/// One place out of many: the loudest evidence decides the country; within it the loudest that names a state decides
/// the state; within that the loudest that names a county decides the county. Evidence of networks behind which
/// people are elsewhere decides nothing.
pub(super) fn decide(evidence: &[&PlaceEvidence], order: &[EvidenceKind]) -> Option<DecidedPlace> {
    let loudness =
        |one: &PlaceEvidence| order.iter().position(|kind| *kind == one.kind).unwrap_or(order.len());
    let mut strong: Vec<&PlaceEvidence> =
        evidence.iter().copied().filter(|one| !one.is_weak() && one.country.is_some()).collect();
    // Of the same kind, what says more, then what was seen last; `Reverse` because the first one wins.
    strong.sort_by_key(|one| {
        let says = (one.county_fips.is_some(), one.state.is_some());
        (loudness(one), Reverse(says), Reverse(one.seen_at))
    });
    let first = strong.first()?;
    let country = first.country.clone()?;
    let there = || strong.iter().filter(|one| one.country.as_deref() == Some(country.as_str()));
    let stated = there().find(|one| one.state.is_some());
    let state = stated.and_then(|one| one.state.clone());
    let counted = there().filter(|one| one.state == state).find(|one| one.county_fips.is_some());
    Some(DecidedPlace {
        country_by: first.kind,
        state_by: stated.map(|one| one.kind),
        county_by: counted.map(|one| one.kind),
        county_fips: counted.and_then(|one| one.county_fips.clone()),
        county: counted.and_then(|one| one.county.clone()),
        country,
        state,
    })
}
