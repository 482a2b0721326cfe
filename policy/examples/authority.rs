//! Prints the authority table of the shipped policies, without building the whole program.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let table = policy::access::authority_table(policy::RuleSet::embedded().access());
    std::io::stdout().write_all(table.as_bytes())
}
