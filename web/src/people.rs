//! The pages on which somebody keeps people, the same in every face: who is there and until when, who was invited, one page
//! a person. Whose people they are follows from whoever is signed in, and what may be done is decided below.

mod due;
mod invite;
mod list;
mod one;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use maud::{Markup, html};
use office::courier::{Channel, Courier};
use office::people;
use office::{Home, House, Trouble};
use policy::Viewer;
use ui::{Link, Weight, alert};

use crate::door::{Admitted, Door, Inner};

pub use invite::home_door;

/// A form of these pages with every answer at its bound is smaller.
const MOST_FORM_BYTES: usize = 256 * 1024;

/// Where the pages stand in their face.
#[derive(Debug)]
pub struct Room {
    /// The list, with its name.
    pub link: Link<'static>,
    /// The trail to it; nothing where it is a room of its own.
    pub above: &'static [Link<'static>],
    /// What only the house has: a page for each invitation, and those on which two people decide.
    pub house: Option<HousePages>,
    /// Where keys to which packages are sealed are kept.
    pub keys: Option<&'static str>,
}

/// Pages that only the clearinghouse's own people have.
#[derive(Debug, Clone, Copy)]
pub struct HousePages {
    /// Where the page of an invitation begins.
    pub invitations: &'static str,
    /// Where the page of an approval begins.
    pub approvals: &'static str,
    /// Where the page of an agency begins.
    pub agencies: &'static str,
}

/// The pages of one face.
#[derive(Clone)]
pub struct People {
    door: Door,
    courier: Arc<dyn Courier>,
    room: &'static Room,
}

impl FromRef<People> for Door {
    fn from_ref(people: &People) -> Self {
        people.door.clone()
    }
}

impl People {
    /// The pages behind a door; `courier` takes letters to people.
    #[must_use]
    pub const fn new(door: Door, courier: Arc<dyn Courier>, room: &'static Room) -> Self {
        Self { door, courier, room }
    }

    /// All of them.
    pub fn routes(self) -> Router {
        let base = self.room.link.href;
        let at = |path: &str| format!("{base}{path}");
        let mut pages = Router::new()
            .route(base, get(list::page).post(invite::invite))
            .route(&at(due::PATH), get(due::page))
            .route(&at("/attest"), post(list::attest))
            .route(&at("/invitations/{invitation}/codes"), post(invite::codes))
            .route(&at("/invitations/{invitation}/withdraw"), post(invite::withdraw))
            .route(&at("/{person}"), get(one::page));
        for act in one::Act::ALL {
            let path = at(&format!("/{{person}}/{}", act.as_str()));
            pages = pages.route(
                &path,
                post(move |people, who, id, headers, form| one::done(act, people, who, id, (headers, form))),
            );
        }
        pages.layer(DefaultBodyLimit::max(MOST_FORM_BYTES)).with_state(self)
    }

    fn house(&self) -> &House {
        &self.door.house
    }

    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.room.link.href)
    }

    /// Somebody as access sees them, with where they belong.
    fn viewer(&self, who: &Admitted) -> (Viewer, Home) {
        (who.somebody.viewer(self.house()), who.somebody.person.home.clone())
    }

    /// The list itself, or a page below it.
    async fn drawn(&self, status: StatusCode, who: &Admitted, title: &str, main: &Markup) -> Response {
        let Room { link, above, .. } = self.room;
        let is_list = title == link.label;
        let trail: Vec<Link<'_>> = above.iter().copied().chain((!is_list).then_some(*link)).collect();
        let current = Some(above.first().map_or(link.href, |room| room.href));
        let trail = (!trail.is_empty()).then(|| ui::breadcrumb(&trail, title));
        self.door.inner(status, who, Inner { title, current, trail }, main).await
    }

    /// What was refused stands above the page; what is not theirs does not exist; what broke has a number.
    fn refused(&self, trouble: &Trouble) -> Result<Markup, Refused> {
        if trouble.is_not_found() {
            return Err(Refused::NotFound);
        }
        if let Trouble::Courier(channel, fault) = trouble {
            tracing::warn!(%fault, channel = channel.as_str(), "a letter with a code could not be sent");
            return Ok(not_sent(*channel, self.courier.sends_mail()));
        }
        match trouble.refusal() {
            Some(refusal) => Ok(nothing_changed(people::in_words(refusal))),
            None => Err(Refused::Broken),
        }
    }

    async fn elsewhere(&self, who: &Admitted, trouble: &Trouble, why: Refused) -> Response {
        match why {
            Refused::NotFound => self.not_found(who).await,
            Refused::Broken => self.door.broken(trouble),
        }
    }

    async fn not_found(&self, who: &Admitted) -> Response {
        let main = crate::frame::not_found(self.door.face.absent, self.door.face.home);
        self.drawn(StatusCode::NOT_FOUND, who, "Not found", &main).await
    }

    async fn stale(&self, who: &Admitted) -> Response {
        let main = crate::frame::stale_form(self.room.link);
        self.drawn(StatusCode::FORBIDDEN, who, "Form out of date", &main).await
    }
}

/// Why there is nothing to show above the page.
enum Refused {
    NotFound,
    Broken,
}

/// Says which of two letters did not go, and what both codes are worth then.
fn not_sent(channel: Channel, sends_mail: bool) -> Markup {
    let failed = match (channel, sends_mail) {
        (Channel::Mail, true) => {
            "The mail server did not take the letter by mail, and the other one was not written."
        }
        (Channel::Mail, false) => {
            "The letter by mail could not be put into the outbox of this installation, and the other one was not written."
        }
        (Channel::Second, true) => {
            "The code by mail is on its way. The letter for the second channel could not be put into the outbox of this installation."
        }
        (Channel::Second, false) => {
            "The letter by mail lies in the outbox of this installation. The one for the second channel could not be put there."
        }
    };
    alert(
        Weight::Error,
        "Codes were drawn and not sent",
        &html! {
            p { (failed) }
            p { "The codes before these are worth nothing, and one of two codes lets nobody in. Draw both again a little later. If it goes on, tell the operator: the log says why." }
        },
    )
}

/// Says that nothing was changed, and why.
#[must_use]
pub fn nothing_changed(says: &str) -> Markup {
    alert(Weight::Error, "Nothing was changed", &html! { p { (says) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_drew_codes_reads_which_letter_did_not_go_and_that_codes_changed() {
        let says = |channel, sends_mail| not_sent(channel, sends_mail).into_string();
        for text in
            [(Channel::Mail, true), (Channel::Mail, false), (Channel::Second, true), (Channel::Second, false)]
                .map(|(channel, sends_mail)| says(channel, sends_mail))
        {
            assert!(
                text.contains("Codes were drawn and not sent") && !text.contains("Nothing was changed"),
                "{text}"
            );
            assert!(text.contains("The codes before these are worth nothing"), "{text}");
        }
        assert!(says(Channel::Mail, true).contains("The mail server did not take"));
        for outbox in [says(Channel::Mail, false), says(Channel::Second, true), says(Channel::Second, false)]
        {
            assert!(outbox.contains("outbox") && !outbox.contains("mail server"), "{outbox}");
        }
    }
}
