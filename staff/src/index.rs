//! The index of a room: the pages that it leads to, each with what it is for. A role sees those that are for it.

use maud::{Markup, html};
use policy::ViewerRole;
use ui::Link;

use crate::session::SignedIn;

/// A page that an index leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) link: Link<'static>,
    /// What it is for, in one sentence.
    pub(crate) says: &'static str,
    /// Who finds it.
    pub(crate) roles: &'static [ViewerRole],
}

/// The entries for this person's role.
pub(crate) fn entries(who: &SignedIn, all: &[Entry]) -> Markup {
    let mine: Vec<&Entry> = all.iter().filter(|entry| who.member.is_one_of(entry.roles)).collect();
    html! {
        @if mine.is_empty() {
            (ui::empty("There is no page for your role here.", None))
        } @else {
            ul .house-cards {
                @for entry in mine {
                    li { h2 { (entry.link) } p { (entry.says) } }
                }
            }
        }
    }
}
