//! Labels, values and texts, as the readers of pages want them.

use domain::{GivenTime, Private};
use print::{Document, Fit, Level};

use super::Fault;
use crate::package::words::{self, said};

/// Runs that readers take for labels wherever they stand. A stranger's value that is one of them gets quotation marks.
const LABELS: [&str; 3] = ["IP Address:", "MD5:", "Filename:"];
/// The most lines of one free text.
const MOST_LINES: usize = 200;
/// The most letters of one line, or of one value.
const MOST_LETTERS: usize = 4_000;
const GOES_ON: &str = "[cut here; the whole text is in report-full.json]";

/// A document that fills from the top.
pub(super) struct Fields(Document);

impl Fields {
    pub(super) const fn new(document: Document) -> Self {
        Self(document)
    }

    pub(super) fn heading(&mut self, level: Level, text: &str) -> Result<(), Fault> {
        self.0.heading(level, text)
    }

    pub(super) fn paragraph(&mut self, text: &str) -> Result<(), Fault> {
        self.0.paragraph(text)
    }

    /// A value beside its label, over as many lines as it takes.
    pub(super) fn put(&mut self, label: &str, value: &str) -> Result<(), Fault> {
        self.0.field(label, &bounded(value), Fit::Wrap)
    }

    /// The same for a value that may be absent: then nothing is printed.
    pub(super) fn maybe(&mut self, label: &str, value: Option<&str>) -> Result<(), Fault> {
        value.map_or(Ok(()), |value| self.put(label, value))
    }

    /// The same for private words.
    pub(super) fn said(&mut self, label: &str, words: Option<&Private<String>>) -> Result<(), Fault> {
        self.maybe(label, said(words))
    }

    /// One field for each of many words.
    pub(super) fn each(&mut self, label: &str, words: &[Private<String>]) -> Result<(), Fault> {
        words.iter().try_for_each(|one| self.put(label, one.reveal()))
    }

    /// A name, which a break would change: smaller or cut in its middle where it is long.
    pub(super) fn name(&mut self, label: &str, value: &str) -> Result<(), Fault> {
        self.0.field(label, &unlike_a_label(value), Fit::OneLine)
    }

    /// A digest.
    pub(super) fn code(&mut self, label: &str, value: &str) -> Result<(), Fault> {
        self.0.field(label, value, Fit::Code)
    }

    /// A stranger's free text under its label, line by line.
    pub(super) fn text(&mut self, label: &str, text: Option<&Private<String>>) -> Result<(), Fault> {
        let Some(text) = said(text).filter(|text| !text.trim().is_empty()) else { return Ok(()) };
        self.0.field(label, "as the sender wrote it, below", Fit::Wrap)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        for line in lines.clone().take(MOST_LINES) {
            self.0.paragraph(&bounded(line))?;
        }
        if lines.count() > MOST_LINES {
            self.0.paragraph(GOES_ON)?;
        }
        Ok(())
    }

    /// Every run of words that was put.
    pub(super) fn words(&self) -> Vec<String> {
        self.0.words().to_vec()
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, Fault> {
        self.0.finish()
    }
}

/// The moment, and the sender's own text where its zone is not known.
pub(super) fn moment(at: &GivenTime) -> String {
    words::given_utc(at).unwrap_or_else(|| format!("Unknown zone; the sender wrote {}", at.text))
}

fn bounded(value: &str) -> String {
    let value = unlike_a_label(value);
    match value.char_indices().nth(MOST_LETTERS) {
        Some((at, _)) => format!("{} {GOES_ON}", &value[..at]),
        None => value,
    }
}

fn unlike_a_label(value: &str) -> String {
    if value.trim().is_empty() {
        // A label without a run beside it stops one reader.
        return "(nothing)".to_owned();
    }
    let is_label = LABELS.iter().any(|label| value.trim().eq_ignore_ascii_case(label));
    if is_label { format!("\u{201c}{}\u{201d}", value.trim()) } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_value_is_never_a_label_and_never_endless() {
        assert_eq!(bounded(" md5: "), "\u{201c}md5:\u{201d}");
        assert_eq!((bounded("MD5: 00"), bounded(" \n")), ("MD5: 00".to_owned(), "(nothing)".to_owned()));
        let long = bounded(&"\u{e9}".repeat(MOST_LETTERS + 1));
        assert!(long.ends_with(GOES_ON) && long.chars().count() == MOST_LETTERS + 1 + GOES_ON.len());
    }
}
