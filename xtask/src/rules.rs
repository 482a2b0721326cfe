//! `cargo xtask rules`: the book's table of rules, made of `docs/rules-duties.toml` and of the lines `// PROVES: R-17`
//! above tests. A rule that nothing proves and nobody has to see to is refused, and so is a page that is stale.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::{Result, shell};

mod marks;

use marks::Mark;

const PAGE: &str = "docs/rules.md";
const DATA: &str = "docs/rules-duties.toml";

/// What to do with the page.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only say whether the page in the book is the one that would be made.
    #[arg(long)]
    check: bool,
}

impl Args {
    /// As `cargo xtask check` asks.
    pub const fn checking() -> Self {
        Self { check: true }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    rule: Vec<Rule>,
}

/// One rule in our words, with what the code cannot do about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    means: String,
    source: String,
    duty: Option<String>,
    r#where: Option<String>,
    later: Option<String>,
}

/// Writes the page, or compares it.
pub fn run(args: &Args) -> Result<()> {
    let page = made()?;
    let path = shell::root().join(PAGE);
    if !args.check {
        std::fs::write(path, page)?;
        return Ok(());
    }
    if std::fs::read_to_string(path)? == page {
        return Ok(());
    }
    Err(format!("{PAGE} is stale: run `cargo xtask rules` and read what changed").into())
}

fn made() -> Result<String> {
    let data: Data = toml::from_str(&std::fs::read_to_string(shell::root().join(DATA))?)?;
    let marks = marks::all(&shell::root())?;
    let mut faults = judge(&data.rule, &marks);
    faults.extend(untold(&data.rule, |page| {
        std::fs::read_to_string(shell::root().join("docs").join(page)).ok()
    }));
    if !faults.is_empty() {
        return Err(format!("rules:\n  {}", faults.join("\n  ")).into());
    }
    Ok(page(&data.rule, &marks))
}

fn judge(rules: &[Rule], marks: &[Mark]) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in rules.windows(2).filter(|pair| number(&pair[0].id) >= number(&pair[1].id)) {
        faults.push(format!("{DATA}: {} stands before {}", pair[0].id, pair[1].id));
    }
    for mark in marks {
        let unknown = mark.rules.iter().filter(|id| !rules.iter().any(|rule| rule.id == **id));
        faults
            .extend(unknown.map(|id| format!("{}: {} proves {id}, which is no rule", mark.file, mark.test)));
    }
    for rule in rules {
        let proved = marks.iter().any(|mark| mark.rules.contains(&rule.id));
        if !proved && rule.duty.is_none() && rule.later.is_none() {
            faults.push(format!("{}: no test proves it, and it is nobody's duty", rule.id));
        }
        if rule.duty.is_some() != rule.r#where.is_some() {
            faults.push(format!("{}: a duty says where the book tells of it", rule.id));
        }
    }
    faults
}

/// Duties whose page does not tell the operator of them, by the rule's number.
fn untold(rules: &[Rule], read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let told = |rule: &&Rule| {
        let Some(page) = &rule.r#where else { return true };
        read(page).is_some_and(|text| text.contains(&format!("({})", rule.id)))
    };
    let silent = rules.iter().filter(|rule| !told(rule));
    silent.map(|rule| format!("{}: its page does not say ({}) beside the duty", rule.id, rule.id)).collect()
}

/// `R-19a` comes after `R-19` and before `R-20`.
fn number(id: &str) -> (u32, &str) {
    let digits = id.trim_start_matches("R-");
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    (digits[..end].parse().unwrap_or(0), &digits[end..])
}

const HEAD: &str = "# The rules, and what holds them\n\n\
    Made by `cargo xtask rules` from [`rules-duties.toml`](rules-duties.toml) and from the lines `// PROVES:` above\n\
    tests; do not edit it by hand. Nobody who wrote this is a lawyer. A rule is in our words; its source has the\n\
    words that count. *Operator*: what no program can do for you. *Later*: what is not built, and why.\n\n";

