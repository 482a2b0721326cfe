//! Which prefix means what. The language itself has no namespace; whatever has one is not of the language.

use std::borrow::Cow;

use super::{Malformed, Scope};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Declarations in force at one place; every name is looked up among them.
const MOST_BINDINGS: usize = 200;
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The declarations in force, innermost last.
pub(super) struct Namespaces<'a> {
    /// Every namespace of the document; the first is none.
    pub(super) names: Vec<Cow<'a, str>>,
    bindings: Vec<Binding<'a>>,
}

struct Binding<'a> {
    depth: usize,
    prefix: &'a str,
    namespace: u32,
}

impl<'a> Namespaces<'a> {
    pub(super) fn new() -> Self {
        let xml = Binding { depth: 0, prefix: "xml", namespace: 1 };
        Self { names: vec![Cow::Borrowed(""), Cow::Borrowed(XML)], bindings: vec![xml] }
    }

    /// Takes a declaration of `prefix` on the element at `depth`.
    pub(super) fn declare(
        &mut self,
        depth: usize,
        prefix: &'a str,
        namespace: Cow<'a, str>,
        offset: usize,
    ) -> Result<(), Malformed> {
        if self.bindings.len() >= MOST_BINDINGS {
            let says = format!("More than {MOST_BINDINGS} namespace declarations are in force.");
            return Err(Malformed::at(offset, says));
        }
        let index = if namespace.is_empty() { 0 } else { self.names.len() };
        if index > 0 {
            self.names.push(namespace);
        }
        let namespace = u32::try_from(index).expect("a bounded document has few namespaces");
        self.bindings.push(Binding { depth, prefix, namespace });
        Ok(())
    }

    /// Forgets the declarations of the element at `depth`.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth && depth > 0) {
            self.bindings.pop();
        }
    }

    /// The namespace of an element's name.
    pub(super) fn of_element(&self, name: &str, offset: usize) -> Result<u32, Malformed> {
        match name.split_once(':') {
            None => Ok(self.find("").unwrap_or(0)),
            Some((prefix, local)) => self.find_bound(prefix, local, name, "element", offset),
        }
    }

    /// Whose attribute it is: a prefix makes it someone else's.
    pub(super) fn of_attribute(&self, name: &str, offset: usize) -> Result<Scope, Malformed> {
        let Some((prefix, local)) = name.split_once(':') else { return Ok(Scope::Own) };
        let namespace = self.find_bound(prefix, local, name, "attribute", offset)?;
        if self.names[namespace as usize] != XSI {
            return Ok(Scope::Foreign);
        }
        Ok(match local {
            "schemaLocation" | "noNamespaceSchemaLocation" => Scope::SchemaHint,
            "nil" => Scope::Nil,
            _ => Scope::Foreign,
        })
    }

    fn find(&self, prefix: &str) -> Option<u32> {
        self.bindings.iter().rev().find(|binding| binding.prefix == prefix).map(|binding| binding.namespace)
    }

    fn find_bound(
        &self,
        prefix: &str,
        local: &str,
        name: &str,
        what: &str,
        offset: usize,
    ) -> Result<u32, Malformed> {
        if prefix.is_empty() || local.is_empty() || local.contains(':') {
            return Err(Malformed::at(
                offset,
                "The markup is not well-formed: a name may hold one colon, inside.",
            ));
        }
        self.find(prefix).filter(|namespace| *namespace != 0).ok_or_else(|| {
            Malformed::at(offset, format!("The prefix \"{prefix}\" for {what} \"{name}\" is not bound."))
        })
    }
}

/// The prefix that an attribute of this name declares, empty for the default; `None` for an ordinary attribute.
pub(super) fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}
