//! Holds a document against the description and speaks like a schema validator (Xerces): the same findings, in the
//! same order, at the same places, so that a client's engineer can look them up.

use super::content::{Cursor, Step};
use super::document::{Document, Node, ROOT, Scope};
use super::language::{Attribute, Base, Complex, Content, Element, Kind, Simple};
use super::lenient::{self, Stray};
use super::outcome::{Complaint, Warning};
use super::profile::{Limits, Profile};
use super::values::{self, Fault, FaultKind};
use super::{help, messages};

/// What validation found.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) complaints: Vec<Complaint>,
    pub(super) warnings: Vec<Warning>,
    /// What only the lenient profile let in.
    pub(super) strays: Vec<Stray>,
}

impl Findings {
    /// Adds a complaint at a byte, up to the bound.
    pub(super) fn complain(&mut self, document: &Document, offset: u32, text: String, help: Option<String>) {
        if self.complaints.len() < Limits::STANDARD.complaints {
            let (line, column) = document.position(offset);
            self.complaints.push(Complaint { line, column, text, help });
        }
    }

    /// Adds a warning about an element, up to the bound.
    pub(super) fn warn(
        &mut self,
        document: &Document,
        node: u32,
        code: &'static str,
        says: impl Into<String>,
    ) {
        if self.warnings.len() < Limits::STANDARD.warnings {
            let (line, column) = document.position(document.node(node).opened);
            self.warnings.push(Warning { code, path: document.path(node), line, column, says: says.into() });
        }
    }
}

/// Holds `document` against the element that its root must be.
pub(super) fn validate(document: &Document, root: &'static Element, profile: Profile) -> Findings {
    let mut validator = Validator { document, profile, findings: Findings::default() };
    if document.is(ROOT, root.name) {
        validator.element(ROOT, root);
    } else {
        let node = document.node(ROOT);
        let help = help::wrong_root(document, root);
        validator.findings.complain(document, node.opened, messages::unknown_root(node.name), help);
    }
    validator.findings
}

struct Validator<'d, 'a> {
    document: &'d Document<'a>,
    profile: Profile,
    findings: Findings,
}

impl Validator<'_, '_> {
    fn is_lenient(&self) -> bool {
        self.profile == Profile::Lenient
    }

    fn at_start(&mut self, node: u32, text: String, help: Option<String>) {
        self.findings.complain(self.document, self.document.node(node).opened, text, help);
    }

    fn at_end(&mut self, node: u32, text: String, help: Option<String>) {
        self.findings.complain(self.document, self.document.node(node).closed, text, help);
    }

    fn element(&mut self, node: u32, element: &'static Element) {
        // Nobody reads further, so nothing is computed further.
        if self.findings.complaints.len() >= Limits::STANDARD.complaints {
            return;
        }
        match element.kind {
            Kind::Text(simple) => self.text_element(node, simple),
            Kind::Group(complex) => self.group(node, complex),
        }
    }

    /// An element of a simple type: no attributes, no children, one value.
    fn text_element(&mut self, node: u32, simple: &'static Simple) {
        let document = self.document;
        let Node { name, text, .. } = document.node(node);
        for (index, attribute) in document.attributes_of(node).iter().enumerate() {
            if attribute.scope != Scope::SchemaHint && !self.is_stray_attribute(node, index) {
                let help = help::attribute_elsewhere(name, attribute.name);
                self.at_start(node, messages::unknown_attribute(name, attribute, true), help);
            }
        }
        if document.children(node).next().is_some() {
            self.children_in_text(node, simple);
        } else if self.value(node, simple, text, |value| messages::bad_value(name, value))
            && simple.base == Base::Flag
            && values::boolean(&values::collapsed(simple.base, text)) == Some(false)
        {
            self.at_end(node, messages::false_mark(name, text), Some(help::false_mark(name)));
        }
    }

    /// The validator goes on as if the text were empty.
    fn children_in_text(&mut self, node: u32, simple: &Simple) {
        let name = self.document.node(node).name;
        self.at_end(node, messages::children_in_text(name), None);
        let is_flag = simple.base == Base::Flag;
        let no_text = if is_flag { " " } else { "" };
        if let Some(fault) = values::fault(simple, no_text, self.profile) {
            self.at_end(node, fault.text, None);
            self.at_end(node, messages::bad_value(name, ""), None);
        }
        if is_flag {
            self.at_end(node, messages::children_in_mark(name), None);
        }
    }

    /// Checks a text; `wrapping` words the validator's second message. True when it is valid.
    fn value(&mut self, node: u32, simple: &Simple, raw: &str, wrapping: impl Fn(&str) -> String) -> bool {
        let document = self.document;
        let Some(fault) = values::fault(simple, raw, self.profile) else {
            if let Some((code, says)) = values::oddity(simple, raw) {
                self.findings.warn(document, node, code, says);
            }
            return true;
        };
        if self.is_let_in(node, simple, raw, &fault) {
            return true;
        }
        let help =
            help::value(simple, fault.kind, &values::collapsed(simple.base, raw), document.node(node).name);
        self.at_end(node, fault.text, help);
        self.at_end(node, wrapping(&values::shown(simple, raw)), None);
        false
    }

    /// The lenient profile keeps what can be kept safely.
    fn is_let_in(&mut self, node: u32, simple: &Simple, raw: &str, fault: &Fault) -> bool {
        let code = match fault.kind {
            FaultKind::Limit => "limit-exceeded",
            FaultKind::NotListed if simple.open_when_lenient => "value-unknown",
            FaultKind::Lexical if simple.base == Base::Boolean && raw.trim().is_empty() => "answer-empty",
            _ => return false,
        };
        if !self.is_lenient() {
            return false;
        }
        self.findings.warn(self.document, node, code, "the value is not as documented; it was kept as given");
        true
    }

