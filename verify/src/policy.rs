//! Who must have seen a checkpoint before it is believed (C2SP tlog-policy): logs, witnesses, groups, and one quorum.

use std::collections::{BTreeMap, BTreeSet};

use crate::keys::Key;

/// Lines of a policy that are read; the standard asks for at least 96.
const MOST_LINES: usize = 1_000;
/// The quorum that asks for nobody.
const NONE: &str = "none";

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    logs: Vec<Key>,
    /// Keys of witnesses by the names that this policy gives them.
    witnesses: BTreeMap<String, Key>,
    groups: BTreeMap<String, Group>,
    /// `None` when nobody is asked for.
    quorum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    least: usize,
    members: BTreeSet<String>,
}

/// Why a policy is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// A line cannot be understood.
    #[error("line {line}: {says}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        says: &'static str,
    },
    /// It does not say whom it needs.
    #[error("it has no quorum line")]
    NoQuorum,
}

impl Policy {
    /// Reads a policy; refuses every line that it does not know, so that no rule is passed over.
    pub(crate) fn parse(text: &str) -> Result<Self, PolicyFault> {
        let mut reading = Reading::default();
        for (at, line) in text.split('\n').enumerate() {
            let read = if at < MOST_LINES { reading.line(line) } else { Err("there are too many lines") };
            read.map_err(|says| PolicyFault::Line { line: at + 1, says })?;
        }
        let Reading { logs, witnesses, groups, quorum } = reading;
        Ok(Self { logs, witnesses, groups, quorum: quorum.ok_or(PolicyFault::NoQuorum)? })
    }

    /// The logs that it believes; none when it leaves that to others.
    pub(crate) fn logs(&self) -> &[Key] {
        &self.logs
    }

    /// Whether it says nothing against this log.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.logs.is_empty() || self.logs.iter().any(|log| log.name() == origin)
    }

    /// The witness to whom a signature line belongs, by the name and id in the line: its name here, and its key.
    pub(crate) fn witness(&self, name: &str, id: [u8; 4]) -> Option<(&str, &Key)> {
        let mut all = self.witnesses.iter();
        all.find(|(_, key)| key.name() == name && key.id() == id).map(|(name, key)| (name.as_str(), key))
    }

    /// Whether it asks for nobody.
    pub(crate) const fn asks_nobody(&self) -> bool {
        self.quorum.is_none()
    }

    /// Whether those who signed are enough.
    pub(crate) fn is_met_by(&self, signed: &BTreeSet<&str>) -> bool {
        self.quorum.as_ref().is_none_or(|quorum| self.counts(quorum, signed))
    }

    /// Groups name only what stood before them, so this ends.
    fn counts(&self, name: &str, signed: &BTreeSet<&str>) -> bool {
        match self.groups.get(name) {
            None => signed.contains(name),
            Some(group) => {
                group.members.iter().filter(|member| self.counts(member, signed)).count() >= group.least
            }
        }
    }
}

#[derive(Default)]
struct Reading {
    logs: Vec<Key>,
    witnesses: BTreeMap<String, Key>,
    groups: BTreeMap<String, Group>,
    quorum: Option<Option<String>>,
}

