//! Which child may come next: the order, choices and counts of one element's content, and what is still expected.

use super::language::{Content, Element};
use super::profile::Profile;

/// Where reading stands among the children of one element.
pub(super) struct Cursor {
    content: Content,
    profile: Profile,
    /// First element of the current place.
    at: usize,
    /// Children taken in the current place.
    taken: usize,
    /// For content in any order: which elements stood already, one bit each.
    seen: u64,
    /// After a child at the wrong place nothing more is expected or complained of.
    broken: bool,
}

/// What a child is.
pub(super) enum Step {
    /// At its place.
    Fits(&'static Element),
    /// Not at its place; where the name is known all the same, with its description.
    Misplaced { known: Option<&'static Element>, first: bool },
}

impl Cursor {
    pub(super) const fn new(content: Content, profile: Profile) -> Self {
        Self { content, profile, at: 0, taken: 0, seen: 0, broken: false }
    }

    /// Takes the next child.
    pub(super) fn step(&mut self, name: Option<&str>) -> Step {
        let known = name.and_then(|name| self.find(name));
        if self.broken {
            return Step::Misplaced { known, first: false };
        }
        let fits = match self.content {
            Content::All(elements) => known.filter(|found| self.mark(elements, found)),
            _ => name.and_then(|name| self.advance(name)),
        };
        self.broken = fits.is_none();
        fits.map_or(Step::Misplaced { known, first: true }, Step::Fits)
    }

    /// The description of a child, wherever it stands.
    pub(super) fn find(&self, name: &str) -> Option<&'static Element> {
        let profile = self.profile;
        self.content.elements().iter().find(|element| element.name == name && element.since.is_in(profile))
    }

    fn mark(&mut self, elements: &'static [Element], found: &Element) -> bool {
        let index = elements.iter().position(|element| element.name == found.name).unwrap_or_default();
        let new = self.seen & (1 << index) == 0;
        self.seen |= 1 << index;
        new
    }

    /// Moves to the place where `name` fits, past places that may stay empty.
    fn advance(&mut self, name: &str) -> Option<&'static Element> {
        let elements = self.content.elements();
        let (mut at, mut taken) = (self.at, self.taken);
        while at < elements.len() {
            let end = self.place_end(at);
            let fits = |element: &&Element| element.name == name && element.since.is_in(self.profile);
            if let Some(found) = elements[at..end].iter().find(fits) {
                if taken > 0 && !found.occurs.is_repeatable() {
                    return None;
                }
                (self.at, self.taken) = (at, taken + 1);
                return Some(found);
            }
            if taken == 0 && self.is_required(at) {
                return None;
            }
            (at, taken) = (end, 0);
        }
        None
    }

    /// The end of the place that begins at `at`: elements that share it are alternatives.
    fn place_end(&self, at: usize) -> usize {
        let elements = self.content.elements();
        if matches!(self.content, Content::Choice(_)) {
            return elements.len();
        }
        let shared = elements[at + 1..].iter().take_while(|element| element.shares_place).count();
        at + 1 + shared
    }

    fn is_required(&self, at: usize) -> bool {
        matches!(self.content, Content::Choice(_)) || self.content.elements()[at].occurs.is_required()
    }

    /// The names that may come next, in order.
    pub(super) fn expected(&self) -> Vec<&'static str> {
        let elements = self.content.elements();
        let known = |element: &&Element| element.since.is_in(self.profile);
        if matches!(self.content, Content::All(_)) {
            let unseen = elements.iter().enumerate().filter(|(index, _)| self.seen & (1 << index) == 0);
            return unseen.map(|(_, element)| element).filter(known).map(|element| element.name).collect();
        }
        let mut names = Vec::new();
        let (mut at, mut taken) = (self.at, self.taken);
        while at < elements.len() {
            let end = self.place_end(at);
            let open = |element: &&Element| taken == 0 || element.occurs.is_repeatable();
            names.extend(elements[at..end].iter().filter(known).filter(open).map(|element| element.name));
            if taken == 0 && self.is_required(at) {
                break;
            }
            (at, taken) = (end, 0);
        }
        names
    }

    /// Whether something required is still missing at the end.
    pub(super) fn is_incomplete(&self) -> bool {
        if self.broken || matches!(self.content, Content::All(_)) {
            return false;
        }
        let elements = self.content.elements();
        let (mut at, mut taken) = (self.at, self.taken);
        while at < elements.len() {
            if taken == 0 && self.is_required(at) {
                return true;
            }
            (at, taken) = (self.place_end(at), 0);
        }
        false
    }
}