    fn group(&mut self, node: u32, complex: &'static Complex) {
        self.attributes(node, complex);
        match complex.content {
            Content::Empty => self.empty(node),
            Content::Text(simple) => self.text_content(node, simple),
            content => self.children(node, complex, content),
        }
    }

    fn empty(&mut self, node: u32) {
        let element = self.document.node(node);
        if !element.text.is_empty() || self.document.children(node).next().is_some() {
            self.at_end(node, messages::not_empty(element.name), None);
        }
    }

    fn text_content(&mut self, node: u32, simple: &Simple) {
        let Node { name, text, .. } = self.document.node(node);
        let has_children = self.document.children(node).next().is_some();
        if has_children {
            self.at_end(node, messages::bad_content(name), None);
        }
        // With children inside, the validator goes on as if the text were empty.
        self.value(node, simple, if has_children { "" } else { text }, |_| messages::bad_content(name));
    }

    fn children(&mut self, node: u32, complex: &'static Complex, content: Content) {
        let document = self.document;
        let mut cursor = Cursor::new(content, self.profile);
        for child in document.children(node) {
            let own_name = document.own_name(child);
            if self.is_stray_child(child, own_name.and_then(|name| cursor.find(name)).is_some(), complex) {
                continue;
            }
            match cursor.step(own_name) {
                Step::Fits(element) => self.element(child, element),
                Step::Misplaced { known, first } => {
                    if first {
                        let name = messages::expanded_name(document, child);
                        let text = messages::unexpected(&name, &cursor.expected());
                        let help = help::misplaced(document, node, child, complex, known);
                        self.at_start(child, text, help);
                    }
                    if let Some(element) = known {
                        self.element(child, element);
                    }
                }
            }
        }
        self.end_of_children(node, complex, &cursor);
    }

    fn end_of_children(&mut self, node: u32, complex: &'static Complex, cursor: &Cursor) {
        let element = self.document.node(node);
        if element.has_text {
            self.at_end(node, messages::text_between(element.name), None);
        }
        if cursor.is_incomplete() {
            let expected = cursor.expected();
            let help = help::incomplete(complex, &expected);
            self.at_end(node, messages::incomplete(element.name, &expected), Some(help));
        }
    }

    fn attributes(&mut self, node: u32, complex: &'static Complex) {
        let document = self.document;
        let name = document.node(node).name;
        for (index, attribute) in document.attributes_of(node).iter().enumerate() {
            let known = if attribute.scope == Scope::Own { complex.attribute(attribute.name) } else { None };
            if let Some(known) = known {
                self.attribute_value(node, known.name, known.kind, &attribute.value);
            } else if attribute.scope != Scope::SchemaHint && !self.is_stray_attribute(node, index) {
                let help = help::attribute_elsewhere(name, attribute.name);
                self.at_start(node, messages::unknown_attribute(name, attribute, false), help);
            }
        }
        let is_missing =
            |attribute: &&Attribute| attribute.required && document.attribute(node, attribute.name).is_none();
        for missing in complex.attributes.iter().filter(is_missing) {
            if self.is_lenient() {
                let says = format!("the attribute `{}` is missing", missing.name);
                self.findings.warn(document, node, "attribute-missing", says);
            } else {
                let help = help::missing_attribute(name, missing);
                self.at_start(node, messages::missing_attribute(name, missing.name), Some(help));
            }
        }
    }

    fn attribute_value(&mut self, node: u32, name: &str, simple: &Simple, raw: &str) {
        let document = self.document;
        let Some(fault) = values::fault(simple, raw, self.profile) else {
            if let Some((code, _)) = values::oddity(simple, raw) {
                self.findings.warn(document, node, code, format!("the attribute `{name}` is odd: {code}"));
            }
            return;
        };
        if self.is_let_in(node, simple, raw, &fault) {
            return;
        }
        let element = document.node(node).name;
        let text =
            messages::bad_attribute(element, name, &values::shown(simple, raw), simple.name_in(self.profile));
        let help = help::value(simple, fault.kind, &values::collapsed(simple.base, raw), name);
        self.at_start(node, fault.text, help);
        self.at_start(node, text, None);
    }

    fn set_aside(&mut self, node: u32, stray: Stray) {
        let most = Limits::STANDARD.unknown_parts;
        if self.findings.strays.len() < most {
            self.findings.strays.push(stray);
        } else {
            self.at_start(
                node,
                format!("rule-unknown-parts: more than {most} parts of the document are unknown."),
                None,
            );
        }
    }

    /// Lenient only: an element that its parent does not know is set aside.
    fn is_stray_child(&mut self, child: u32, known: bool, parent: &'static Complex) -> bool {
        if known || !self.is_lenient() {
            return false;
        }
        self.set_aside(child, Stray::Element(child));
        let says = lenient::says_of_element(parent, self.document.node(child).name);
        self.findings.warn(self.document, child, "element-unknown", says);
        true
    }

    /// Lenient only: an attribute that its element does not know is set aside.
    fn is_stray_attribute(&mut self, node: u32, index: usize) -> bool {
        if !self.is_lenient() {
            return false;
        }
        self.set_aside(node, Stray::Attribute(node, index));
        self.findings.warn(
            self.document,
            node,
            "attribute-unknown",
            "an attribute is not known here; it was kept",
        );
        true
    }
}
