//! How two sets differ, line by line, as a page or a terminal shows it.

use std::fmt;

use policy::rules::{Changed, Texts};

/// Lines that are compared one by one; of what is longer only the ends that differ are told apart.
const MOST_LINES: usize = 2_000;
/// Lines that are kept the same around a change.
const AROUND: usize = 2;

/// A line of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// It stays.
    Same(&'a str),
    /// It goes.
    Gone(&'a str),
    /// It comes.
    New(&'a str),
    /// So many that stay are left out here.
    Skipped(usize),
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is added.
    Added,
    /// It is removed.
    Removed,
    /// Its words change.
    Changed,
}

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange<'a> {
    /// Its name.
    pub file: &'a str,
    /// What becomes of it.
    pub what: Shown,
    /// Its lines.
    pub lines: Vec<Line<'a>>,
}

impl fmt::Display for FileChange<'_> {
    /// The file, and below it every line with what becomes of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            Shown::Added => "added",
            Shown::Removed => "removed",
            Shown::Changed => "changed",
        };
        write!(f, "{} {what}", self.file)?;
        for line in &self.lines {
            match line {
                Line::Same(text) => write!(f, "\n    {text}")?,
                Line::Gone(text) => write!(f, "\n  - {text}")?,
                Line::New(text) => write!(f, "\n  + {text}")?,
                Line::Skipped(count) => write!(f, "\n    ({count} lines stay)")?,
            }
        }
        Ok(())
    }
}

/// Every file in which two sets differ.
#[must_use]
pub fn compare<'a>(now: &'a Texts, next: &'a Texts) -> Vec<FileChange<'a>> {
    let change = |Changed { file, was, will_be }: Changed<'a>| FileChange {
        file,
        what: match (was, will_be) {
            (None, _) => Shown::Added,
            (_, None) => Shown::Removed,
            _ => Shown::Changed,
        },
        lines: lines(was.unwrap_or_default(), will_be.unwrap_or_default()),
    };
    now.difference(next).into_iter().map(change).collect()
}

/// The lines of two texts: the beginning and the end that they share, and between them the longest run of common lines.
fn lines<'a>(was: &'a str, will_be: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (was.lines().collect(), will_be.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let mut all: Vec<Line<'a>> = old[..head].iter().copied().map(Line::Same).collect();
    all.extend(between(&old[head..old.len() - tail], &new[head..new.len() - tail]));
    all.extend(old[old.len() - tail..].iter().copied().map(Line::Same));
    folded(all)
}

/// What differs, by the longest common subsequence.
fn between<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    if old.len() > MOST_LINES || new.len() > MOST_LINES {
        return old.iter().copied().map(Line::Gone).chain(new.iter().copied().map(Line::New)).collect();
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for at in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            longest[at * width + to] = if old[at] == new[to] {
                longest[(at + 1) * width + to + 1] + 1
            } else {
                longest[(at + 1) * width + to].max(longest[at * width + to + 1])
            };
        }
    }
    let (mut at, mut to, mut all) = (0, 0, Vec::new());
    while at < old.len() || to < new.len() {
        if at < old.len() && to < new.len() && old[at] == new[to] {
            all.push(Line::Same(old[at]));
            (at, to) = (at + 1, to + 1);
        } else if to == new.len()
            || (at < old.len() && longest[(at + 1) * width + to] >= longest[at * width + to + 1])
        {
            all.push(Line::Gone(old[at]));
            at += 1;
        } else {
            all.push(Line::New(new[to]));
            to += 1;
        }
    }
    all
}

/// Leaves out what stays, but for a little around each change.
fn folded(all: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let is_near = |at: usize| {
        let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(all.len()));
        all[from..to].iter().any(|line| !matches!(line, Line::Same(_)))
    };
    let mut kept = Vec::new();
    for (at, line) in all.iter().enumerate() {
        match (is_near(at), kept.last_mut()) {
            (true, _) => kept.push(*line),
            (false, Some(Line::Skipped(count))) => *count += 1,
            (false, _) => kept.push(Line::Skipped(1)),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use Line::{Gone, New, Same, Skipped};

    #[test]
    fn lines_that_stay_stand_around_those_that_change() {
        let was = "a\nb\nc\nd\ne\nf\ng\nh\n";
        assert_eq!(
            lines(was, "a\nb\nc\nd\nE\nf\ng\nh\n"),
            [Skipped(2), Same("c"), Same("d"), Gone("e"), New("E"), Same("f"), Same("g"), Skipped(1)]
        );
        assert_eq!(lines("", "x\ny\n"), [New("x"), New("y")]);
        assert_eq!(lines("x\ny\n", ""), [Gone("x"), Gone("y")]);
        assert_eq!(lines("a\nb\nc\n", "b\nc\nd\n"), [Gone("a"), Same("b"), Same("c"), New("d")]);
    }

    #[test]
    fn every_line_of_both_texts_is_told_once() {
        let (was, next) = ("1\n2\n3\n2\n1\n4\n", "2\n1\n2\n4\n4\n5\n");
        let told = lines(was, next);
        let side = |gone: bool| -> Vec<&str> {
            let side = told.iter().filter_map(|line| match line {
                Same(text) => Some(*text),
                Gone(text) => gone.then_some(*text),
                New(text) => (!gone).then_some(*text),
                Skipped(_) => None,
            });
            side.collect()
        };
        assert_eq!(side(true), was.lines().collect::<Vec<_>>());
        assert_eq!(side(false), next.lines().collect::<Vec<_>>());
    }
}
