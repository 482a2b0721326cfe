//! Who leans on whom.

use super::plan::{Place, Plan};
use super::{Crate, Edge};

/// Every break of the floors and of the "only" and "never" rules, one sentence each.
pub fn judge(plan: &Plan, crates: &[Crate]) -> Vec<String> {
    let mut breaks = Vec::new();
    for one in crates {
        if matches!(plan.place(&one.name), Place::Nowhere) {
            breaks.push(format!("{} stands on no floor: name it in walls.toml", one.name));
        }
        for edge in &one.dependencies {
            // A crate may turn on its own test feature by depending on itself in its tests.
            let ours = edge.to != one.name && crates.iter().any(|other| other.name == edge.to);
            let reason = if ours { arrow(plan, &one.name, edge) } else { None };
            breaks.extend(
                reason.or_else(|| only(plan, &one.name, edge)).or_else(|| never(plan, &one.name, edge)),
            );
        }
    }
    breaks
}

/// Floors: strictly downwards. Beside: as its own line says.
fn arrow(plan: &Plan, from: &str, edge: &Edge) -> Option<String> {
    let to = &edge.to;
    match (plan.place(from), plan.place(to)) {
        // A crate without a place has been reported already.
        (Place::Nowhere, _) | (_, Place::Nowhere) => None,
        (Place::Floor(upper), Place::Floor(lower)) if upper > lower => None,
        (Place::Floor(upper), Place::Floor(lower)) => {
            Some(format!("{from} (floor {upper}) depends on {to} (floor {lower}): arrows only go down"))
        }
        (_, Place::Beside(beside))
            if beside.used_by.iter().any(|one| one == from)
                || (beside.used_in_tests && edge.in_tests_only) =>
        {
            None
        }
        (_, Place::Beside(_)) => Some(format!("{from} depends on {to}, which stands beside the house")),
        (Place::Beside(beside), Place::Floor(_)) => (!beside.uses.contains(to))
            .then(|| format!("{from} depends on {to}, which is not among what it uses in walls.toml")),
    }
}

fn only(plan: &Plan, from: &str, edge: &Edge) -> Option<String> {
    let floor = match plan.place(from) {
        Place::Floor(number) => Some(number),
        Place::Beside(_) | Place::Nowhere => None,
    };
    let rule = plan.only.iter().find(|rule| {
        let high_enough = rule.from_floor.zip(floor).is_some_and(|(least, own)| own >= least);
        rule.dependencies.contains(&edge.to) && !high_enough && !rule.crates.iter().any(|one| one == from)
    })?;
    Some(format!("{from} depends on {}: {}", edge.to, rule.why))
}

fn never(plan: &Plan, from: &str, edge: &Edge) -> Option<String> {
    let applies = |rule: &&super::plan::Never| {
        rule.dependencies.contains(&edge.to) && rule.crates.iter().any(|one| one == from)
    };
    plan.never.iter().find(applies).map(|rule| format!("{from} depends on {}: {}", edge.to, rule.why))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"
        floor = [
            { number = 3, crates = ["web", "face"] },
            { number = 2, crates = ["store"] },
            { number = 1, crates = ["database", "seal"] },
        ]
        beside = [
            { crate = "testkit", uses = ["database"], used_in_tests = true },
            { crate = "synth", used_by = ["web"] },
            { crate = "verify" },
        ]
        only = [
            { dependencies = ["rusqlite"], crates = ["database"], why = "one seam" },
            { dependencies = ["tokio"], crates = ["synth"], from_floor = 2, why = "craft never waits" },
        ]
        never = [{ crates = ["face"], dependencies = ["store"], why = "faces do not reach the rows" }]
    "#;

    /// Judges a house in which each `(from, to)` is a dependency; `to` ending in `?` is one of tests only.
    fn breaks(edges: &[(&str, &str)]) -> Vec<String> {
        let names = ["web", "face", "store", "database", "seal", "testkit", "synth", "verify"];
        let crates: Vec<Crate> = names
            .iter()
            .map(|name| Crate {
                name: (*name).to_owned(),
                dependencies: edges
                    .iter()
                    .filter(|(from, _)| from == name)
                    .map(|(_, to)| Edge {
                        to: to.trim_end_matches('?').to_owned(),
                        in_tests_only: to.ends_with('?'),
                    })
                    .collect(),
            })
            .collect();
        judge(&toml::from_str(PLAN).unwrap(), &crates)
    }

    #[test]
    fn arrows_that_go_down_stand() {
        assert!(breaks(&[("web", "store"), ("store", "database"), ("web", "seal")]).is_empty());
    }

    #[test]
    fn an_arrow_upwards_is_a_break() {
        let expected = "database (floor 1) depends on store (floor 2): arrows only go down";
        assert_eq!(breaks(&[("database", "store")]), [expected]);
    }

    #[test]
    fn neighbours_do_not_lean_on_each_other_even_in_tests() {
        let expected = "seal (floor 1) depends on database (floor 1): arrows only go down";
        assert_eq!(breaks(&[("seal", "database?")]), [expected]);
    }

    #[test]
    fn a_crate_that_the_plan_does_not_name_is_a_break() {
        let crates = [Crate { name: "annex".to_owned(), dependencies: Vec::new() }];
        let found = judge(&toml::from_str(PLAN).unwrap(), &crates);
        assert_eq!(found, ["annex stands on no floor: name it in walls.toml"]);
    }

    #[test]
    fn a_test_kit_is_for_tests() {
        assert!(breaks(&[("seal", "testkit?"), ("testkit", "database")]).is_empty());
        assert_eq!(
            breaks(&[("seal", "testkit")]),
            ["seal depends on testkit, which stands beside the house"]
        );
    }

    #[test]
    fn a_crate_beside_the_house_leans_only_on_what_it_names() {
        assert!(breaks(&[("web", "synth")]).is_empty());
        let expected = "verify depends on seal, which is not among what it uses in walls.toml";
        assert_eq!(breaks(&[("verify", "seal")]), [expected]);
    }

    #[test]
    fn a_guarded_dependency_is_for_the_named_and_for_the_upper_floors() {
        assert!(breaks(&[("database", "rusqlite"), ("store", "tokio"), ("synth", "tokio")]).is_empty());
        assert_eq!(breaks(&[("store", "rusqlite?")]), ["store depends on rusqlite: one seam"]);
        assert_eq!(breaks(&[("seal", "tokio")]), ["seal depends on tokio: craft never waits"]);
    }

    #[test]
    fn a_downward_arrow_can_still_be_forbidden() {
        assert_eq!(breaks(&[("face", "store")]), ["face depends on store: faces do not reach the rows"]);
    }

    #[test]
    fn a_misspelt_rule_is_refused() {
        assert!(toml::from_str::<Plan>("floor = []\nnevre = []").is_err());
    }
}
