//! Everything in a report that speaks for a place, as routing wants it: what was stated, and what the tables say of
//! addresses. Pure; the answer is stored with the route.

use domain::{Address, FileStatement, Finding, IpEvent, Role, Submission};
use policy::PlaceEvidence;
use policy::routing::{EvidenceKind, Network, Party};

use crate::selectors;
use domain::people;

/// All evidence of a report, in the order in which the report says it.
pub(crate) fn evidence<'a>(
    submission: &'a Submission,
    statements: impl Iterator<Item = &'a FileStatement>,
    findings: &[Finding],
) -> Vec<PlaceEvidence> {
    let mut all = Vec::new();
    for account in people::accounts(submission) {
        for address in &account.person.addresses {
            all.extend(postal(EvidenceKind::PostalAddress, account.role, address, findings));
        }
    }
    for address in people::incident_addresses(submission) {
        all.extend(postal(EvidenceKind::IncidentPlace, Role::Reported, address, findings));
    }
    all.extend(people::estimates(submission).into_iter().filter_map(|(role, estimate)| {
        let verified = estimate.verified == Some(true);
        let kind = if verified { EvidenceKind::EstimateVerified } else { EvidenceKind::Estimate };
        let mut one = stated(kind, role, estimate.country.as_deref(), estimate.region.as_deref())?;
        one.seen_at = estimate.at.as_ref().and_then(|at| at.instant);
        by_city(&mut one, estimate.city.as_ref().map(|c| c.reveal().as_str()), findings);
        Some(one)
    }));
    all.extend(
        people::ip_events(submission, statements).into_iter().filter_map(|(role, e)| seen(role, e, findings)),
    );
    all.extend(people::phones(submission).into_iter().filter_map(|(role, phone)| {
        let country = selectors::phone_country(phone.number.reveal(), phone.calling_code.as_deref())?;
        stated(EvidenceKind::PhoneCountry, role, Some(&country), None)
    }));
    all
}

/// The recipient may be the child, so its place counts as the child's.
const fn party(role: Role) -> Party {
    match role {
        Role::Victim | Role::Recipient => Party::Child,
        _ => Party::Suspect,
    }
}

/// The schema's country codes that are no country: proxies, satellites, whole continents.
const NO_COUNTRY: [&str; 7] = ["", "A1", "A2", "AP", "EU", "O1", "ZZ"];

/// The territories, which many tables list as countries of their own.
const TERRITORIES: [&str; 6] = ["AS", "GU", "MP", "PR", "UM", "VI"];

/// Evidence of a stated country and state; `None` when it says neither.
fn stated(
    kind: EvidenceKind,
    role: Role,
    country: Option<&str>,
    region: Option<&str>,
) -> Option<PlaceEvidence> {
    let region = region.map(str::trim).filter(|region| !region.is_empty());
    let country = country.map(str::trim).filter(|code| !NO_COUNTRY.contains(code));
    let country = country.map_or_else(|| region.filter(|r| is_state(r)).map(|_| "US"), Some)?;
    let (country, region) =
        if TERRITORIES.contains(&country) { ("US", Some(country)) } else { (country, region) };
    let mut one = PlaceEvidence::new(kind, party(role));
    one.state = region.filter(|region| country == "US" && is_state(region)).map(str::to_uppercase);
    one.country = Some(country.to_owned());
    Some(one)
}

/// Postal codes of states and territories are two letters; whatever else stands there names no state.
fn is_state(region: &str) -> bool {
    let code = format!("US-{}", region.to_uppercase());
    rust_iso3166::iso3166_2::from_code(&code).is_some()
}

fn postal(kind: EvidenceKind, role: Role, address: &Address, findings: &[Finding]) -> Option<PlaceEvidence> {
    let state = address.state.as_deref().filter(|state| !state.trim().is_empty());
    let country = address.country.as_deref();
    let found = address.postcode.as_ref().and_then(|code| find(findings, "postcode", code.reveal().trim()));
    let foreign = country.is_some_and(|country| country != "US" && !NO_COUNTRY.contains(&country));
    // A postcode alone is only then American when nothing says otherwise.
    let mut one = match stated(kind, role, country, state) {
        Some(one) => one,
        None if found.is_some() => stated(kind, role, Some("US"), None)?,
        None => return None,
    };
    if let Some(found) = found.filter(|_| !foreign) {
        county(&mut one, found);
    }
    by_city(&mut one, address.city.as_ref().map(|c| c.reveal().as_str()), findings);
    Some(one)
}

fn by_city(one: &mut PlaceEvidence, city: Option<&str>, findings: &[Finding]) {
    let (Some(state), Some(city), None) = (one.state.clone(), city, &one.county_fips) else { return };
    let subject = crate::enrichers::city_subject(&state, city);
    if let Some(found) = find(findings, "city-county", &subject) {
        county(one, found);
    }
}

/// Takes a county from a table, unless the table's state contradicts what was stated.
fn county(one: &mut PlaceEvidence, found: &Finding) {
    let state = word(found, "region");
    if one.state.is_some() && one.state != state {
        return;
    }
    one.state = state;
    one.county_fips = word(found, "county_fips");
    one.county = word(found, "county");
    one.table = Some(found.table.clone());
    one.as_of = Some(found.as_of.clone());
}

