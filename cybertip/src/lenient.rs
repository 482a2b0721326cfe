//! What the lenient profile lets in: unknown parts are kept word for word, known mistakes of clients are understood.

use domain::{Private, Unmodelled};

use super::document::Document;
use super::language::Complex;
use super::values::boolean;

/// A part that its parent does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stray {
    Element(u32),
    /// An element and the index of its attribute.
    Attribute(u32, usize),
}

/// The warning about an unknown element.
pub(super) fn says_of_element(parent: &Complex, name: &str) -> String {
    let shown: String = name.chars().take(80).collect();
    format!("`{}` does not know an element `{shown}`; it was kept", parent.name)
}

/// Everything that has no field of its own, one entry for each text and attribute.
pub(super) fn unmodelled(document: &Document, strays: &[Stray]) -> Vec<Unmodelled> {
    let mut kept = Vec::new();
    for stray in strays {
        match *stray {
            Stray::Element(node) if !is_understood_element(document, node) => keep(document, node, &mut kept),
            Stray::Attribute(node, index) if !is_understood_attribute(document, node, index) => {
                keep_attribute(document, node, index, &mut kept);
            }
            _ => {}
        }
    }
    kept
}

fn keep(document: &Document, node: u32, kept: &mut Vec<Unmodelled>) {
    let element = document.node(node);
    if element.has_text || document.children(node).next().is_none() {
        kept.push(Unmodelled {
            path: document.path(node),
            text: Private::new(element.text.clone().into_owned()),
        });
    }
    (0..document.attributes_of(node).len()).for_each(|index| keep_attribute(document, node, index, kept));
    document.children(node).for_each(|child| keep(document, child, kept));
}

fn keep_attribute(document: &Document, node: u32, index: usize, kept: &mut Vec<Unmodelled>) {
    let attribute = &document.attributes_of(node)[index];
    let path = format!("{}/@{}", document.path(node), attribute.name);
    kept.push(Unmodelled { path, text: Private::new(attribute.value.clone().into_owned()) });
}

fn is_understood_attribute(document: &Document, node: u32, index: usize) -> bool {
    let attribute = &document.attributes_of(node)[index];
    match (document.node(node).name, attribute.name) {
        ("nameValuePair", "type") => {
            document.parent(node).is_some_and(|group| pair_type(document, group).is_some())
        }
        ("lawEnforcement", "fleaCountry") => process_country(document, node).is_none(),
        ("associatedAccount", "accountType") => document.attribute(node, "type").is_none(),
        ("associatedAccount", "thirdPartyUser") => {
            boolean(attribute.value.trim()).is_some() && platform_answer(document, node).is_none()
        }
        _ => false,
    }
}

fn is_understood_element(document: &Document, node: u32) -> bool {
    let Some(parent) = document.parent(node) else { return false };
    let element = document.node(node);
    if document.children(node).next().is_some() || !document.attributes_of(node).is_empty() {
        return false;
    }
    match (document.node(parent).name, element.name) {
        ("reportAnnotations" | "fileAnnotations", _) => is_set(&element.text),
        ("associatedAccount", "accountDisplayName") => true,
        ("associatedAccount", "accountType") => {
            document.attribute(parent, "type").or_else(|| document.attribute(parent, "accountType")).is_none()
                && document.child(parent, "accountType") == Some(node)
        }
        ("associatedAccount", "accountIdentifier") => {
            document.child(parent, "espIdentifier").is_none()
                && document.child(parent, "accountIdentifier") == Some(node)
        }
        ("webPageIncident", "thirdPartyHostedContent") => {
            boolean(element.text.trim()).is_some()
                && document.attribute(parent, "thirdPartyHostedContent").is_none()
                && document.child(parent, "thirdPartyHostedContent") == Some(node)
        }
        _ => false,
    }
}

/// Whether a mark of this text is set.
pub(super) fn is_set(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || boolean(text) == Some(true)
}

/// The type of a group of metadata when it was written on the pairs instead, the same on all.
pub(super) fn pair_type<'d>(document: &'d Document, group: u32) -> Option<&'d str> {
    if document.attribute(group, "type").is_some() {
        return None;
    }
    let mut types = document.children(group).map(|pair| document.attribute(pair, "type"));
    let first = types.next()??;
    types.all(|next| next == Some(first)).then_some(first)
}

/// The country of foreign process, at its right place.
pub(super) fn process_country<'d>(document: &'d Document, law_enforcement: u32) -> Option<&'d str> {
    let process = document.child(law_enforcement, "servedLegalProcessInternational")?;
    document.attribute(process, "fleaCountry")
}

/// Whether a linked account is a third party's, at its right place.
pub(super) fn platform_answer(document: &Document, account: u32) -> Option<bool> {
    let platform = document.child(account, "platform")?;
    document.attribute(platform, "thirdPartyUser").and_then(|text| boolean(text.trim()))
}
