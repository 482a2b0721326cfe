//! What the pieces of a page mean, for readers that do not look at it.

use std::num::NonZeroU16;

use krilla::tagging::{ListNumbering, Node as Tagged, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A node's place in the tree.
pub(crate) type Place = usize;

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading(NonZeroU16, String),
    Paragraph,
    List,
    ListItem,
    Label,
    Body,
    Table,
    Caption,
    Head,
    Rows,
    Row,
    HeadCell,
    Cell,
}

struct Node {
    kind: Kind,
    children: Vec<Place>,
    drawn: Vec<Tagged>,
}

/// The tree of a document.
#[derive(Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    tops: Vec<Place>,
}

impl Tree {
    /// Adds a node below another, or at the top.
    pub(crate) fn add(&mut self, below: Option<Place>, kind: Kind) -> Place {
        let place = self.nodes.len();
        self.nodes.push(Node { kind, children: Vec::new(), drawn: Vec::new() });
        match below {
            Some(parent) => self.nodes[parent].children.push(place),
            None => self.tops.push(place),
        }
        place
    }

    /// Whether the newest node at the top is of this kind, and which it is.
    pub(crate) fn last_top(&self, kind: &Kind) -> Option<Place> {
        self.tops.last().copied().filter(|place| self.nodes[*place].kind == *kind)
    }

    /// Notes that something was drawn for a node.
    pub(crate) fn drawn(&mut self, place: Place, tagged: impl Into<Tagged>) {
        self.nodes[place].drawn.push(tagged.into());
    }

    /// The tree in the writer's words.
    pub(crate) fn tags(mut self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for top in std::mem::take(&mut self.tops) {
            tree.push(self.group(top));
        }
        tree
    }

    fn group(&mut self, place: Place) -> TagGroup {
        let node = &mut self.nodes[place];
        let mut group = TagGroup::new(tag(&node.kind));
        let (drawn, children) = (std::mem::take(&mut node.drawn), std::mem::take(&mut node.children));
        for leaf in drawn {
            group.push(leaf);
        }
        for child in children {
            group.push(self.group(child));
        }
        group
    }
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Heading(level, title) => Tag::Hn(*level, Some(title.clone())).into(),
        Kind::Paragraph => Tag::P.into(),
        Kind::List => Tag::L(ListNumbering::None).into(),
        Kind::ListItem => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Caption => Tag::Caption.into(),
        Kind::Head => Tag::THead.into(),
        Kind::Rows => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
    }
}
