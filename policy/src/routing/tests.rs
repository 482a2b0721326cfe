use domain::{AgencyClass, AgencyId, Id, Priority};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::rules::RuleSet;

fn rules() -> &'static RoutingRules {
    RuleSet::embedded().routing()
}

fn facts(evidence: Vec<PlaceEvidence>) -> RoutingFacts {
    RoutingFacts { at: "2026-11-24T12:00:00Z".parse().unwrap(), evidence, ..RoutingFacts::default() }
}

fn seen(kind: EvidenceKind, country: &str, state: &str, county: &str) -> PlaceEvidence {
    let word = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    let mut one = PlaceEvidence::new(kind, Party::Suspect);
    (one.country, one.state, one.county_fips) = (word(country), word(state), word(county));
    one
}

fn first(evidence: Vec<PlaceEvidence>) -> String {
    route(&facts(evidence), rules()).recipients[0].agency.to_string()
}

#[test]
fn a_postal_address_beats_an_internet_address() {
    let home = seen(EvidenceKind::PostalAddress, "US", "MN", "27053");
    let upload = seen(EvidenceKind::UploadAddress, "US", "OH", "39035");
    assert_eq!(first(vec![upload, home]), "icac-us-mn");
}

#[test]
fn the_address_of_the_upload_beats_that_of_a_log_in() {
    let login = seen(EvidenceKind::LoginAddress, "US", "MN", "27053");
    let upload = seen(EvidenceKind::UploadAddress, "US", "OH", "");
    assert_eq!(first(vec![login, upload]), "icac-us-oh");
}

#[test]
fn of_two_log_ins_the_later_one_speaks() {
    let mut early = seen(EvidenceKind::LoginAddress, "US", "MN", "");
    early.seen_at = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let mut late = seen(EvidenceKind::LoginAddress, "US", "OH", "");
    late.seen_at = Some("2026-11-02T00:00:00Z".parse().unwrap());
    assert_eq!(first(vec![early, late]), "icac-us-oh");
}

#[test]
fn a_county_from_quieter_evidence_of_the_same_state_still_chooses_the_task_force() {
    let home = seen(EvidenceKind::PostalAddress, "US", "IL", "");
    let login = seen(EvidenceKind::LoginAddress, "US", "IL", "17031");
    assert_eq!(first(vec![home, login]), "icac-us-il-cook-county");
}

#[test]
fn a_hosting_or_relay_address_never_decides_a_country_alone() {
    for network in [Network::Hosting, Network::Relay] {
        let mut exit = seen(EvidenceKind::UploadAddress, "DE", "", "");
        exit.network = Some(network);
        let decision = route(&facts(vec![exit.clone()]), rules());
        assert_eq!(decision.recipients[0].agency.as_str(), "us-fbi");
        assert_eq!(decision.flags, [Flag::OnlyHostingOrRelay]);
        let login = seen(EvidenceKind::LoginAddress, "US", "MN", "");
        assert_eq!(first(vec![exit, login]), "icac-us-mn");
    }
}

#[test]
fn a_place_of_the_child_decides_when_the_suspect_has_none() {
    let mut school = seen(EvidenceKind::PostalAddress, "US", "VT", "");
    school.party = Party::Child;
    assert_eq!(first(vec![school]), "icac-us-vt");
}

// PROVES: R-21a
#[test]
fn a_tribal_agency_alone_is_not_enough() {
    let tribal = r#"
        [[agency]]
        id = "tribal-example"
        name = "Example Tribal Police"
        valid_from = "2020-01-01"
        covers_counties = ["04001"]
    "#;
    let rule = r#"
        [rule]
        name = "task-force"
        effective_from = "2026-01-01"
        source = "test"
        order = 10
        part = "route"
        send = "tribal-agency"
        says = "{agency} covers {place}."
        when = { is_set = "tribal_agency" }
        [[example]]
        name = "yes"
        fires = true
        gives = []
        facts = {}
        [[example]]
        name = "no"
        fires = false
        gives = []
        facts = {}
    "#;
    let mut files = RuleSet::embedded_files().to_vec();
    files.retain(|(name, _)| !name.starts_with("routing/") || name.ends_with("settings.toml"));
    files.extend([("datasets/tribal-agencies.toml", tribal), ("routing/task-force.toml", rule)]);
    let rules = RuleSet::load(&files).unwrap();
    let decision =
        route(&facts(vec![seen(EvidenceKind::PostalAddress, "US", "AZ", "04001")]), rules.routing());
    let classes: Vec<AgencyClass> = decision.recipients.iter().map(|r| r.class).collect();
    assert_eq!(classes, [AgencyClass::Tribal, AgencyClass::Federal]);
    assert_eq!(decision.flags, [Flag::TribalAlone]);
}

