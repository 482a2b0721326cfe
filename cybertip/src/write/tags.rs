//! Tags, attributes and text, one after the other into one string.

use domain::{GivenTime, Private};

use super::super::escape;

/// A document under construction.
pub(super) struct Tags {
    xml: String,
}

/// A start tag that still takes attributes.
pub(super) struct Open<'t> {
    tags: &'t mut Tags,
    name: &'static str,
}

/// The text of an answer; empty when it was not given.
pub(super) const fn word(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "true",
        Some(false) => "false",
        None => "",
    }
}

impl Tags {
    pub(super) fn new() -> Self {
        Self { xml: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
    }

    pub(super) fn finish(self) -> String {
        self.xml
    }

    /// Begins a start tag.
    pub(super) fn open(&mut self, name: &'static str) -> Open<'_> {
        self.xml.push('<');
        self.xml.push_str(name);
        Open { tags: self, name }
    }

    /// An element without attributes around what `inside` writes.
    pub(super) fn inside(&mut self, name: &'static str, inside: impl FnOnce(&mut Self)) {
        self.open(name).then(inside);
    }

    pub(super) fn leaf(&mut self, name: &'static str, text: &str) {
        self.open(name).text(text);
    }

    pub(super) fn plain(&mut self, name: &'static str, text: Option<&String>) {
        text.into_iter().for_each(|text| self.leaf(name, text));
    }

    pub(super) fn said(&mut self, name: &'static str, text: Option<&Private<String>>) {
        text.into_iter().for_each(|text| self.leaf(name, text.reveal()));
    }

    pub(super) fn texts(&mut self, name: &'static str, texts: &[Private<String>]) {
        texts.iter().for_each(|text| self.leaf(name, text.reveal()));
    }

    pub(super) fn answer(&mut self, name: &'static str, answer: Option<bool>) {
        if answer.is_some() {
            self.leaf(name, word(answer));
        }
    }

    pub(super) fn number(&mut self, name: &'static str, number: Option<i64>) {
        number.into_iter().for_each(|number| self.leaf(name, &number.to_string()));
    }

    pub(super) fn moment(&mut self, name: &'static str, moment: Option<&GivenTime>) {
        moment.into_iter().for_each(|moment| self.leaf(name, &moment.text));
    }

    /// Marks by their tags. A name that is no tag is left out: the lenient profile may have let it in.
    pub(super) fn marks(&mut self, name: &'static str, marks: &[String]) {
        if marks.is_empty() {
            return;
        }
        self.inside(name, |tags| {
            for mark in marks.iter().filter(|mark| is_tag(mark)) {
                tags.xml.push('<');
                tags.xml.push_str(mark);
                tags.xml.push_str("/>");
            }
        });
    }
}

fn is_tag(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.bytes().all(|b| b.is_ascii_alphanumeric())
}

impl Open<'_> {
    pub(super) fn attribute(self, name: &str, value: Option<&String>) -> Self {
        if let Some(value) = value {
            let xml = &mut self.tags.xml;
            xml.push(' ');
            xml.push_str(name);
            xml.push_str("=\"");
            escape::attribute_value(xml, value);
            xml.push('"');
        }
        self
    }

    pub(super) fn answer(self, name: &str, answer: Option<bool>) -> Self {
        self.attribute(name, answer.map(|_| word(answer).to_owned()).as_ref())
    }

    pub(super) fn moment(self, name: &str, moment: Option<&GivenTime>) -> Self {
        self.attribute(name, moment.map(|moment| &moment.text))
    }

    pub(super) fn empty(self) {
        self.tags.xml.push_str("/>");
    }

    pub(super) fn text(self, text: &str) {
        self.tags.xml.push('>');
        escape::text(&mut self.tags.xml, text);
        escape::close(&mut self.tags.xml, self.name);
    }

    pub(super) fn then(self, inside: impl FnOnce(&mut Tags)) {
        self.tags.xml.push('>');
        inside(self.tags);
        escape::close(&mut self.tags.xml, self.name);
    }
}
