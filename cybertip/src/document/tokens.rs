//! From text to tree, in one pass over the tokens.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use super::super::escape::is_xml_char;
use super::super::profile::Limits;
use super::attributes::{self, bare_ampersand, is_space};
use super::namespaces::{Namespaces, declared_prefix};
use super::{Attribute, Document, Malformed, NONE, Node};

const JSON_HELP: &str = "This is not XML. The reporting API takes XML documents only.";

/// Parses a document, or says at which byte it is malformed.
pub(crate) fn parse<'a>(source: &'a str, limits: &Limits) -> Result<Document<'a>, Malformed> {
    check_characters(source)?;
    let mut builder = Builder::new(source, limits);
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_comments = true;
    loop {
        let begin = place(reader.buffer_position());
        let event = reader.read_event().map_err(|error| wording(&error, place(reader.error_position())))?;
        let end = place(reader.buffer_position());
        let raw = &source[begin..end];
        match event {
            Event::Start(_) => builder.start(&raw[1..raw.len() - 1], begin, end)?,
            Event::Empty(_) => {
                builder.start(&raw[1..raw.len() - 2], begin, end)?;
                builder.end(end);
            }
            Event::End(_) => builder.end(end),
            Event::Text(_) => builder.text(raw, begin)?,
            Event::CData(_) => builder.cdata(&raw[9..raw.len() - 3], begin)?,
            Event::GeneralRef(_) => builder.reference(&raw[1..raw.len() - 1], begin)?,
            Event::Decl(_) if begin == 0 => {}
            Event::Decl(_) => {
                return Err(Malformed::at(begin, "The XML declaration may stand only at the start."));
            }
            Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
                return Err(Malformed::at(begin, "The XML declaration may stand only at the start."));
            }
            Event::PI(_) | Event::Comment(_) => {}
            Event::DocType(_) => return Err(Malformed::at(begin, "DOCTYPE is disallowed.")),
            Event::Eof => return builder.finish(),
        }
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Refuses characters that XML does not allow, before anything else looks at the text.
fn check_characters(source: &str) -> Result<(), Malformed> {
    let suspicious = |byte: &u8| *byte < b' ' || *byte == 0xEF;
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(suspicious) {
        at += found;
        // INVARIANT: both kinds of byte begin a character.
        let c = source[at..].chars().next().expect("a found byte begins a character");
        if !is_xml_char(c) {
            return Err(Malformed::at(
                at,
                format!("An invalid XML character (Unicode: 0x{:x}) was found.", u32::from(c)),
            ));
        }
        at += c.len_utf8();
    }
    Ok(())
}

/// What the tokeniser could not read, in words that a client's engineer understands.
fn wording(error: &Error, offset: usize) -> Malformed {
    let says = match error {
        Error::IllFormed(
            IllFormedError::MismatchedEndTag { expected, .. } | IllFormedError::MissingEndTag(expected),
        ) => {
            let shown: String = expected.chars().take(80).collect();
            format!("The element type \"{shown}\" must be terminated by the matching end-tag \"</{shown}>\".")
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => {
            "An end tag stands without its start tag.".to_owned()
        }
        Error::IllFormed(IllFormedError::UnclosedReference) => return bare_ampersand(offset),
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
            "The string \"--\" is not permitted within comments.".to_owned()
        }
        Error::Syntax(SyntaxError::UnclosedDoctype) => "DOCTYPE is disallowed.".to_owned(),
        Error::Syntax(_) => "The markup is broken off or not well-formed.".to_owned(),
        _ => "The document is not well-formed.".to_owned(),
    };
    Malformed::at(offset, says)
}

struct Builder<'a, 'l> {
    source: &'a str,
    limits: &'l Limits,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    namespaces: Namespaces<'a>,
    /// The open elements, each with its latest child.
    open: Vec<(u32, u32)>,
}

impl<'a, 'l> Builder<'a, 'l> {
    fn new(source: &'a str, limits: &'l Limits) -> Self {
        let guess = source.len() / 40;
        Self {
            source,
            limits,
            nodes: Vec::with_capacity(guess.min(limits.nodes)),
            attributes: Vec::new(),
            namespaces: Namespaces::new(),
            open: Vec::with_capacity(limits.depth),
        }
    }

    /// `inside` is what stands between the angle brackets.
    fn start(&mut self, inside: &'a str, begin: usize, end: usize) -> Result<(), Malformed> {
        if self.open.is_empty() && !self.nodes.is_empty() {
            return Err(Malformed::at(
                begin,
                "The markup in the document following the root element must be well-formed.",
            ));
        }
        if self.open.len() >= self.limits.depth {
            return Err(Malformed::at(
                end,
                format!("Elements are nested deeper than {}.", self.limits.depth),
            ));
        }
        let name_len = inside.find(is_space).unwrap_or(inside.len());
        let (name, rest) = inside.split_at(name_len);
        attributes::check_name(name, begin + 1)?;
        let first_attribute = small(self.attributes.len());
        self.attributes(rest, begin + 1 + name_len, end)?;
        let namespace = self.namespaces.of_element(name, begin + 1)?;
        if self.nodes.len() + self.attributes.len() + self.namespaces.names.len() >= self.limits.nodes {
            return Err(Malformed::at(
                end,
                format!("The document has more than {} elements and attributes.", self.limits.nodes),
            ));
        }
        let index = small(self.nodes.len());
        let parent = self.link(index);
        self.nodes.push(Node {
            name,
            text: Cow::Borrowed(""),
            has_text: false,
            opened: small(end),
            closed: small(end),
            namespace,
            first_attribute,
            end_attribute: small(self.attributes.len()),
            parent,
            first_child: NONE,
            next: NONE,
        });
        self.open.push((index, NONE));
        Ok(())
    }

