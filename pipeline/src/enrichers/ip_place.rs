//! Where an internet address is said to be; its county from the city where the table names none.

use domain::Finding;
use geo::Atlas;
use serde_json::json;

use super::{Subjects, finding};

pub(super) const NAME: &str = "ip-place";

pub(super) fn look_up(subjects: &Subjects, atlas: &Atlas) -> Vec<Finding> {
    let mut findings = Vec::new();
    for address in &subjects.addresses {
        let Some(found) = atlas.place(*address) else { continue };
        let place = found.value.clone();
        findings.push(finding(NAME, address.to_string(), found, |place| {
            json!({
                "country": place.country, "region": place.region, "city": place.city, "county": place.county,
                "county_fips": place.county_fips, "latitude": place.latitude, "longitude": place.longitude,
                "approximate": place.approximate,
            })
        }));
        // A table of cities names no counties: the postcode table knows in which county a city lies.
        if let (None, Some("US"), Some(state), Some(city)) =
            (&place.county_fips, place.country.as_deref(), &place.region, &place.city)
        {
            let county = atlas.county_by_city(state, city);
            findings.extend(county.map(|found| {
                finding(NAME, address.to_string(), found, |county| {
                    json!({
                        "country": "US", "region": county.state, "city": city, "county": county.name,
                        "county_fips": county.fips, "approximate": true,
                    })
                })
            }));
        }
    }
    findings
}
