//! Who announces an internet address, and what the network is used for.

use domain::Finding;
use geo::Atlas;
use serde_json::json;

use super::{Subjects, finding};

pub(super) const NAME: &str = "ip-network";

pub(super) fn look_up(subjects: &Subjects, atlas: &Atlas) -> Vec<Finding> {
    let networks = subjects.addresses.iter().filter_map(|address| Some((address, atlas.network(*address)?)));
    networks
        .map(|(address, found)| {
            finding(NAME, address.to_string(), found, |network| {
                json!({
                    "asn": network.asn, "operator": network.operator, "network_kind": network.kind.as_str(),
                    "network_kind_is_guess": network.kind_is_guess,
                })
            })
        })
        .collect()
}
