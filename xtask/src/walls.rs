//! Holds the crates against `walls.toml`: arrows go down, few may touch a driver, no file outgrows a reader.

mod arrows;
mod plan;
mod sizes;

use crate::metadata::Metadata;
use crate::{Result, shell};

/// One of our crates as the walls see it.
#[derive(Debug)]
struct Crate {
    name: String,
    dependencies: Vec<Edge>,
}

/// One dependency of a crate of ours, on ours or on a stranger's.
#[derive(Debug)]
struct Edge {
    to: String,
    in_tests_only: bool,
}

/// Prints what is advised, and fails with every break of the walls.
pub fn run() -> Result<()> {
    let root = shell::root();
    let plan: plan::Plan = toml::from_str(&std::fs::read_to_string(root.join("walls.toml"))?)?;
    let metadata = Metadata::load()?;
    let mut crates = Vec::new();
    let mut files = Vec::new();
    for package in metadata.ours() {
        let edges = package.dependencies.iter().map(|dependency| Edge {
            to: dependency.name.clone(),
            in_tests_only: dependency.kind.as_deref() == Some("dev"),
        });
        crates.push(Crate { name: package.name.clone(), dependencies: edges.collect() });
        files.extend(sizes::measure(&root, package)?);
    }
    let (mut breaks, advice) = sizes::judge(&plan.sizes, &files);
    breaks.extend(arrows::judge(&plan, &crates));
    for line in advice {
        eprintln!("walls: advised: {line}");
    }
    if breaks.is_empty() {
        eprintln!("walls: {} crates and {} files stand", crates.len(), files.len());
        return Ok(());
    }
    Err(format!("the walls are broken:\n  {}", breaks.join("\n  ")).into())
}