impl Reading {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if line.chars().any(|letter| letter != '\t' && (letter < ' ' || letter == '\u{7f}')) {
            return Err("it has a control character");
        }
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => self.log(key),
            ["witness", name, key] | ["witness", name, key, _] => self.witness(name, key),
            ["group", name, least, members @ ..] => self.group(name, least, members),
            ["quorum", name] => self.quorum(name),
            _ => Err("it is neither a log, a witness, a group nor the quorum"),
        }
    }

    fn log(&mut self, key: &str) -> Result<(), &'static str> {
        let key = Key::parse(key).map_err(|_| "the log's key cannot be read")?;
        if self.logs.iter().any(|log| log.public() == key.public() || log.name() == key.name()) {
            return Err("the log stands here twice");
        }
        self.logs.push(key);
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str) -> Result<(), &'static str> {
        self.unused(name)?;
        let key =
            Key::of_witness(key).ok_or("the witness's key is not one for cosignatures (Ed25519, type 4)")?;
        if self.witnesses.values().any(|witness| witness.public() == key.public()) {
            return Err("the witness stands here twice");
        }
        self.witnesses.insert(name.to_owned(), key);
        Ok(())
    }

    fn group(&mut self, name: &str, least: &str, members: &[&str]) -> Result<(), &'static str> {
        self.unused(name)?;
        let known: BTreeSet<String> = members.iter().map(|member| (*member).to_owned()).collect();
        if known.len() != members.len() || !known.iter().all(|member| self.knows(member)) {
            return Err("a member is not named before, or named twice");
        }
        let grouped = self.groups.values().any(|group| !group.members.is_disjoint(&known));
        if grouped {
            return Err("a member is in another group already");
        }
        let least = match least {
            "all" => members.len(),
            "any" => 1,
            number => number.parse().map_err(|_| "the group needs all, any or a number")?,
        };
        if !(1..=members.len()).contains(&least) {
            return Err("the group can never count, or always does");
        }
        self.groups.insert(name.to_owned(), Group { least, members: known });
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), &'static str> {
        if self.quorum.is_some() {
            return Err("there is a quorum already");
        }
        self.quorum = Some(match name {
            NONE => None,
            name if self.knows(name) => Some(name.to_owned()),
            _ => return Err("the quorum is not named before"),
        });
        Ok(())
    }

    fn knows(&self, name: &str) -> bool {
        self.witnesses.contains_key(name) || self.groups.contains_key(name)
    }

    fn unused(&self, name: &str) -> Result<(), &'static str> {
        if name == NONE || self.knows(name) { Err("the name is taken") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Signer;

    fn policy(text: &str) -> Result<Policy, PolicyFault> {
        let key = |seed| Signer::witness(&format!("witness.example/{seed}"), seed).vkey();
        let log = Signer::log("log.example", 9).vkey();
        let witnesses: String = (1..=6).map(|seed| format!("witness w{seed} {}\n", key(seed))).collect();
        Policy::parse(&format!("log {log} https://log.example/\n{witnesses}{text}"))
    }

    fn met(policy: &Policy, signed: &[&str]) -> bool {
        policy.is_met_by(&signed.iter().copied().collect())
    }

    #[test]
    fn two_levels_of_groups_count_as_the_standard_says() {
        let policy = policy(
            "# ours\ngroup X 2 w1 w2 w3\n\n \tgroup Y any w4 w5 w6\t\ngroup both all X Y\nquorum both\n",
        )
        .unwrap();
        assert!(met(&policy, &["w1", "w3", "w5"]));
        for too_few in [&["w1", "w2", "w3"][..], &["w1", "w4", "w5", "w6"], &["w4"], &[]] {
            assert!(!met(&policy, too_few), "{too_few:?}");
        }
        assert!(policy.allows("log.example") && !policy.allows("other.example"));
    }

    #[test]
    fn one_witness_or_nobody_can_be_the_quorum() {
        assert!(met(&policy("quorum w2").unwrap(), &["w2"]));
        assert!(!met(&policy("quorum w2").unwrap(), &["w1"]));
        let nobody = policy("quorum none").unwrap();
        assert!(met(&nobody, &[]) && nobody.asks_nobody());
    }

    #[test]
    fn what_is_not_a_policy_is_refused_by_its_line() {
        for (text, line) in [
            ("quorum later\ngroup later any w1", 8),
            ("group g 3 w1 w2\nquorum g", 8),
            ("group g 0 w1 w2\nquorum g", 8),
            ("group g all\nquorum g", 8),
            ("group g any w1 w1\nquorum g", 8),
            ("group g any w1\ngroup h any w1\nquorum h", 9),
            ("group g any g\nquorum g", 8),
            ("group none any w1\nquorum none", 8),
            ("group w1 any w2\nquorum w1", 8),
            ("quorum w1\nquorum w1", 9),
            ("quorum w1 w2", 8),
            ("quorums w1", 8),
            ("quorum w1\r", 8),
            ("witness w7 log.example+00000000+AAAA\nquorum w7", 8),
        ] {
            let fault = policy(text).unwrap_err();
            assert!(
                matches!(fault, PolicyFault::Line { line: found, .. } if found == line),
                "{text}: {fault}"
            );
        }
        assert_eq!(policy("").unwrap_err(), PolicyFault::NoQuorum);
        let once = Signer::witness("witness.example/1", 1).vkey();
        assert!(policy(&format!("witness again {once}\nquorum again")).is_err());
        // A log's kind of key is no witness's.
        let log = Signer::log("witness.example/8", 8).vkey();
        assert!(policy(&format!("witness w8 {log}\nquorum w8")).is_err());
    }
}
