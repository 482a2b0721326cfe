//! The lines `// PROVES:` above tests. Each belongs to the next function of its file.

use std::path::Path;

use crate::{Result, shell};

/// A test and the rules that it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// From the root on.
    pub(super) file: String,
    pub(super) test: String,
    pub(super) rules: Vec<String>,
}

const SIGN: &str = "// PROVES: ";
/// So far below its mark a test may begin: attributes and a comment fit in between.
const MOST_BETWEEN: usize = 8;

/// Every mark of every file that is not built, in the order of files.
pub(super) fn all(root: &Path) -> Result<Vec<Mark>> {
    let search = ["grep", "--untracked", "-lF", SIGN, "--", "*.rs"];
    let files = String::from_utf8(shell::output(shell::at_root("git").args(search))?)?;
    let mut marks = Vec::new();
    for file in files.lines() {
        marks.extend(of(file, &std::fs::read_to_string(root.join(file))?)?);
    }
    Ok(marks)
}

fn of(file: &str, text: &str) -> Result<Vec<Mark>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut marks = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let Some(said) = line.strip_prefix(SIGN) else { continue };
        let below = lines[row + 1..].iter().take(MOST_BETWEEN).take_while(|line| !line.starts_with(SIGN));
        let Some(test) = below.filter_map(|line| name(line)).next() else {
            return Err(format!("{file}:{}: no test stands under this mark", row + 1).into());
        };
        let rules = said.split_whitespace().map(str::to_owned).collect();
        marks.push(Mark { file: file.to_owned(), test: test.to_owned(), rules });
    }
    Ok(marks)
}

/// The name of the function that a line begins.
fn name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    rest.split_once(['(', '<']).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_belongs_to_the_next_function() {
        let text = format!(
            "    {SIGN}R-01 R-19a\n    #[test]\n    fn one() {{}}\n{SIGN}R-02\n#[tokio::test]\nasync fn two(x: u8) {{}}\n"
        );
        let marks = of("a.rs", &text).unwrap();
        let found: Vec<(&str, Vec<&str>)> =
            marks.iter().map(|m| (m.test.as_str(), m.rules.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, [("one", vec!["R-01", "R-19a"]), ("two", vec!["R-02"])]);
    }

    #[test]
    fn a_mark_above_nothing_is_a_fault() {
        assert!(of("a.rs", &format!("{SIGN}R-01\n{SIGN}R-02\nfn two() {{}}\n")).is_err());
    }
}
