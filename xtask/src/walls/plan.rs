//! The language of `walls.toml`. Unknown keys are refused: a misspelt rule would hold nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    floor: Vec<Floor>,
    #[serde(default)]
    beside: Vec<Beside>,
    /// Dependencies that only some may have.
    #[serde(default)]
    pub only: Vec<Only>,
    /// Dependencies that some may not have, although the arrow goes down.
    #[serde(default)]
    pub never: Vec<Never>,
    /// Bounds of files and crates.
    #[serde(default)]
    pub sizes: Sizes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    number: u8,
    crates: Vec<String>,
}

/// A crate beside the house.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Its name.
    #[serde(rename = "crate")]
    pub name: String,
    /// Which of our crates it may lean on.
    #[serde(default)]
    pub uses: Vec<String>,
    /// Which crates may lean on it.
    #[serde(default)]
    pub used_by: Vec<String>,
    /// Whether any crate may have it as a dev-dependency.
    #[serde(default)]
    pub used_in_tests: bool,
}

/// "Only these may depend on those."
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// The guarded dependencies.
    pub dependencies: Vec<String>,
    /// Who may have them, by name.
    #[serde(default)]
    pub crates: Vec<String>,
    /// Who may have them, by floor: this one and those above.
    pub from_floor: Option<u8>,
    /// Said when the rule is broken.
    pub why: String,
}

/// "These never depend on those."
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Never {
    /// Who may not.
    pub crates: Vec<String>,
    /// On what.
    pub dependencies: Vec<String>,
    /// Said when the rule is broken.
    pub why: String,
}

/// Bounds in lines, and the files that are still over them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Lines of Rust under a crate's `src`.
    pub crate_lines: usize,
    /// Lines of one file.
    pub file_lines: usize,
    /// Lines of one file above which a hint is printed.
    pub file_lines_advised: usize,
    /// Path from the root to the exact number of lines.
    #[serde(default)]
    pub exceptions: BTreeMap<String, usize>,
}

/// Where a crate stands.
#[derive(Debug)]
pub enum Place<'plan> {
    /// On a floor of the house.
    Floor(u8),
    /// Beside it, with rules of its own.
    Beside(&'plan Beside),
    /// `walls.toml` does not name it.
    Nowhere,
}

impl Plan {
    /// Where the crate of that name stands.
    pub fn place(&self, name: &str) -> Place<'_> {
        if let Some(floor) = self.floor.iter().find(|floor| floor.crates.iter().any(|one| one == name)) {
            return Place::Floor(floor.number);
        }
        self.beside.iter().find(|beside| beside.name == name).map_or(Place::Nowhere, Place::Beside)
    }
}
