//! The schema that `GET /xsd` serves, derived from the description: XSD 1.0, no target namespace.

use super::escape;
use super::language::{Base, Complex, Content, Element, Kind, Limit, ROOTS, Simple};
use super::profile::Profile;

/// The schema document of `profile`. The lenient profile serves the schema of `current` without its limits: what it
/// lets in beyond that cannot be said in a schema.
#[must_use]
pub fn xsd(profile: Profile) -> String {
    let mut schema = Schema { xml: String::with_capacity(64 << 10), profile, depth: 0 };
    schema.line(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    schema.block(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema""#, "xs:schema", |schema| {
        schema
            .documentation(&format!("The reporting language, profile {profile}. Our own text, free to use."));
        ROOTS.iter().for_each(|root| schema.element(root, ""));
        complex_types().into_iter().for_each(|complex| schema.complex(complex));
        simple_types(profile).into_iter().for_each(|simple| schema.simple(simple));
    });
    schema.xml
}

/// Every complex type once, in the order in which a reader meets them.
pub(super) fn complex_types() -> Vec<&'static Complex> {
    let mut found = Vec::new();
    ROOTS.iter().for_each(|root| gather(root.kind, &mut found));
    found
}

fn gather(kind: Kind, found: &mut Vec<&'static Complex>) {
    if let Kind::Group(complex) = kind
        && !found.iter().any(|known| known.name == complex.name)
    {
        found.push(complex);
        complex.content.elements().iter().for_each(|element| gather(element.kind, found));
    }
}

/// Every simple type that has a name of its own in `profile`, once.
pub(super) fn simple_types(profile: Profile) -> Vec<&'static Simple> {
    let mut found: Vec<&'static Simple> = Vec::new();
    for simple in complex_types().into_iter().flat_map(texts_of) {
        let name = simple.name_in(profile);
        if name != simple.base.xsd_name() && !found.iter().any(|known| known.name == name) {
            found.push(simple);
        }
    }
    found
}

fn texts_of(complex: &'static Complex) -> Vec<&'static Simple> {
    let attributes = complex.attributes.iter().map(|attribute| attribute.kind);
    let text = if let Content::Text(simple) = complex.content { Some(simple) } else { None };
    let elements = complex.content.elements().iter().filter_map(|element| match element.kind {
        Kind::Text(simple) => Some(simple),
        Kind::Group(_) => None,
    });
    attributes.chain(text).chain(elements).collect()
}

struct Schema {
    xml: String,
    profile: Profile,
    depth: usize,
}

impl Schema {
    fn line(&mut self, text: &str) {
        self.xml.extend(std::iter::repeat_n("  ", self.depth));
        self.xml.push_str(text);
        self.xml.push('\n');
    }

    /// An element with children: `open` lacks only its `>`.
    fn block(&mut self, open: &str, name: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("{open}>"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line(&format!("</{name}>"));
    }

    fn documentation(&mut self, says: &str) {
        let mut text = String::new();
        escape::text(&mut text, says);
        self.line(&format!("<xs:annotation><xs:documentation>{text}</xs:documentation></xs:annotation>"));
    }

    fn element(&mut self, element: &Element, occurs: &str) {
        let (kind, fixed) = match element.kind {
            Kind::Group(complex) => (complex.name.to_owned(), ""),
            Kind::Text(simple) if simple.base == Base::Flag => ("xs:boolean".to_owned(), " fixed=\"true\""),
            Kind::Text(simple) => (self.reference(simple), ""),
        };
        let open = format!("<xs:element name=\"{}\" type=\"{kind}\"{fixed}{occurs}", element.name);
        self.block(&open, "xs:element", |schema| schema.documentation(element.says));
    }

    fn reference(&self, simple: &Simple) -> String {
        let name = simple.name_in(self.profile);
        if name == simple.base.xsd_name() { format!("xs:{name}") } else { name.to_owned() }
    }

    fn complex(&mut self, complex: &Complex) {
        self.block(&format!("<xs:complexType name=\"{}\"", complex.name), "xs:complexType", |schema| {
            schema.documentation(complex.says);
            match complex.content {
                Content::Empty => schema.attributes(complex),
                Content::Text(simple) => schema.text_content(simple, complex),
                Content::Sequence(elements) => {
                    schema.block("<xs:sequence", "xs:sequence", |schema| schema.places(elements));
                    schema.attributes(complex);
                }
                Content::Choice(elements) => {
                    schema.block("<xs:choice", "xs:choice", |schema| schema.known(elements, |_| ""));
                }
                Content::All(elements) => {
                    schema.block("<xs:all", "xs:all", |schema| schema.known(elements, occurs_of));
                }
            }
        });
    }

    fn text_content(&mut self, simple: &Simple, complex: &Complex) {
        self.block("<xs:simpleContent", "xs:simpleContent", |schema| {
            let open = format!("<xs:extension base=\"{}\"", schema.reference(simple));
            schema.block(&open, "xs:extension", |schema| schema.attributes(complex));
        });
    }

    /// The elements of a sequence; those that share a place become a choice.
    fn places(&mut self, elements: &'static [Element]) {
        for place in elements.chunk_by(|_, next| next.shares_place) {
            if place.len() == 1 {
                self.known(place, occurs_of);
            } else {
                let open = "<xs:choice minOccurs=\"0\"";
                self.block(open, "xs:choice", |schema| schema.known(place, |_| ""));
            }
        }
    }

    fn known(&mut self, elements: &'static [Element], occurs: fn(&Element) -> &'static str) {
        let profile = self.profile;
        for element in elements.iter().filter(|element| element.since.is_in(profile)) {
            self.element(element, occurs(element));
        }
    }

    fn attributes(&mut self, complex: &Complex) {
        for attribute in complex.attributes {
            let kind = self.reference(attribute.kind);
            let needed = if attribute.required { " use=\"required\"" } else { "" };
            let open = format!("<xs:attribute name=\"{}\" type=\"{kind}\"{needed}", attribute.name);
            self.block(&open, "xs:attribute", |schema| schema.documentation(attribute.says));
        }
    }

    fn simple(&mut self, simple: &Simple) {
        self.block(&format!("<xs:simpleType name=\"{}\"", simple.name), "xs:simpleType", |schema| {
            let open = format!("<xs:restriction base=\"xs:{}\"", simple.base.xsd_name());
            schema.block(&open, "xs:restriction", |schema| {
                for value in simple.list.iter().flat_map(|list| list.values()) {
                    schema.facet("enumeration", value);
                }
                simple.limits_in(schema.profile).for_each(|limit| schema.limit(limit));
            });
        });
    }

    fn limit(&mut self, limit: &Limit) {
        match limit {
            Limit::MaxLength(most) => self.facet("maxLength", &most.to_string()),
            Limit::Min(least) => self.facet("minInclusive", &least.to_string()),
            Limit::Max(most) => self.facet("maxInclusive", &most.to_string()),
            Limit::Pattern { expression, .. } => self.facet("pattern", expression),
        }
    }

    fn facet(&mut self, name: &str, value: &str) {
        let mut text = String::new();
        escape::attribute_value(&mut text, value);
        self.line(&format!("<xs:{name} value=\"{text}\"/>"));
    }
}

fn occurs_of(element: &Element) -> &'static str {
    match (element.occurs.is_required(), element.occurs.is_repeatable()) {
        (true, false) => "",
        (false, false) => " minOccurs=\"0\"",
        (true, true) => " maxOccurs=\"unbounded\"",
        (false, true) => " minOccurs=\"0\" maxOccurs=\"unbounded\"",
    }
}
