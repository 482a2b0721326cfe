//! The reference of the language, derived from the description: as plain data for our own pages, and as the Markdown
//! page that is kept in the repository.

use std::fmt::Write as _;

use super::language::{Attribute, Base, Complex, Content, Element, Kind, Limit, Occurs, Simple, Since};
use super::profile::{Limits, Profile};
use super::response::ResponseCode;
use super::rules::RULES;
use super::xsd::{complex_types, simple_types};

/// One line of the reference: an element or an attribute of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocEntry {
    /// The type that it stands in, such as `person`; the root elements stand in types of their own names.
    pub section: &'static str,
    /// Its name; attributes begin with `@`.
    pub name: String,
    /// Its type, such as `text, at most 255 characters`; a name of a section in backticks refers to that section.
    pub kind: String,
    /// How often it may stand there, in words.
    pub occurs: &'static str,
    /// What the documentation says differently from the schema; empty when nothing.
    pub documented: &'static str,
    /// True when it is of 2026 and unknown to the strict profile.
    pub since_2026: bool,
    /// What it is for.
    pub says: &'static str,
}

/// Every element and attribute of the language, section by section, in document order.
#[must_use]
pub fn reference() -> Vec<DocEntry> {
    complex_types().into_iter().flat_map(entries_of).collect()
}

fn entries_of(complex: &'static Complex) -> Vec<DocEntry> {
    let attributes = complex.attributes.iter().map(|attribute| attribute_entry(complex, attribute));
    let elements = complex.content.elements().iter().map(|element| element_entry(complex, element));
    attributes.chain(elements).collect()
}

fn attribute_entry(complex: &'static Complex, attribute: &Attribute) -> DocEntry {
    DocEntry {
        section: complex.name,
        name: format!("@{}", attribute.name),
        kind: describe(attribute.kind),
        occurs: if attribute.required { "1" } else { "0..1" },
        documented: "",
        since_2026: false,
        says: attribute.says,
    }
}

fn element_entry(complex: &'static Complex, element: &Element) -> DocEntry {
    DocEntry {
        section: complex.name,
        name: element.name.to_owned(),
        kind: match element.kind {
            Kind::Text(simple) => describe(simple),
            Kind::Group(group) => format!("`{}`", group.name),
        },
        occurs: match (complex.content, element.occurs, element.shares_place) {
            (Content::Choice(_), ..) => "exactly one of these",
            (_, _, true) => "0..1, instead of the one before",
            (_, Occurs::Once, _) => "1",
            (_, Occurs::Optional, _) => "0..1",
            (_, Occurs::Many, _) => "0..n",
            (_, Occurs::Several, _) => "1..n",
        },
        documented: element.documented.unwrap_or_default(),
        since_2026: element.since == Since::Documentation2026,
        says: element.says,
    }
}

/// A type of text in words.
fn describe(simple: &Simple) -> String {
    if simple.list.is_some() {
        return format!("list `{}`", simple.name);
    }
    let mut words = match simple.base {
        Base::String => "text",
        Base::Token => "token",
        Base::Boolean => "true or false",
        Base::Flag => "mark: empty or true",
        Base::DateTime => "date and time with zone",
        Base::Date => "date",
        Base::Long | Base::Int => "whole number",
        Base::Double => "number",
    }
    .to_owned();
    for limit in simple.limits {
        let limit = match limit {
            Limit::MaxLength(most) => format!("at most {most} characters"),
            Limit::Min(least) => format!("from {least}"),
            Limit::Max(most) => format!("to {most}"),
            Limit::Pattern { expression, .. } => format!("form `{expression}`"),
        };
        words.push_str(", ");
        words.push_str(&limit);
    }
    words
}

/// The reference as a Markdown page.
#[must_use]
pub fn reference_page() -> String {
    let mut page = String::from(INTRODUCTION);
    let entries = reference();
    for complex in complex_types() {
        section(&mut page, complex, entries.iter().filter(|entry| entry.section == complex.name));
    }
    page.push_str("\n# Lists\n");
    for simple in simple_types(Profile::Current) {
        if let Some(list) = simple.list {
            let values: Vec<String> =
                list.values().iter().filter(|value| !value.is_empty()).map(|v| format!("`{v}`")).collect();
            let empty = if list.values().contains(&"") { " The empty text is allowed." } else { "" };
            line(&mut page, &format!("\n## List {}\n\n{}.{empty}", simple.name, values.join(", ")));
        }
    }
    page.push_str("\n# Rules beyond the schema\n\nA breach is answered with code 4100 and the rule's name.\n\n| rule | says |\n| --- | --- |\n");
    RULES.iter().for_each(|(name, says)| line(&mut page, &format!("| `{name}` | {says} |")));
    page.push_str("\n# Response codes\n\n| code | text | HTTP status | retry |\n| --- | --- | --- | --- |\n");
    for code in ResponseCode::ALL {
        let retry = if code.is_retryable() { "yes" } else { "no" };
        line(
            &mut page,
            &format!("| {} | {} | {} | {retry} |", code.number(), code.text(), code.http_status()),
        );
    }
    bounds(&mut page);
    page
}

const INTRODUCTION: &str = "\
# The reporting language

This page is derived from the description in `cybertip/src/language`; do not edit it by hand. Make it anew with
`cargo run -p cybertip --example cybertip_print -- language > docs/providers/language.md`.

`/submit` takes a `report` document, `/fileinfo` a `fileDetails` document. Elements stand in the order of these tables.
Limits and the parts marked *2026* hold in the profile `current`, which is the default. The profile `strict-2025-11`
knows neither. The profile `lenient` turns limits into warnings and keeps unknown parts word for word.
";

fn section<'e>(page: &mut String, complex: &Complex, entries: impl Iterator<Item = &'e DocEntry>) {
    line(page, &format!("\n## {}\n\n{}", complex.name, complex.says));
    if let Content::Text(simple) = complex.content {
        line(page, &format!("\nContent: {}.", describe(simple)));
    }
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return;
    }
    line(page, "\n| name | type | how often | says |\n| --- | --- | --- | --- |");
    for entry in entries {
        let mut says = entry.says.to_owned();
        if !entry.documented.is_empty() {
            let note = format!(" Documentation: {}.", entry.documented);
            says.push_str(&note);
        }
        if entry.since_2026 {
            says.push_str(" *2026*");
        }
        let kind = entry.kind.replace('|', "\\|");
        line(page, &format!("| `{}` | {kind} | {} | {says} |", entry.name, entry.occurs));
    }
}

fn bounds(page: &mut String) {
    let Limits { xml_bytes, depth, attributes, nodes, text_bytes, .. } = Limits::STANDARD;
    line(page, "\n# Bounds\n\nA document beyond one of these is answered with code 4110.\n");
    line(page, &format!("- {} MiB, in UTF-8, ISO-8859-1 or US-ASCII, without DOCTYPE", xml_bytes >> 20));
    line(page, &format!("- {depth} elements inside each other, {attributes} attributes on one element"));
    line(
        page,
        &format!("- {nodes} elements and attributes, {} MiB of text in one element", text_bytes >> 20),
    );
}

fn line(page: &mut String, text: &str) {
    writeln!(page, "{text}").expect("writing to a String cannot fail");
}