fn page(rules: &[Rule], marks: &[Mark]) -> String {
    let mut page = String::from(HEAD);
    let proved = rules.iter().filter(|rule| marks.iter().any(|mark| mark.rules.contains(&rule.id))).count();
    let later = rules.iter().filter(|rule| rule.later.is_some()).count();
    let count = rules.len();
    // INVARIANT: writing to a string does not fail, here and below.
    writeln!(
        page,
        "Of {count} rules, {proved} have tests that prove them; {later} are wholly or partly left for later.\n"
    )
    .expect("a string takes it");
    page.push_str("| rule | what it asks | where it stands | what holds it |\n| --- | --- | --- | --- |\n");
    for rule in rules {
        let Rule { id, means, source, .. } = rule;
        writeln!(page, "| {id} | {means} | {source} | {} |", held_by(rule, marks))
            .expect("a string takes it");
    }
    page
}

fn held_by(rule: &Rule, marks: &[Mark]) -> String {
    // One test may stand in two places of one name, such as both engines.
    let tests: BTreeMap<&str, &str> = marks
        .iter()
        .filter(|mark| mark.rules.contains(&rule.id))
        .map(|mark| (mark.test.as_str(), mark.file.as_str()))
        .collect();
    let mut parts: Vec<String> = tests.iter().map(|(test, file)| format!("[`{test}`](../{file})")).collect();
    if let (Some(duty), Some(page)) = (&rule.duty, &rule.r#where) {
        parts.push(format!("*Operator*: {duty} [{page}]({page})"));
    }
    parts.extend(rule.later.iter().map(|later| format!("*Later*: {later}")));
    parts.join("<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str) -> Rule {
        let (means, source) = ("m".to_owned(), "s".to_owned());
        Rule { id: id.to_owned(), means, source, duty: None, r#where: None, later: None }
    }

    fn mark(rules: &[&str]) -> Mark {
        let rules = rules.iter().map(|id| (*id).to_owned()).collect();
        Mark { file: "a.rs".to_owned(), test: "it_holds".to_owned(), rules }
    }

    #[test]
    fn the_page_in_the_book_is_the_one_that_is_made() {
        run(&Args::checking()).unwrap();
    }

    #[test]
    fn a_rule_without_a_test_a_duty_or_a_reason_is_refused() {
        let rules = [rule("R-01"), rule("R-02")];
        assert_eq!(judge(&rules, &[mark(&["R-01"])]), ["R-02: no test proves it, and it is nobody's duty"]);
        let later = Rule { later: Some("not built".to_owned()), ..rule("R-02") };
        assert!(judge(&[rule("R-01"), later], &[mark(&["R-01"])]).is_empty());
    }

    #[test]
    fn a_mark_for_a_rule_that_there_is_not_is_refused() {
        let faults = judge(&[rule("R-01")], &[mark(&["R-01", "R-99"])]);
        assert_eq!(faults, ["a.rs: it_holds proves R-99, which is no rule"]);
    }

    #[test]
    fn a_duty_that_its_page_does_not_tell_is_refused() {
        let duty =
            Rule { duty: Some("look".to_owned()), r#where: Some("operators.md".to_owned()), ..rule("R-01") };
        assert!(
            untold(std::slice::from_ref(&duty), |_| Some("Look every day (R-01).".to_owned())).is_empty()
        );
        assert_eq!(untold(&[duty], |_| Some("Look, R-01 or R-011.".to_owned())).len(), 1);
    }

    #[test]
    fn a_duty_without_its_page_and_a_list_out_of_order_are_refused() {
        let duty = Rule { duty: Some("look".to_owned()), ..rule("R-01") };
        assert_eq!(judge(&[duty], &[]), ["R-01: a duty says where the book tells of it"]);
        let rules = [rule("R-20"), rule("R-19a"), rule("R-19")];
        assert_eq!(judge(&rules, &[mark(&["R-19", "R-19a", "R-20"])]).len(), 2);
    }
}
