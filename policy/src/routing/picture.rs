//! The flat table of facts that routing rules may ask about, derived from the evidence.

use std::collections::BTreeSet;

use super::facts::{Party, PlaceEvidence, RoutingFacts};
use super::place::{self, DecidedPlace};
use super::rules::RoutingRules;
use crate::rules::{Facts, Field, Shape, Value};

/// What the rules of one decision look at.
pub(super) struct Picture<'a> {
    pub facts: &'a RoutingFacts,
    /// The place that decides: the suspect's, else the child's.
    pub place: Option<DecidedPlace>,
    /// The child's own place, when the report has one and it did not decide.
    pub child_place: Option<DecidedPlace>,
    pub flat: Flat,
}

/// Only what rules may name.
#[derive(Debug, Default)]
pub struct Flat {
    country: Option<String>,
    state: Option<String>,
    county: Option<String>,
    has_task_force: bool,
    only_weak_evidence: bool,
    located_by_child: bool,
    child_country: Option<String>,
    child_state: Option<String>,
    states: i64,
    countries: i64,
    priority: Option<&'static str>,
    incident_type: Option<String>,
    statutory_area: Option<String>,
    approaches_a_child: bool,
    report_annotations: Vec<String>,
    natures: Vec<String>,
    names_an_agency: bool,
    process_country: Option<String>,
    tribal_agency: bool,
}

impl<'a> Picture<'a> {
    pub(super) fn of(facts: &'a RoutingFacts, rules: &RoutingRules) -> Self {
        let of = |party: Party| -> Vec<&PlaceEvidence> {
            facts.evidence.iter().filter(|one| one.party == party).collect()
        };
        let (suspect, child) = (of(Party::Suspect), of(Party::Child));
        let suspect_place = place::decide(&suspect, rules.evidence_order());
        let child_place = place::decide(&child, rules.evidence_order());
        let located_by_child = suspect_place.is_none() && child_place.is_some();
        let (place, child_place) =
            if located_by_child { (child_place, None) } else { (suspect_place, child_place) };
        let flat = flatten(facts, rules, place.as_ref(), child_place.as_ref(), located_by_child);
        Self { facts, place, child_place, flat }
    }

    /// The county that decides, for whoever covers counties.
    pub(super) fn county(&self) -> Option<&str> {
        self.place.as_ref().and_then(|place| place.county_fips.as_deref())
    }
}

fn flatten(
    facts: &RoutingFacts,
    rules: &RoutingRules,
    place: Option<&DecidedPlace>,
    child: Option<&DecidedPlace>,
    located_by_child: bool,
) -> Flat {
    let directory = rules.directory();
    let strong = || facts.evidence.iter().filter(|one| !one.is_weak());
    let states: BTreeSet<&String> = strong().filter_map(|one| one.state.as_ref()).collect();
    let countries: BTreeSet<&String> = strong().filter_map(|one| one.country.as_ref()).collect();
    let state = place.and_then(|place| place.state.clone());
    let county = place.and_then(|place| place.county_fips.clone());
    let force = state.as_deref().and_then(|state| directory.task_force(state, county.as_deref(), facts.at));
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Flat {
        country: place.map(|place| place.country.clone()),
        has_task_force: force.is_some(),
        only_weak_evidence: place.is_none()
            && facts.evidence.iter().any(|one| one.is_weak() && one.country.is_some()),
        located_by_child,
        child_country: child.map(|place| place.country.clone()),
        child_state: child.and_then(|place| place.state.clone()),
        states: count(states.len()),
        countries: count(countries.len()),
        priority: facts.priority.map(domain::Priority::as_str),
        incident_type: facts.incident_type.clone(),
        statutory_area: facts.statutory_area.clone(),
        approaches_a_child: facts.approaches_a_child,
        report_annotations: facts.report_annotations.clone(),
        natures: facts.natures.clone(),
        names_an_agency: facts
            .named_agency
            .as_deref()
            .is_some_and(|n| directory.find_named(n, facts.at).is_some()),
        process_country: facts.process_country.clone(),
        tribal_agency: county.as_deref().is_some_and(|county| directory.tribal(county, facts.at).is_some()),
        state,
        county,
    }
}

impl Facts for Flat {
    const FIELDS: &'static [Field<Self>] = &[
        Field { name: "country", shape: Shape::Word, read: |f| Value::Word(f.country.as_deref()) },
        Field { name: "state", shape: Shape::Word, read: |f| Value::Word(f.state.as_deref()) },
        Field { name: "county", shape: Shape::Word, read: |f| Value::Word(f.county.as_deref()) },
        Field { name: "has_task_force", shape: Shape::Flag, read: |f| Value::Flag(f.has_task_force) },
        Field { name: "only_weak_evidence", shape: Shape::Flag, read: |f| Value::Flag(f.only_weak_evidence) },
        Field { name: "located_by_child", shape: Shape::Flag, read: |f| Value::Flag(f.located_by_child) },
        Field {
            name: "child_country",
            shape: Shape::Word,
            read: |f| Value::Word(f.child_country.as_deref()),
        },
        Field { name: "child_state", shape: Shape::Word, read: |f| Value::Word(f.child_state.as_deref()) },
        Field { name: "states", shape: Shape::Number, read: |f| Value::Number(Some(f.states)) },
        Field { name: "countries", shape: Shape::Number, read: |f| Value::Number(Some(f.countries)) },
        Field { name: "priority", shape: Shape::Word, read: |f| Value::Word(f.priority) },
        Field {
            name: "incident_type",
            shape: Shape::Word,
            read: |f| Value::Word(f.incident_type.as_deref()),
        },
        Field {
            name: "statutory_area",
            shape: Shape::Word,
            read: |f| Value::Word(f.statutory_area.as_deref()),
        },
        Field { name: "approaches_a_child", shape: Shape::Flag, read: |f| Value::Flag(f.approaches_a_child) },
        Field {
            name: "report_annotations",
            shape: Shape::Words,
            read: |f| Value::Words(&f.report_annotations),
        },
        Field { name: "natures", shape: Shape::Words, read: |f| Value::Words(&f.natures) },
        Field { name: "names_an_agency", shape: Shape::Flag, read: |f| Value::Flag(f.names_an_agency) },
        Field {
            name: "process_country",
            shape: Shape::Word,
            read: |f| Value::Word(f.process_country.as_deref()),
        },
        Field { name: "tribal_agency", shape: Shape::Flag, read: |f| Value::Flag(f.tribal_agency) },
    ];
}
