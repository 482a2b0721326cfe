//! Every command explains itself.

use clap::CommandFactory as _;

use super::*;

/// Every command with no commands below it, by its path.
fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
    if command.get_subcommands().next().is_none() {
        found.push((path.to_owned(), command.clone()));
    }
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        leaves(below, &format!("{path} {}", below.get_name()), found);
    }
}

/// The words of a line as a shell hands them over: what stands between single quotes is one, a redirection is none.
fn words(line: &str) -> Vec<&str> {
    let line = line.split_once(" > ").map_or(line, |(command, _)| command);
    let pieces = line.split('\'').enumerate();
    pieces
        .flat_map(|(n, piece)| if n % 2 == 1 { vec![piece] } else { piece.split_whitespace().collect() })
        .collect()
}

#[test]
fn every_command_has_an_example_that_parses() {
    let cli = Cli::command();
    cli.clone().debug_assert();
    let mut all = Vec::new();
    leaves(&cli, "clearinghouse", &mut all);
    assert!(all.len() > 10);
    for (path, command) in all {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let example = help.strip_prefix("Example:\n").unwrap_or_else(|| panic!("{path} has no example"));
        for line in example.lines().map(str::trim).filter(|line| line.starts_with("clearinghouse ")) {
            assert!(line.starts_with(&path), "{path}: {line}");
            let parsed = Cli::try_parse_from(words(line));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn every_command_and_every_option_says_what_it_is() {
    let mut all = Vec::new();
    leaves(&Cli::command(), "clearinghouse", &mut all);
    for (path, command) in all {
        assert!(command.get_about().is_some(), "{path} says nothing");
        for option in command.get_arguments() {
            assert!(option.get_help().is_some(), "{path} {} says nothing", option.get_id());
        }
    }
}
