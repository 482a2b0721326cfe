//! The second judgement, written by hand as a plain table: what the policies must say of everybody everywhere. A line
//! names who, where, what, and the rule; what no line names is refused.

use super::action::Action;
use super::authority::{Kind, ask};
use super::rules::Answer;
use crate::RuleSet;

const TABLE: &str = "
commander unit-supervisor investigator prosecutor agency-system | own agency | list-reports read-report | R-36
commander unit-supervisor investigator prosecutor agency-system | own agency | take-package | R-22
provider-reporter provider-admin provider-credential | own provider | list-reports read-report | R-33
worker | the house | read-report | R-20
operator | own agency, another agency | read-report take-package | R-23
analyst supervisor counsel | the house | list-reports read-report | R-20

auditor | ledger, disclosures, statistics, media-permissions, accounts, rules, destructions, retention | oversee | R-76c
commander | own agency | keep-agency-keys | R-23
operator | own agency, another agency | keep-agency-keys | R-23
supervisor security-admin operator | the house | confirm-agency-key | R-23
commander prosecutor | own agency | certify-report | R-75
commander unit-supervisor investigator | own agency | keep-seized-sets | R-61
operator | own agency, another agency | keep-seized-sets | R-61
operator | own agency, another agency | certify-report | R-75
commander unit-supervisor investigator prosecutor | own agency | record-ground view-media | R-17
commander | own agency | confirm-ground | R-17
commander | own agency | grant-media | R-18
prosecutor | own agency | hold-viewing | R-73
analyst supervisor | the house | view-media | R-18
supervisor | the house | grant-media | R-18

auditor | ledger, disclosures, statistics, media-permissions, accounts, rules | oversee | R-76c
counsel | disclosures, statistics, rules | oversee | R-29
supervisor | media-permissions, disclosures | oversee | R-18
security-admin | accounts, rules | oversee | R-71
supervisor counsel | destructions, retention | oversee | R-52

commander unit-supervisor investigator prosecutor agency-system | own agency | work-reports | R-20a
commander unit-supervisor | own agency | assign-reports | R-36
agency-system | own agency | assign-reports | R-20a
commander unit-supervisor investigator prosecutor agency-system | own agency | keep-cases | R-36
commander unit-supervisor investigator prosecutor | own agency | deconflict | R-28
commander unit-supervisor investigator prosecutor | own agency | use-portal | R-36
analyst supervisor counsel | the house | use-portal | R-20
commander | own agency | keep-portal | R-36
supervisor operator | the house | keep-portal | R-20
commander unit-supervisor investigator prosecutor | own agency | transfer-reports | R-34
commander unit-supervisor investigator prosecutor agency-system | own agency | see-transfers | R-34
analyst supervisor | the house | route-reports | R-26
analyst supervisor | the house | work-reports | R-20
supervisor | the house | assign-reports | R-20

commander unit-supervisor investigator prosecutor agency-system | own agency | notify-destruction | R-52
commander unit-supervisor investigator prosecutor | own agency | keep-holds | R-54
counsel | the house | keep-holds | R-54

supervisor counsel | destroy | ask-approval give-approval | R-52
supervisor counsel | purge | ask-approval give-approval | R-55
supervisor counsel | qualify-agency, affiliate-agency | ask-approval give-approval | R-21
supervisor counsel | change-rules | ask-approval give-approval | R-25
supervisor counsel | counsel-ground | ask-approval give-approval | R-17
counsel | relax-gate | ask-approval give-approval | R-17
supervisor | relax-gate | give-approval | R-17
supervisor | rules | oversee | R-25
hashkeeper | publish-hash | ask-approval give-approval | R-58
supervisor | publish-hash | give-approval | R-58
supervisor counsel security-admin | admit-person, recover-person, change-role, bind-identity | ask-approval give-approval | R-67
commander provider-admin | recover-person, change-role | ask-approval | R-67
commander | own agency | keep-people | R-67
provider-admin | own provider | keep-people | R-67
supervisor counsel security-admin | the house | keep-people keep-providers | R-71
supervisor counsel | the house | keep-agencies | R-21
counsel security-admin operator | the house | keep-vendors | R-63
";

fn by_hand(who: Kind, banner: bool, place: &str, action: Action) -> Option<&'static str> {
    if matches!(who, Kind::Person(_)) && !banner {
        return None;
    }
    TABLE.lines().filter(|line| !line.is_empty()).find_map(|line| {
        let mut cells = line.split(" | ");
        let mut cell = || cells.next().expect("a line has four cells");
        let (names, places, actions, rule) = (cell(), cell(), cell(), cell());
        let fits = names.split(' ').any(|name| name == who.name())
            && places.split(", ").any(|name| name == place)
            && actions.split(' ').any(|name| name == action.as_str());
        fits.then_some(rule)
    })
}

// PROVES: R-17 R-18 R-20 R-22 R-23 R-29 R-32 R-33 R-34 R-36 R-71 R-72 R-75 R-76c
#[test]
fn policies_and_a_judgement_by_hand_agree_on_everybody_everywhere() {
    let rules = RuleSet::embedded().access();
    for who in Kind::all() {
        for banner in [true, false] {
            for &action in Action::ALL {
                for (place, name) in action.reach().places().into_iter().enumerate() {
                    let found = match ask(rules, who, banner, place, action) {
                        Answer::Yes(why) => Some(why.rule.as_str()),
                        Answer::No(_) => None,
                    };
                    assert_eq!(
                        found,
                        by_hand(who, banner, name, action),
                        "{who:?} {banner} {name} {action:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_line_written_by_hand_names_what_exists() {
    let places: Vec<&str> = Action::ALL.iter().flat_map(|action| action.reach().places()).collect();
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(" | ").collect();
        assert_eq!(cells.len(), 4, "{line}");
        assert!(cells[0].split(' ').all(|name| Kind::all().any(|who| who.name() == name)), "{line}");
        assert!(cells[1].split(", ").all(|name| places.contains(&name)), "{line}");
        assert!(
            cells[2].split(' ').all(|name| Action::ALL.iter().any(|action| action.as_str() == name)),
            "{line}"
        );
    }
}
