//! Holds a document against the description and speaks like a schema validator (Xerces): the same findings, in the
//! same order, at the same places, so that a client's engineer can look them up.

use super::content::{Cursor, Step};
use super::document::{Document, ROOT, Scope};
use super::help;
use super::language::{Base, Complex, Content, Element, Kind, Simple};
use super::lenient::{self, Stray};
use super::outcome::{Complaint, Warning};
use super::profile::{Limits, Profile};
use super::values::{self, Fault, FaultKind};

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
        let text = format!("cvc-elt.1.a: Cannot find the declaration of element '{}'.", node.name);
        validator.findings.complain(document, node.opened, text, help::wrong_root(document, root));
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
        let name = self.document.node(node).name;
        for index in 0..self.document.attributes_of(node).len() {
            let attribute = &self.document.attributes_of(node)[index];
            if attribute.scope == Scope::SchemaHint || self.is_stray_attribute(node, index) {
                continue;
            }
            let text = format!(
                "cvc-type.3.1.1: Element '{name}' is a simple type, so it cannot have attributes, excepting those whose namespace name is identical to 'http://www.w3.org/2001/XMLSchema-instance' and whose [local name] is one of 'type', 'nil', 'schemaLocation' or 'noNamespaceSchemaLocation'. However, the attribute, '{}' was found.",
                attribute.name
            );
            let help = help::attribute_elsewhere(name, attribute.name);
            self.at_start(node, text, help);
        }
        if self.document.children(node).next().is_some() {
            let text = format!(
                "cvc-type.3.1.2: Element '{name}' is a simple type, so it must have no element information item [children]."
            );
            self.at_end(node, text, None);
            return;
        }
        let invalid =
            |value: &str| format!("cvc-type.3.1.3: The value '{value}' of element '{name}' is not valid.");
        if self.value(node, simple, invalid) && simple.base == Base::Flag {
            self.flag(node, simple);
        }
    }

    /// A mark may only be true.
    fn flag(&mut self, node: u32, simple: &Simple) {
        let document = self.document;
        let raw = &document.node(node).text;
        let value = values::collapsed(simple.base, raw);
        if values::boolean(&value) == Some(false) {
            let name = document.node(node).name;
            let text = format!(
                "cvc-elt.5.2.2.2.2: The value '{value}' of element '{name}' does not match the {{value constraint}} value 'true'."
            );
            self.at_end(node, text, Some(help::false_flag(name)));
        }
    }

    /// Checks the text of an element; `wrapping` words the validator's second message. True when it is valid.
    fn value(&mut self, node: u32, simple: &Simple, wrapping: impl Fn(&str) -> String) -> bool {
        let document = self.document;
        let raw = document.node(node).text.as_ref();
        let Some(fault) = values::fault(simple, raw, self.profile) else {
            if let Some((code, says)) = values::oddity(simple, raw) {
                self.findings.warn(document, node, code, says);
            }
            return true;
        };
        if self.is_let_in(node, simple, raw, &fault) {
            return true;
        }
        let value = values::collapsed(simple.base, raw);
        let help = help::value(simple, fault.kind, &value, document.node(node).name);
        self.at_end(node, fault.text, help);
        self.at_end(node, wrapping(&values::shown(simple, &value)), None);
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
        let Self { document, .. } = *self;
        let element = document.node(node);
        if !element.text.is_empty() || document.children(node).next().is_some() {
            let text = format!(
                "cvc-complex-type.2.1: Element '{}' must have no character or element information item [children], because the type's content type is empty.",
                element.name
            );
            self.at_end(node, text, None);
        }
    }

    fn text_content(&mut self, node: u32, simple: &Simple) {
        let name = self.document.node(node).name;
        let invalid = format!(
            "cvc-complex-type.2.2: Element '{name}' must have no element [children], and the value must be valid."
        );
        if self.document.children(node).next().is_some() {
            self.at_end(node, invalid, None);
        } else {
            self.value(node, simple, |_| invalid.clone());
        }
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
                        let text = unexpected(&document.expanded_name(child), &cursor.expected());
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
        let Self { document, .. } = *self;
        let element = document.node(node);
        if element.has_text {
            let text = format!(
                "cvc-complex-type.2.3: Element '{}' cannot have character [children], because the type's content type is element-only.",
                element.name
            );
            self.at_end(node, text, None);
        }
        if cursor.is_incomplete() {
            let expected = cursor.expected();
            let text = format!(
                "cvc-complex-type.2.4.b: The content of element '{}' is not complete. One of '{{{}}}' is expected.",
                element.name,
                expected.join(", ")
            );
            self.at_end(node, text, Some(help::incomplete(complex, &expected)));
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
                let text = format!(
                    "cvc-complex-type.3.2.2: Attribute '{}' is not allowed to appear in element '{name}'.",
                    attribute.name
                );
                let help = help::attribute_elsewhere(name, attribute.name);
                self.at_start(node, text, help);
            }
        }
        for required in complex.attributes.iter().filter(|attribute| attribute.required) {
            if document.attribute(node, required.name).is_some() {
                continue;
            }
            if self.is_lenient() {
                let says = format!("the attribute `{}` is missing", required.name);
                self.findings.warn(document, node, "attribute-missing", says);
            } else {
                let text = format!(
                    "cvc-complex-type.4: Attribute '{}' must appear on element '{name}'.",
                    required.name
                );
                self.at_start(node, text, Some(help::missing_attribute(name, required)));
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
        let value = values::collapsed(simple.base, raw);
        let element = document.node(node).name;
        let text = format!(
            "cvc-attribute.3: The value '{}' of attribute '{name}' on element '{element}' is not valid with respect to its type, '{}'.",
            values::shown(simple, &value),
            simple.name_in(self.profile)
        );
        let help = help::value(simple, fault.kind, &value, name);
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

/// The message about a child that may not come next.
fn unexpected(name: &str, expected: &[&str]) -> String {
    if expected.is_empty() {
        return format!(
            "cvc-complex-type.2.4.d: Invalid content was found starting with element '{name}'. No child element is expected at this point."
        );
    }
    format!(
        "cvc-complex-type.2.4.a: Invalid content was found starting with element '{name}'. One of '{{{}}}' is expected.",
        expected.join(", ")
    )
}