// PROVES: R-26
#[test]
fn a_stored_routing_gives_the_same_answer_when_it_is_run_again() {
    let mut facts = facts(vec![
        seen(EvidenceKind::UploadAddress, "US", "TX", "48201"),
        seen(EvidenceKind::LoginAddress, "US", "CA", "06037"),
    ]);
    facts.priority = Some(Priority::Immediate);
    let stored = serde_json::to_string(&(&facts, route(&facts, rules()))).unwrap();
    let (again, decision): (RoutingFacts, RouteDecision) = serde_json::from_str(&stored).unwrap();
    assert_eq!(route(&again, rules()), decision);
    assert_eq!(decision.place.unwrap().words(), "TX");
}

fn any_evidence() -> impl Strategy<Value = PlaceEvidence> {
    let country = prop::option::of(prop::sample::select(vec!["US", "DE", "NO", "PH", "XK", "A1", "", "??"]));
    let state = prop::option::of(prop::sample::select(vec!["CA", "MN", "DC", "PR", "GU", "VA", "ZZ", ""]));
    let county = prop::option::of(prop::sample::select(vec!["06037", "51059", "11001", "99999", ""]));
    let network = prop::option::of(prop::sample::select(Network::ALL));
    let kind = prop::sample::select(EvidenceKind::ALL);
    let party = prop::sample::select(vec![Party::Suspect, Party::Child]);
    (kind, party, country, state, county, network, any::<bool>()).prop_map(
        |(kind, party, c, s, f, network, proxy)| {
            let mut one = PlaceEvidence::new(kind, party);
            one.country = c.map(str::to_owned);
            one.state = s.map(str::to_owned);
            one.county_fips = f.map(str::to_owned);
            one.network = network;
            one.possible_proxy = proxy;
            one
        },
    )
}

fn any_facts() -> impl Strategy<Value = RoutingFacts> {
    let natures =
        prop::collection::vec(prop::sample::select(vec!["mail", "military-army", "unheard-of"]), 0..3);
    let named = prop::option::of(prop::sample::select(vec!["Federal Bureau of Investigation", "Nobody", ""]));
    let process = prop::option::of(prop::sample::select(vec!["GB", "US", "", "ZZ"]));
    let seconds = prop::sample::select(vec![0_i64, 1_577_836_800, 1_795_000_000, 4_000_000_000]);
    let priority = prop::option::of(prop::sample::select(Priority::ALL));
    let words =
        prop::collection::vec(prop::sample::select(vec!["sextortion", "sadisticOnlineExploitation"]), 0..2);
    let evidence = prop::collection::vec(any_evidence(), 0..6);
    (natures, named, process, seconds, priority, words, evidence).prop_map(
        |(natures, named, process, seconds, priority, words, evidence)| RoutingFacts {
            at: Timestamp::from_second(seconds).unwrap(),
            priority,
            natures: natures.into_iter().map(str::to_owned).collect(),
            named_agency: named.map(str::to_owned),
            process_country: process.map(str::to_owned),
            report_annotations: words.into_iter().map(str::to_owned).collect(),
            evidence,
            ..RoutingFacts::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    // PROVES: R-20 R-26
    #[test]
    fn every_report_goes_somewhere_that_counts(facts in any_facts()) {
        let decision = route(&facts, rules());
        prop_assert!(decision.counts());
        let mut agencies: Vec<&AgencyId> = decision.recipients.iter().map(|r| &r.agency).collect();
        agencies.sort();
        agencies.dedup();
        prop_assert_eq!(agencies.len(), decision.recipients.len());
        prop_assert_eq!(&route(&facts, rules()), &decision);
    }
}
