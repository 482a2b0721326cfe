//! The part of `deny` that is always on: licences and banned crates, from `deny.toml` and `cargo tree` alone.
//! (`cargo metadata` also names crates behind features that nobody enabled, `ring` among them.)

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{Result, shell};

/// What we read of `deny.toml`; cargo-deny reads the rest.
#[derive(Debug, Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A licence that is accepted for one crate.
#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// A crate of others that a build of the workspace really uses.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Theirs {
    name: String,
    version: String,
    /// SPDX expression, empty where the manifest has none.
    licence: String,
}

/// Fails with every crate that is banned or whose licence is not accepted.
pub fn run() -> Result<()> {
    let deny: Deny = toml::from_str(&std::fs::read_to_string(shell::root().join("deny.toml"))?)?;
    let tree = ["tree", "--locked", "--workspace", "--prefix", "none", "--format", "{p}|{l}"];
    let theirs = read(&String::from_utf8(shell::output(shell::at_root("cargo").args(tree))?)?);
    let refused: Vec<String> = theirs.iter().filter_map(|one| refuse(&deny, one)).collect();
    if refused.is_empty() {
        eprintln!("deny: {} crates of others: licences accepted, none banned", theirs.len());
        return Ok(());
    }
    Err(format!("crates that may not be used:\n  {}", refused.join("\n  ")).into())
}

/// Lines such as `clap v4.6.9|MIT OR Apache-2.0 (*)`; ours carry their folder behind the version.
fn read(tree: &str) -> BTreeSet<Theirs> {
    let lines = tree.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|'));
    lines
        .filter(|(package, _)| !package.contains("(/"))
        .filter_map(|(package, licence)| {
            let (name, version) = package.trim_end_matches(" (proc-macro)").split_once(" v")?;
            Some(Theirs { name: name.to_owned(), version: version.to_owned(), licence: licence.to_owned() })
        })
        .collect()
}

fn refuse(deny: &Deny, one: &Theirs) -> Option<String> {
    let Theirs { name, version, licence } = one;
    if let Some(ban) = deny.bans.deny.iter().find(|ban| ban.name == *name) {
        return Some(format!("{name} {version} is banned: {}", ban.reason));
    }
    let excepted = deny.licenses.exceptions.iter().filter(|exception| exception.name == *name);
    let mut accepted: Vec<&str> =
        excepted.flat_map(|exception| &exception.allow).map(String::as_str).collect();
    accepted.extend(deny.licenses.allow.iter().map(String::as_str));
    (!accepts(&accepted, licence)).then(|| format!("{name} {version} is under {licence:?}"))
}

/// Whether an SPDX expression can be met with the accepted licences. What cannot be read is not accepted.
fn accepts(accepted: &[&str], expression: &str) -> bool {
    // Old manifests write "MIT/Apache-2.0" and mean OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut reader = Reader { words: spaced.split_whitespace().peekable(), accepted };
    let answer = reader.any();
    reader.words.peek().is_none() && answer == Some(true)
}

struct Reader<'text, Words: Iterator<Item = &'text str>> {
    words: std::iter::Peekable<Words>,
    accepted: &'text [&'text str],
}

impl<'text, Words: Iterator<Item = &'text str>> Reader<'text, Words> {
    /// `all (OR all)*`; `None` if it does not read as an expression.
    fn any(&mut self) -> Option<bool> {
        let mut answer = self.all()?;
        while self.words.next_if_eq(&"OR").is_some() {
            answer |= self.all()?;
        }
        Some(answer)
    }

    /// `one (AND one)*`.
    fn all(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.words.next_if_eq(&"AND").is_some() {
            answer &= self.one()?;
        }
        Some(answer)
    }

    /// `( any )`, or a licence with an optional exception.
    fn one(&mut self) -> Option<bool> {
        let word = self.words.next()?;
        if word == "(" {
            let answer = self.any()?;
            return self.words.next_if_eq(&")").map(|_| answer);
        }
        let licence = match self.words.next_if_eq(&"WITH") {
            Some(_) => format!("{word} WITH {}", self.words.next()?),
            None => word.to_owned(),
        };
        Some(self.accepted.contains(&licence.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(expression: &str) -> bool {
        accepts(&["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"], expression)
    }

    #[test]
    fn one_accepted_choice_is_enough_and_every_part_is_needed() {
        assert!(accepted("MIT"));
        assert!(accepted("GPL-3.0 OR MIT"));
        assert!(accepted("MIT/Apache-2.0"));
        assert!(accepted("(MIT OR GPL-3.0) AND Apache-2.0"));
        assert!(!accepted("MIT AND GPL-3.0"));
        assert!(!accepted("AGPL-3.0-only"));
    }

    #[test]
    fn an_exception_is_part_of_the_licence() {
        assert!(accepted("Apache-2.0 WITH LLVM-exception"));
        assert!(!accepted("MIT WITH LLVM-exception"));
    }

    #[test]
    fn what_cannot_be_read_is_not_accepted() {
        for unreadable in ["", "MIT OR", "(MIT", "MIT MIT", "MIT WITH", ")"] {
            assert!(!accepted(unreadable), "{unreadable}");
        }
    }

    #[test]
    fn a_ban_is_answered_with_its_reason_and_a_silent_crate_is_refused() {
        let deny: Deny = toml::from_str(
            r#"
            licenses = { allow = ["MIT"], exceptions = [{ crate = "passkeys", allow = ["MPL-2.0"] }] }
            bans = { deny = [{ crate = "ring", reason = "one crypto module" }] }
            "#,
        )
        .unwrap();
        let judged = |name: &str, licence: &str| {
            let (name, version, licence) = (name.to_owned(), "1.0.0".to_owned(), licence.to_owned());
            refuse(&deny, &Theirs { name, version, licence })
        };
        assert_eq!(judged("ring", "MIT").as_deref(), Some("ring 1.0.0 is banned: one crypto module"));
        assert_eq!(judged("quiet", "").as_deref(), Some("quiet 1.0.0 is under \"\""));
        assert_eq!(judged("other", "MPL-2.0").as_deref(), Some("other 1.0.0 is under \"MPL-2.0\""));
        assert_eq!(judged("passkeys", "MPL-2.0"), None);
    }

    #[test]
    fn the_tree_is_read_once_per_crate_and_without_ours() {
        let tree = "xtask v0.1.0 (/somewhere/xtask)|Apache-2.0\nclap v4.6.9|MIT\nserde_derive v1.0.2 (proc-macro)|MIT\n\
                    clap v4.6.9|MIT (*)\nquiet v0.1.0|\n";
        let read: Vec<String> = read(tree).into_iter().map(|one| format!("{one:?}")).collect();
        assert_eq!(
            read,
            [
                "Theirs { name: \"clap\", version: \"4.6.9\", licence: \"MIT\" }",
                "Theirs { name: \"quiet\", version: \"0.1.0\", licence: \"\" }",
                "Theirs { name: \"serde_derive\", version: \"1.0.2\", licence: \"MIT\" }",
            ]
        );
    }
}
