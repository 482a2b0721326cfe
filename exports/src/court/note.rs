//! The note beside the two copies: what was withheld and why, in counts and without a value.

use std::fmt::Write as _;

use domain::ReportId;

use super::fields;
use super::redaction::Counts;
use super::{REDACTED, SEALED};

/// What stands in it.
pub(super) struct Told<'a> {
    pub(super) report: ReportId,
    /// How often something was withheld in a field, and taken out of other words.
    pub(super) counts: (&'a Counts, &'a Counts),
    /// How many values were searched for, and how many name nobody.
    pub(super) values: (usize, usize),
    /// How many names the agency gave.
    pub(super) given: usize,
}

const RULES: &str = "\
File the sealed copy under seal. A paper that discloses the name of a child or any
other information concerning a child is filed under seal without a motion, and the
person who files it submits a redacted copy for the public record as well (18 USC
3509(d)(2)). Keep both where only people with a reason to know reach them (3509(d)(1)).

Read the redacted copy before you file it. The program took out what stands in fields
that name a child or may, and searched every other word for the same values: without
regard to case, accents, spacing and punctuation, also inside longer words. It cannot
know a name that nobody wrote into a field or gave to it, another form or a misspelling
of a name, or what a story tells about a child. Whether more is to be withheld, such as
who the accused is in a family, is for counsel to say.

Where the pages speak of report-full.json, files.csv or ips.csv, those are in the
package of the report and not here: they hold what was withheld.
";

/// The note as text.
pub(super) fn written(told: &Told<'_>) -> String {
    let (withheld, searched) = told.counts;
    let mut out = format!("Report {}: two copies for a court (18 USC 3509(d))\n\n", told.report);
    // INVARIANT: writing to a string does not fail.
    let mut line = |text: String| writeln!(out, "{text}").expect("a string takes every line");
    line(format!("  {SEALED}    the same pages whole, to be filed under seal"));
    line(format!("  {REDACTED}  the same report for the public record"));
    line(format!("\n{RULES}"));
    line(
        "Withheld where it stood, by field (d: 18 USC 3509(d)(1)-(2); 49: Fed. R. Crim. P. 49.1(a))\n"
            .to_owned(),
    );
    for (path, count) in withheld {
        let field = fields::find(path);
        line(format!("  {count:>5}  {path}: {} [{}]. {}", field.word, field.source, field.why));
    }
    line(total(withheld));
    line("\nTaken out of other words, by field\n".to_owned());
    for (path, count) in searched {
        line(format!("  {count:>5}  {path}"));
    }
    line(total(searched));
    let (count, nameless) = told.values;
    line(format!(
        "\nSearched for: {count} values, {} of the names given by the agency among them.",
        told.given
    ));
    if nameless > 0 {
        line(format!(
            "Not searched for: {nameless} values without a letter, a digit or a sign, which name nobody."
        ));
    }
    out
}

fn total(counts: &Counts) -> String {
    format!("  {:>5}  in all", counts.values().map(|count| u64::from(*count)).sum::<u64>())
}