    /// Hangs a new element under the innermost open one.
    fn link(&mut self, index: u32) -> u32 {
        let Some((parent, latest)) = self.open.last_mut() else { return NONE };
        let before = std::mem::replace(latest, index);
        if before == NONE {
            self.nodes[*parent as usize].first_child = index;
        } else {
            self.nodes[before as usize].next = index;
        }
        *parent
    }

    fn attributes(&mut self, rest: &'a str, offset: usize, end: usize) -> Result<(), Malformed> {
        let first = self.attributes.len();
        let depth = self.open.len() + 1;
        let mut declared: Vec<&str> = Vec::new();
        for raw in attributes::split(rest, offset) {
            let attributes::Raw { name, value } = raw?;
            let taken =
                self.attributes[first..].iter().any(|known| known.name == name) || declared.contains(&name);
            if taken {
                return Err(Malformed::at(
                    end,
                    format!("Attribute \"{name}\" was already specified for this element."),
                ));
            }
            if let Some(prefix) = declared_prefix(name) {
                self.namespaces.declare(depth, prefix, value, end)?;
                declared.push(name);
            } else {
                self.attributes.push(Attribute { name, value, scope: super::Scope::Own });
            }
            if self.attributes.len() - first + declared.len() > self.limits.attributes {
                return Err(Malformed::at(
                    end,
                    format!("The element has more than {} attributes.", self.limits.attributes),
                ));
            }
        }
        // Only now: a declaration counts for the whole tag, also for what stands before it.
        for attribute in &mut self.attributes[first..] {
            attribute.scope = self.namespaces.of_attribute(attribute.name, end)?;
        }
        Ok(())
    }

    fn end(&mut self, end: usize) {
        self.namespaces.leave(self.open.len());
        if let Some((index, _)) = self.open.pop() {
            self.nodes[index as usize].closed = small(end);
        }
    }

    fn text(&mut self, raw: &'a str, begin: usize) -> Result<(), Malformed> {
        if let Some(at) = raw.find("]]>") {
            let says = "The character sequence \"]]>\" must not appear in content unless used to mark the end of a CDATA section.";
            return Err(Malformed::at(begin + at, says));
        }
        self.cdata_or_text(raw, begin)
    }

    fn cdata(&mut self, raw: &'a str, begin: usize) -> Result<(), Malformed> {
        if self.open.is_empty() {
            return Err(outside_root(self.source, begin, self.nodes.is_empty()));
        }
        self.cdata_or_text(raw, begin)
    }

    fn cdata_or_text(&mut self, raw: &'a str, begin: usize) -> Result<(), Malformed> {
        let text = if raw.contains('\r') {
            Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            Cow::Borrowed(raw)
        };
        self.append(text, begin)
    }

    fn reference(&mut self, name: &str, begin: usize) -> Result<(), Malformed> {
        if self.open.is_empty() {
            return Err(outside_root(self.source, begin, self.nodes.is_empty()));
        }
        let c = attributes::resolve(name, begin)?;
        self.append(Cow::Owned(c.to_string()), begin)
    }

    fn append(&mut self, text: Cow<'a, str>, begin: usize) -> Result<(), Malformed> {
        let blank = text.chars().all(is_space);
        let Some((index, latest)) = self.open.last() else {
            return if blank { Ok(()) } else { Err(outside_root(self.source, begin, self.nodes.is_empty())) };
        };
        let node = &mut self.nodes[*index as usize];
        // Indentation between elements is nobody's text.
        if blank && *latest != NONE {
            return Ok(());
        }
        node.has_text |= !blank;
        if node.text.is_empty() {
            node.text = text;
        } else {
            node.text.to_mut().push_str(&text);
        }
        if node.text.len() > self.limits.text_bytes {
            return Err(Malformed::at(
                begin,
                format!("The text of an element is longer than {} bytes.", self.limits.text_bytes),
            ));
        }
        Ok(())
    }

    fn finish(self) -> Result<Document<'a>, Malformed> {
        let end = self.source.len();
        if let Some((index, _)) = self.open.last() {
            let name = self.nodes[*index as usize].name;
            let says = format!("The document ends inside the element \"{name}\".");
            return Err(Malformed::at(end, says));
        }
        if self.nodes.is_empty() {
            return Err(Malformed::at(end, "Premature end of file: the document has no root element."));
        }
        let Self { source, nodes, attributes, namespaces, .. } = self;
        Ok(Document { source, nodes, attributes, namespaces: namespaces.names })
    }
}

fn outside_root(source: &str, offset: usize, before: bool) -> Malformed {
    let looks_like_json = source.trim_start().starts_with(['{', '[']);
    let says = if before {
        "Content is not allowed in prolog."
    } else {
        "Content is not allowed in trailing section."
    };
    Malformed { offset, says: says.to_owned(), help: looks_like_json.then_some(JSON_HELP) }
}

/// INVARIANT: a document is bounded far below 4 GiB, so every place in it fits.
fn small(place: usize) -> u32 {
    u32::try_from(place).expect("a bounded document is smaller than 4 GiB")
}
