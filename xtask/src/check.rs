//! `cargo xtask check`: everything that must hold before a change lands. Every part runs, then the failed are named.

use crate::{Result, assets, invariants, licences, links, rules, shell, standalone, test, walls};

/// Which parts to run.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The parts to run; all of them when none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// All parts but the tests.
    #[arg(long, conflicts_with = "parts")]
    no_tests: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The formatter has nothing to change.
    Fmt,
    /// Floors, guarded dependencies, sizes.
    Walls,
    /// Licences and banned crates.
    Deny,
    /// Vendored web assets are what their checksums say.
    Assets,
    /// Links between Markdown pages lead somewhere, and the tests that invariants name exist.
    Links,
    /// Every rule has its tests, a duty or a reason, and the book's table of them is not stale.
    Rules,
    /// The linter has nothing to say.
    Clippy,
    /// Links in the code's documentation lead somewhere.
    Docs,
    /// The independent checker, built as the book says, is one file that needs nothing else.
    Static,
    /// Every test, with the servers that they need.
    Tests,
}

/// Cheapest first.
const ALL: [Part; 10] = [
    Part::Fmt,
    Part::Walls,
    Part::Deny,
    Part::Assets,
    Part::Links,
    Part::Rules,
    Part::Clippy,
    Part::Docs,
    Part::Static,
    Part::Tests,
];

/// Runs the parts.
pub fn run(args: &Args) -> Result<()> {
    let parts = chosen(args);
    let mut failed = Vec::new();
    for part in &parts {
        eprintln!("== {part:?}");
        if let Err(reason) = run_part(*part) {
            eprintln!("{reason}");
            failed.push(format!("{part:?}"));
        }
    }
    eprintln!("check: {} passed, {} failed", parts.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

fn chosen(args: &Args) -> Vec<Part> {
    let all = ALL.into_iter().filter(|part| !(args.no_tests && *part == Part::Tests));
    if args.parts.is_empty() { all.collect() } else { args.parts.clone() }
}

fn run_part(part: Part) -> Result<()> {
    let cargo = |arguments: &[&str]| shell::run(shell::at_root("cargo").args(arguments));
    match part {
        Part::Fmt => cargo(&["fmt", "--all", "--check"]),
        Part::Walls => walls::run(),
        Part::Deny => deny(),
        Part::Assets => assets::run(),
        Part::Links => links::run().and_then(|()| invariants::run()),
        Part::Rules => rules::run(&rules::Args::checking()),
        Part::Clippy => cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Part::Docs => {
            let refused = "-D rustdoc::broken_intra_doc_links -D rustdoc::private_intra_doc_links";
            let document = ["doc", "--workspace", "--no-deps", "--document-private-items"];
            shell::run(shell::at_root("cargo").env("RUSTDOCFLAGS", refused).args(document))
        }
        Part::Static => standalone::run(),
        Part::Tests => test::run(&test::Args::default()),
    }
}

/// Our own check always; cargo-deny, which also reads licence files and sources, where it is installed.
fn deny() -> Result<()> {
    licences::run()?;
    if !shell::has("cargo-deny") {
        eprintln!("deny: cargo-deny is not installed: run `cargo install cargo-deny --locked`");
        return Ok(());
    }
    // Its advisories need a download from outside the package registry, so they are left to whoever has one.
    shell::run(shell::at_root("cargo").args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_name_every_part_runs() {
        use clap::ValueEnum;
        assert_eq!(chosen(&Args { parts: Vec::new(), no_tests: false }).len(), Part::value_variants().len());
    }

    #[test]
    fn tests_can_be_left_for_later() {
        let parts = chosen(&Args { parts: Vec::new(), no_tests: true });
        assert!(!parts.contains(&Part::Tests));
        assert_eq!(parts.len(), ALL.len() - 1);
    }
}
