//! The words of a schema validator (Xerces), one function a message. Tests hold them against the Java runtime's own.

use super::document::{Attribute, Document, Scope};

/// A child at the wrong place.
pub(super) fn unexpected(name: &str, expected: &[&str]) -> String {
    let found = format!("Invalid content was found starting with element '{name}'.");
    if expected.is_empty() {
        return format!("cvc-complex-type.2.4.d: {found} No child element is expected at this point.");
    }
    format!("cvc-complex-type.2.4.a: {found} One of '{{{}}}' is expected.", expected.join(", "))
}

/// A required child is missing at the end.
pub(super) fn incomplete(name: &str, expected: &[&str]) -> String {
    let expected = expected.join(", ");
    format!(
        "cvc-complex-type.2.4.b: The content of element '{name}' is not complete. One of '{{{expected}}}' is expected."
    )
}

/// The root is not of the language.
pub(super) fn unknown_root(name: &str) -> String {
    format!("cvc-elt.1.a: Cannot find the declaration of element '{name}'.")
}

/// Text between elements.
pub(super) fn text_between(name: &str) -> String {
    format!(
        "cvc-complex-type.2.3: Element '{name}' cannot have character [children], because the type's content type is element-only."
    )
}

/// Something inside an element that must be empty.
pub(super) fn not_empty(name: &str) -> String {
    format!(
        "cvc-complex-type.2.1: Element '{name}' must have no character or element information item [children], because the type's content type is empty."
    )
}

/// A bad value, or children, in an element that has attributes and text.
pub(super) fn bad_content(name: &str) -> String {
    format!(
        "cvc-complex-type.2.2: Element '{name}' must have no element [children], and the value must be valid."
    )
}

/// Children in an element that only has text.
pub(super) fn children_in_text(name: &str) -> String {
    format!(
        "cvc-type.3.1.2: Element '{name}' is a simple type, so it must have no element information item [children]."
    )
}

/// A bad value in an element that only has text.
pub(super) fn bad_value(name: &str, value: &str) -> String {
    format!("cvc-type.3.1.3: The value '{value}' of element '{name}' is not valid.")
}

/// Children in a mark.
pub(super) fn children_in_mark(name: &str) -> String {
    format!("cvc-elt.5.2.2.1: Element '{name}' must have no element information item [children].")
}

/// A mark that says no.
pub(super) fn false_mark(name: &str, value: &str) -> String {
    format!(
        "cvc-elt.5.2.2.2.2: The value '{value}' of element '{name}' does not match the {{value constraint}} value 'true'."
    )
}

/// An attribute that its element does not have; `only_text` when the element has none at all.
pub(super) fn unknown_attribute(element: &str, attribute: &Attribute, only_text: bool) -> String {
    let name = attribute.name;
    if attribute.scope == Scope::Nil {
        return format!(
            "cvc-elt.3.1: Attribute 'http://www.w3.org/2001/XMLSchema-instance,nil' must not appear on element '{element}', because the {{nillable}} property of '{element}' is false."
        );
    }
    if only_text {
        return format!(
            "cvc-type.3.1.1: Element '{element}' is a simple type, so it cannot have attributes, excepting those whose namespace name is identical to 'http://www.w3.org/2001/XMLSchema-instance' and whose [local name] is one of 'type', 'nil', 'schemaLocation' or 'noNamespaceSchemaLocation'. However, the attribute, '{name}' was found."
        );
    }
    format!("cvc-complex-type.3.2.2: Attribute '{name}' is not allowed to appear in element '{element}'.")
}

/// An attribute that must be given.
pub(super) fn missing_attribute(element: &str, attribute: &str) -> String {
    format!("cvc-complex-type.4: Attribute '{attribute}' must appear on element '{element}'.")
}

/// A bad value of an attribute.
pub(super) fn bad_attribute(element: &str, attribute: &str, value: &str, kind: &str) -> String {
    format!(
        "cvc-attribute.3: The value '{value}' of attribute '{attribute}' on element '{element}' is not valid with respect to its type, '{kind}'."
    )
}

/// A text that is not of its built-in type.
pub(super) fn not_of_type(value: &str, kind: &str) -> String {
    format!("cvc-datatype-valid.1.2.1: '{value}' is not a valid value for '{kind}'.")
}

/// A value that is not on its list.
pub(super) fn not_listed(value: &str, list: &[&str]) -> String {
    let list = list.join(", ");
    format!(
        "cvc-enumeration-valid: Value '{value}' is not facet-valid with respect to enumeration '[{list}]'. It must be a value from the enumeration."
    )
}

/// A text that is too long.
pub(super) fn too_long(value: &str, length: usize, most: usize, kind: &str) -> String {
    format!(
        "cvc-maxLength-valid: Value '{value}' with length = '{length}' is not facet-valid with respect to maxLength '{most}' for type '{kind}'."
    )
}

/// A value beyond a bound, or not of a form.
pub(super) fn beyond(facet: &str, value: &str, bound: &str, kind: &str) -> String {
    format!(
        "cvc-{facet}-valid: Value '{value}' is not facet-valid with respect to {facet} '{bound}' for type '{kind}'."
    )
}

/// The name of an element as the message about its place prints it: with its namespace, if it has one.
pub(super) fn expanded_name(document: &Document, node: u32) -> String {
    let name = document.node(node).name;
    let Some(namespace) = document.namespace(node) else { return name.to_owned() };
    let local = name.rsplit(':').next().unwrap_or(name);
    format!("{{\"{namespace}\":{local}}}")
}
