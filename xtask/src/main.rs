//! What developers and CI run: `cargo xtask COMMAND`. One file per command; nothing of the product depends on it.

mod assets;
mod bench;
mod bench_house;
mod check;
mod invariants;
mod licences;
mod links;
mod metadata;
mod rules;
mod services;
mod shell;
mod standalone;
mod strangers;
mod test;
mod walls;

use clap::Parser;

/// What every command answers: nothing, or a reason for people.
type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// Developer tasks of Clearinghouse.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Everything that must hold before a change lands.
    ///
    /// Example: `cargo xtask check`, or only a part: `cargo xtask check walls docs`.
    Check(check::Args),
    /// Holds the crates against walls.toml.
    Walls,
    /// Installs what the tests need, starts a database and an object store, and runs every test.
    ///
    /// Example: `cargo xtask test`, or a selection: `cargo xtask test -- -p store`.
    Test(test::Args),
    /// Runs one benchmark, or lists them.
    ///
    /// Example: `cargo xtask bench act --json`.
    Bench(bench::Args),
    /// Makes the book's table of rules from the tests that prove them.
    ///
    /// Example: `cargo xtask rules`, or `cargo xtask rules --check`.
    Rules(rules::Args),
    /// Compares the vendored web assets with their checksums.
    Assets,
}

fn main() -> std::process::ExitCode {
    let done = match Task::parse() {
        Task::Check(args) => check::run(&args),
        Task::Walls => walls::run(),
        Task::Test(args) => test::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Rules(args) => rules::run(&args),
        Task::Assets => assets::run(),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            std::process::ExitCode::FAILURE
        }
    }
}
