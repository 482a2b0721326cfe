//! Whether a mailbox is a team's or one person's, as far as its name tells.

/// Words that name a task and not a person.
const TASKS: [&str; 39] = [
    "abuse",
    "agencies",
    "agency",
    "care",
    "compliance",
    "contact",
    "csam",
    "custodian",
    "cybertip",
    "desk",
    "disclosure",
    "emergency",
    "enforcement",
    "government",
    "help",
    "info",
    "law",
    "legal",
    "leo",
    "ler",
    "lers",
    "liaison",
    "moderation",
    "office",
    "operations",
    "police",
    "policy",
    "privacy",
    "process",
    "records",
    "report",
    "reports",
    "response",
    "safety",
    "security",
    "subpoena",
    "support",
    "team",
    "trust",
];
/// Words that also count inside a longer one, as in `trustandsafety` or `lawenforcement`.
const TELLING: [&str; 9] =
    ["abuse", "compliance", "enforcement", "legal", "report", "safety", "security", "subpoena", "trust"];

/// True when the name in front of the `@` says what the mailbox is for.
#[must_use]
pub fn is_of_a_role(address: &str) -> bool {
    let name = address.split_once('@').map_or(address, |(name, _)| name).trim().to_ascii_lowercase();
    let is_task = |word: &str| TASKS.contains(&word.trim_matches(|c: char| c.is_ascii_digit()));
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_task)
        || TELLING.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_task_is_a_role_and_a_name_of_a_person_is_not() {
        for role in [
            "legal@chat.example",
            "Law.Enforcement@chat.example",
            "trustandsafety@x.example",
            "csam-2@x.example",
            "agencies@x.example",
        ] {
            assert!(is_of_a_role(role), "{role}");
        }
        for person in ["robin.sample@chat.example", "lawrence@chat.example", "r.sample@legal.example", ""] {
            assert!(!is_of_a_role(person), "{person}");
        }
    }
}
