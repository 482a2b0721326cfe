//! A well-formed document as a flat tree of borrowed slices. Everything that schema validation does not look at is
//! settled here: encoding, well-formedness, namespaces, bounds. Entities are never expanded beyond the five of XML.

mod attributes;
mod namespaces;
mod tokens;

use std::borrow::Cow;

pub(super) use attributes::is_space as is_xml_space;
pub(super) use tokens::parse;

/// The root's place in [`Document::nodes`].
pub(super) const ROOT: u32 = 0;
const NONE: u32 = u32::MAX;
/// No name of any language is longer; answers repeat names.
const LONGEST_NAME_BYTES: usize = 256;

/// A parsed document.
pub(super) struct Document<'a> {
    source: &'a str,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    namespaces: Vec<Cow<'a, str>>,
}

/// One element.
pub(super) struct Node<'a> {
    /// The tag as written, prefix included.
    pub(super) name: &'a str,
    /// The text directly inside, with references resolved and line ends normal.
    pub(super) text: Cow<'a, str>,
    /// The text inside is more than white space.
    pub(super) has_text: bool,
    /// Byte behind its start tag.
    pub(super) opened: u32,
    /// Byte behind its end tag.
    pub(super) closed: u32,
    namespace: u32,
    first_attribute: u32,
    end_attribute: u32,
    parent: u32,
    first_child: u32,
    next: u32,
}

/// One attribute; namespace declarations are not among them.
pub(super) struct Attribute<'a> {
    /// The name as written, prefix included.
    pub(super) name: &'a str,
    /// The value, normalised as XML demands.
    pub(super) value: Cow<'a, str>,
    /// What the prefix says about it.
    pub(super) scope: Scope,
}

/// Whose attribute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of the language itself: no prefix.
    Own,
    /// A hint for schema validators, which is ignored: `xsi:schemaLocation`, `xsi:noNamespaceSchemaLocation`.
    SchemaHint,
    /// `xsi:nil`, which no element of the language allows.
    Nil,
    /// Of some other language.
    Foreign,
}

/// Why a document is malformed, and at which byte.
pub(super) struct Malformed {
    pub(super) offset: usize,
    pub(super) says: String,
    pub(super) help: Option<&'static str>,
}

impl Malformed {
    fn at(offset: usize, says: impl Into<String>) -> Self {
        Self { offset, says: says.into(), help: None }
    }
}

impl<'a> Document<'a> {
    pub(super) fn node(&self, index: u32) -> &Node<'a> {
        &self.nodes[index as usize]
    }

    pub(super) fn attributes_of(&self, index: u32) -> &[Attribute<'a>] {
        let node = self.node(index);
        &self.attributes[node.first_attribute as usize..node.end_attribute as usize]
    }

    /// The value of an attribute of the language itself.
    pub(super) fn attribute(&self, index: u32, name: &str) -> Option<&str> {
        let own = |attribute: &&Attribute| attribute.scope == Scope::Own && attribute.name == name;
        self.attributes_of(index).iter().find(own).map(|attribute| attribute.value.as_ref())
    }

    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = u32> {
        let present = |at: u32| Some(at).filter(|at| *at != NONE);
        std::iter::successors(present(self.node(index).first_child), move |at| present(self.node(*at).next))
    }

    /// The first child of this name.
    pub(super) fn child(&self, index: u32, name: &str) -> Option<u32> {
        self.children(index).find(|child| self.is(*child, name))
    }

    /// Whether an element of the language itself has this name.
    pub(super) fn is(&self, index: u32, name: &str) -> bool {
        let node = self.node(index);
        node.namespace == 0 && node.name == name
    }

    /// The name of an element of the language itself; `None` for one of another namespace.
    pub(super) fn own_name(&self, index: u32) -> Option<&str> {
        let node = self.node(index);
        (node.namespace == 0).then_some(node.name)
    }

    pub(super) fn parent(&self, index: u32) -> Option<u32> {
        Some(self.node(index).parent).filter(|parent| *parent != NONE)
    }

    /// The namespace of an element, cut where it is unreasonably long; `None` for the language itself.
    pub(super) fn namespace(&self, index: u32) -> Option<&str> {
        let index = self.node(index).namespace as usize;
        let cut = |name: &str| name.char_indices().nth(LONGEST_NAME_BYTES).map_or(name.len(), |(at, _)| at);
        (index != 0).then(|| &self.namespaces[index][..cut(&self.namespaces[index])])
    }

    /// The tags from the root down to this element, joined by slashes.
    pub(super) fn path(&self, index: u32) -> String {
        let mut tags: Vec<&str> =
            std::iter::successors(Some(index), |at| self.parent(*at)).map(|at| self.node(at).name).collect();
        tags.reverse();
        tags.join("/")
    }

    /// Line and column of a byte.
    pub(super) fn position(&self, offset: u32) -> (u32, u32) {
        position(self.source, offset as usize)
    }
}

/// Line and column of a byte, both from 1; columns count as Java does, in UTF-16 units.
pub(super) fn position(source: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &source[..offset];
    let feeds = before.bytes().filter(|byte| *byte == b'\n').count();
    // Line ends of old and mixed documents; the search is skipped where there is none.
    let lone_return = |pair: &&[u8]| pair[0] == b'\r' && pair[1] != b'\n';
    let lone_returns =
        if before.contains('\r') { before.as_bytes().windows(2).filter(lone_return).count() } else { 0 };
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let column = before[line_start..].chars().map(char::len_utf16).sum::<usize>();
    let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (clamp(feeds + lone_returns + 1), clamp(column + 1))
}