fn seen(role: Role, event: &IpEvent, findings: &[Finding]) -> Option<PlaceEvidence> {
    let address = selectors::ip(event.address.reveal())?.to_string();
    let mut places = findings.iter().filter(|f| f.enricher == "ip-place" && f.subject.reveal() == &address);
    let place = places.next()?;
    let country = word(place, "country")?;
    let mut one = stated(kind_of(event), role, Some(&country), word(place, "region").as_deref())?;
    one.table = Some(place.table.clone());
    one.as_of = Some(place.as_of.clone());
    one.county_fips = word(place, "county_fips");
    one.county = word(place, "county");
    if let (None, Some(second)) = (&one.county_fips, places.next()) {
        county(&mut one, second);
    }
    one.network = find(findings, "ip-network", &address).and_then(network);
    one.possible_proxy = event.possible_proxy == Some(true);
    one.seen_at = event.at.as_ref().and_then(|at| at.instant);
    Some(one)
}

/// Which event speaks how loud is for the rules; here only its name is read.
fn kind_of(event: &IpEvent) -> EvidenceKind {
    match event.event.as_deref() {
        Some("Upload") => EvidenceKind::UploadAddress,
        Some("Registration") => EvidenceKind::RegistrationAddress,
        Some("Purchase") => EvidenceKind::PurchaseAddress,
        Some("Login") => EvidenceKind::LoginAddress,
        _ => EvidenceKind::OtherAddress,
    }
}

fn network(finding: &Finding) -> Option<Network> {
    let kind = word(finding, "network_kind")?;
    Network::ALL.iter().copied().find(|network| network.as_str() == kind)
}

fn find<'a>(findings: &'a [Finding], enricher: &str, subject: &str) -> Option<&'a Finding> {
    findings.iter().find(|f| f.enricher == enricher && f.subject.reveal() == subject)
}

fn word(finding: &Finding, key: &str) -> Option<String> {
    finding.value.get(key).and_then(|value| value.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichers::{self, Subjects, tests::atlas};
    use crate::sample;

    fn evidence_of(submission: &Submission) -> Vec<PlaceEvidence> {
        let findings = enrichers::look_up(&Subjects::of(submission, std::iter::empty()), &atlas());
        evidence(submission, std::iter::empty(), &findings)
    }

    #[test]
    fn a_postcode_gives_a_county_and_a_log_in_its_place_with_the_table() {
        let all = evidence_of(&sample::submission());
        let of = |kind: EvidenceKind| all.iter().find(|one| one.kind == kind).unwrap();
        assert_eq!(of(EvidenceKind::PostalAddress).county_fips.as_deref(), Some("06037"));
        let login = of(EvidenceKind::LoginAddress);
        assert_eq!((login.state.as_deref(), login.network), (Some("CA"), Some(Network::Access)));
        assert_eq!(login.table.as_deref(), Some("example-places"));
        assert_eq!(login.seen_at, "2026-11-19T08:00:00Z".parse().ok());
    }

    #[test]
    fn the_place_of_a_child_is_not_taken_for_the_suspects() {
        let all = evidence_of(&sample::submission());
        let child: Vec<_> = all.iter().filter(|one| one.party == Party::Child).collect();
        assert_eq!(child.len(), 1);
        assert_eq!(child[0].state.as_deref(), Some("MN"));
    }

    #[test]
    fn a_city_in_the_table_gives_the_county_that_the_table_of_addresses_lacks() {
        let mut submission = sample::bare();
        let mut suspect = domain::Involved::nobody(Role::Reported);
        suspect.ip_events = vec![sample::ip_event("198.51.100.9", "Upload", "2026-11-19T08:00:00Z")];
        submission.people = vec![suspect];
        let all = evidence_of(&submission);
        assert_eq!(all[0].county_fips.as_deref(), Some("27123"));
        assert_eq!(all[0].kind, EvidenceKind::UploadAddress);
    }

    #[test]
    fn a_proxy_code_is_no_country() {
        let mut submission = sample::bare();
        let mut suspect = domain::Involved::nobody(Role::Reported);
        suspect.estimated_location =
            Some(domain::EstimatedLocation { country: Some("A1".to_owned()), ..Default::default() });
        submission.people = vec![suspect];
        assert_eq!(evidence_of(&submission), []);
    }

    #[test]
    fn a_territory_is_a_place_of_the_united_states() {
        let one = stated(EvidenceKind::Estimate, Role::Reported, Some("PR"), Some("San Juan")).unwrap();
        assert_eq!((one.country.as_deref(), one.state.as_deref()), (Some("US"), Some("PR")));
    }

    #[test]
    fn a_postcode_that_contradicts_its_state_gives_no_county() {
        let mut submission = sample::submission();
        submission.people[0].person.addresses[0].state = Some("TX".to_owned());
        let all = evidence_of(&submission);
        let postal = all.iter().find(|one| one.kind == EvidenceKind::PostalAddress).unwrap();
        assert_eq!((postal.state.as_deref(), postal.county_fips.as_deref()), (Some("TX"), None));
    }
}
