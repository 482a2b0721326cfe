//! The incident types: one entry each in `taxonomy/incident-types.toml`, from which forms, schema and pages derive.

use std::sync::LazyLock;

use serde::Deserialize;

/// One incident type with its qualities. Code asks for qualities, never for names.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct IncidentType {
    /// Our own stable key, such as `enticement`.
    pub key: String,
    /// The exact value on the wire of the provider API, case-sensitive.
    pub wire: String,
    /// A short heading for pages.
    pub title: String,
    /// Which of the eight statutory areas of 34 USC 11293(b)(1)(K)(i)(I) it belongs to.
    pub statutory_area: String,
    /// True when a child is approached directly, so that danger may be present or near.
    pub approaches_a_child: bool,
    /// True when the report usually concerns depictions.
    pub concerns_depictions: bool,
    /// Values seen from old clients, accepted only by the lenient schema profile.
    #[serde(default)]
    pub former_wire: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    incident_type: Vec<IncidentType>,
}

static TABLE: LazyLock<Vec<IncidentType>> = LazyLock::new(|| {
    let text = include_str!("../taxonomy/incident-types.toml");
    let table: Table = toml::from_str(text).expect("the shipped incident-types.toml parses; a test reads it");
    table.incident_type
});

/// All incident types, in the order of the provider API.
#[must_use]
pub fn incident_types() -> &'static [IncidentType] {
    &TABLE
}

impl IncidentType {
    /// The incident type with this exact wire value.
    #[must_use]
    pub fn find_by_wire(wire: &str) -> Option<&'static Self> {
        incident_types().iter().find(|t| t.wire == wire)
    }

    /// The incident type with this key of ours.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        incident_types().iter().find(|t| t.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    // PROVES: R-10
    #[test]
    fn the_eight_statutory_areas_are_each_covered_once_or_more() {
        let areas: BTreeSet<&str> = incident_types().iter().map(|t| t.statutory_area.as_str()).collect();
        assert_eq!(areas.len(), 8, "{areas:?}");
        let keys: BTreeSet<&str> = incident_types().iter().map(|t| t.key.as_str()).collect();
        assert_eq!(keys.len(), incident_types().len());
    }
}
