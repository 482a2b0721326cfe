//! In which county a United States postcode lies.

use domain::Finding;
use geo::Atlas;
use serde_json::json;

use super::{Subjects, finding};

pub(super) const NAME: &str = "postcode";

pub(super) fn look_up(subjects: &Subjects, atlas: &Atlas) -> Vec<Finding> {
    let counties = subjects.postcodes.iter().filter_map(|code| Some((code, atlas.postcode(code)?)));
    counties
        .map(|(code, found)| {
            finding(NAME, code.clone(), found, |county| {
                json!({
                    "country": "US", "region": county.state, "county": county.name, "county_fips": county.fips,
                    "approximate": county.approximate,
                })
            })
        })
        .collect()
}
