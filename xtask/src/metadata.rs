//! What cargo knows about the crates of the workspace.

use std::collections::HashSet;
use std::path::PathBuf;

use serde::Deserialize;

use crate::{Result, shell};

/// The part of `cargo metadata` that the checks read.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    packages: Vec<Package>,
    workspace_members: HashSet<String>,
}

/// One package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name in its own manifest, whatever a dependent renames it to.
    pub name: String,
    /// Its manifest's path.
    pub manifest_path: PathBuf,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
    id: String,
}

/// One line of a manifest's dependency tables.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package asked for.
    pub name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub kind: Option<String>,
}

impl Metadata {
    /// Asks cargo. A lock file that is behind its manifests is an error: what was reviewed is what is built.
    pub fn load() -> Result<Self> {
        let json = shell::output(shell::at_root("cargo").args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--no-deps",
        ]))?;
        Ok(serde_json::from_slice(&json)?)
    }

    /// Our crates.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}
