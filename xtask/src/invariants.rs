//! The tests that ARCHITECTURE.md names are there: a promise whose test was renamed or lost is no promise.

use std::collections::HashSet;

use crate::{Result, shell};

const HEADING: &str = "## Invariants";

/// Fails with every named test that no crate has, and every row that names none.
pub fn run() -> Result<()> {
    let page = std::fs::read_to_string(shell::root().join("ARCHITECTURE.md"))?;
    let rows = rows(&page);
    // `git grep` also reads files that are not committed yet, and nothing that is built.
    let search = ["grep", "--untracked", "-hoE", "fn [a-z0-9_]+", "--", "*.rs"];
    let functions = String::from_utf8(shell::output(shell::at_root("git").args(search))?)?;
    let there: HashSet<&str> = functions.lines().filter_map(|line| line.strip_prefix("fn ")).collect();
    let broken: Vec<String> = rows.iter().flat_map(|row| judge(row, &there)).collect();
    if broken.is_empty() {
        eprintln!("links: the tests of {} invariants are there", rows.len());
        return Ok(());
    }
    Err(format!("invariants without their tests:\n  {}", broken.join("\n  ")).into())
}

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row<'page> {
    promise: &'page str,
    held_by: &'page str,
}

fn rows(page: &str) -> Vec<Row<'_>> {
    let section =
        page.lines().skip_while(|line| *line != HEADING).skip(1).take_while(|line| !line.starts_with("## "));
    let cells = section.filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    // The table's head and the line beneath it.
    cells.skip(2).map(|(promise, held_by)| Row { promise, held_by }).collect()
}

fn judge(row: &Row<'_>, there: &HashSet<&str>) -> Vec<String> {
    let names: Vec<&str> = row.held_by.split('`').skip(1).step_by(2).collect();
    if names.is_empty() {
        return vec![format!("{}: no test is named", row.promise)];
    }
    let lost = names.into_iter().filter(|name| !there.contains(name));
    lost.map(|name| format!("{}: no test {name}", row.promise)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n| x | y |\n\n## Invariants\n\nText.\n\n| what | held by |\n| --- | --- |\n\
        | It stays. | `it_stays` `it_stays_long` |\n| It goes. | trust |\n\n## B\n\n| x | y |\n";

    #[test]
    fn only_the_section_of_invariants_is_read() {
        assert_eq!(
            rows(PAGE),
            [
                Row { promise: "It stays.", held_by: "`it_stays` `it_stays_long`" },
                Row { promise: "It goes.", held_by: "trust" },
            ]
        );
    }

    #[test]
    fn a_lost_test_is_named_with_its_promise() {
        let there = HashSet::from(["it_stays"]);
        let rows = rows(PAGE);
        assert_eq!(judge(&rows[0], &there), ["It stays.: no test it_stays_long"]);
        assert_eq!(judge(&rows[1], &there), ["It goes.: no test is named"]);
    }
}
