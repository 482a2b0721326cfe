//! What the agency seized, as its own tools describe it: brought, listed, removed. Bytes stream through; nothing of a
//! document that breaks off is kept.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Id, Private, SeizedSetId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use seized::{Fault, Feed, MOST_NAME_LETTERS, NewSet, SeizedSet, State};
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, alert, button};
use web::door::Token;
use web::multipart::{Multipart, Part, Unreadable};
use web::upload::{self, MOST_TOKEN_BYTES, NOT_WHOLE};

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{shell, show};

pub(crate) const LINK: Link<'static> = Link { href: "/agency/imports", label: "Seized sets" };

const BRING: &str = "seized-bring";
/// The name of a set is never longer.
const MOST_WORDS_BYTES: usize = 2_000;

/// `GET /agency/imports`.
pub(crate) async fn page(who: SignedIn) -> Response {
    shown(&who, StatusCode::OK, &html! {}).await
}

/// `POST /agency/imports`.
pub(crate) async fn bring(who: SignedIn, headers: HeaderMap, parts: Multipart) -> Response {
    match brought(&who, &headers, parts).await {
        Ok(()) => {
            let says = html! { p { "Its files are marked in reports from now on." } };
            shown(&who, StatusCode::OK, &alert(Weight::Done, "The set was taken", &says)).await
        }
        Err(NotTaken::Form) => shell::stale_form(&who),
        Err(NotTaken::Said(says)) => {
            let mistakes = ui::mistakes(&[("file", &says)]);
            shown(&who, StatusCode::UNPROCESSABLE_ENTITY, &mistakes).await
        }
        Err(NotTaken::Fault(fault)) => match *fault {
            Fault::Trouble(trouble) => refusal(&who, &trouble),
            fault => shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
        },
    }
}

/// `POST /agency/imports/{set}/remove`.
pub(crate) async fn remove(
    who: SignedIn,
    Path(set): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(set) = SeizedSetId::parse(&set) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &form.csrf, &removal(&set)) {
        return shell::stale_form(&who);
    }
    match seized::remove(&who.agencies.house, &who.session.viewer, &set).await {
        Ok(()) => {
            let says = html! { p { "Nothing of it is left but that it was here." } };
            shown(&who, StatusCode::OK, &alert(Weight::Done, "The set was removed", &says)).await
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// Why a set was not taken.
enum NotTaken {
    /// The form was not ours, of this session.
    Form,
    /// In words for whoever brought it.
    Said(String),
    /// A denial, or ours to mend.
    Fault(Box<Fault>),
}

impl From<Fault> for NotTaken {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreadable(says) => Self::Said(format!("Nothing was taken: {says}.")),
            Fault::Trouble(trouble) if trouble.refusal().is_some_and(|it| it.code() == "unfit") => {
                Self::Said(format!(
                    "Give the set a name of at most {MOST_NAME_LETTERS} letters, then choose the file again."
                ))
            }
            fault => Self::Fault(Box::new(fault)),
        }
    }
}

impl From<Unreadable> for NotTaken {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            // Its words are too long for one of ours.
            Unreadable::Words => Self::Form,
            Unreadable::Broken | Unreadable::BrokenOff => Self::Said(NOT_WHOLE.to_owned()),
        }
    }
}

/// The token comes first, then the name, then the file: not a byte is read of a form that is not ours.
async fn brought(who: &SignedIn, headers: &HeaderMap, mut parts: Multipart) -> Result<(), NotTaken> {
    let (mut is_ours, mut name) = (false, Private::new(String::new()));
    loop {
        let part = upload::next(&mut parts).await?;
        match part.head().name() {
            Some("csrf") => {
                is_ours = who.visit.may_post(headers, &part.words(MOST_TOKEN_BYTES).await?, BRING);
            }
            Some("name") => name = Private::new(part.words(MOST_WORDS_BYTES).await?),
            Some("file") if !is_ours || !seized::keeps(&who.session.viewer) => {
                upload::skip(part).await?;
                return Err(NotTaken::Form);
            }
            Some("file") if part.head().file_name().is_none() => return Err(Unreadable::BrokenOff.into()),
            Some("file") => return take(who, name, part).await,
            _ => {}
        }
    }
}

/// The set is taken by a task of its own: when the browser goes away, what came so far is removed all the same.
async fn take(who: &SignedIn, name: Private<String>, part: Part<'_>) -> Result<(), NotTaken> {
    let (feed, source) = seized::feed();
    let (house, viewer) = (who.agencies.house.clone(), who.session.viewer.clone());
    let here = house.here();
    let taking = here.scope(async move { seized::take(&house, &viewer, NewSet { name, source }).await });
    let taking = tokio::spawn(taking);
    let poured = pour(part, feed).await;
    let taken = taking.await.map_err(|_| Unreadable::BrokenOff)?;
    poured?;
    Ok(taken.map(drop)?)
}

async fn pour(mut part: Part<'_>, feed: Feed) -> Result<(), Unreadable> {
    while let Some(frame) = part.frame().await? {
        if !feed.push(frame).await {
            // Whoever reads had enough, and says why; the rest is heard out.
            return upload::skip(part).await;
        }
    }
    feed.end().await;
    Ok(())
}

async fn shown(who: &SignedIn, status: StatusCode, said: &Markup) -> Response {
    match seized::list(&who.agencies.house, &who.session.viewer).await {
        Ok(sets) => shell::in_room(status, who, (LINK, LINK.label), None, &main(who, &sets, said)),
        Err(trouble) => refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, sets: &[SeizedSet], said: &Markup) -> Markup {
    let (kept, gone): (Vec<&SeizedSet>, Vec<&SeizedSet>) =
        sets.iter().partition(|set| set.state() != State::Removed);
    let name = Field::new("name", "Name of the set")
        .hint("Such as: case number and device. Only your agency sees it.")
        .required();
    let file = Field::new("file", "File")
        .kind(Kind::File)
        .hint("VICS 1.3 or 2.0 JSON from your forensic tool, or a list of MD5, SHA-1 or SHA-256. Any size. No pictures.")
        .required();
    html! {
        h1 { (LINK.label) }
        (said)
        p { "Bring what your forensic tools found on seized devices, as hashes. Files of reports that were on such a device are marked on the report's page. Hashes are kept under a key and for your agency alone; what your tool wrote is kept word for word, sealed, and can be had back." }
        h2 { "Bring a set" }
        (ui::post_files(LINK.href, &who.visit.token(BRING), &html! { (name) (file) (button("Bring the set", Button::Primary)) }))
        h2 { "Your sets" }
        @if kept.is_empty() { (ui::empty("No set was brought yet.", None)) }
        @else {
            (table("Sets that are here", &kept))
            @for set in &kept { (removing(who, set)) }
        }
        @if !gone.is_empty() {
            h2 { "Removed, or broken off" }
            (table("Sets of which nothing is left", &gone))
        }
    }
}

fn table(caption: &str, sets: &[&SeizedSet]) -> Markup {
    let columns = ["Name", "State", "Form", "Records", "Without a hash", "Brought"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |set: &&SeizedSet| Row {
        head: ui::text(set.name.reveal()),
        cells: vec![
            state(set.state()),
            html! { (set.form.as_deref().unwrap_or("unknown")) @if let Some(region) = &set.region { " (" (ui::text(region)) ")" } },
            html! { (set.records) },
            html! { (set.without_digest) },
            show::moment(set.begun_at),
        ],
    };
    let rows: Vec<Row> = sets.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(state: State) -> Markup {
    match state {
        State::Unfinished => ui::chip("unfinished", Tone::Notice),
        State::Taken => ui::chip("in use", Tone::Strong),
        State::Removed => ui::chip("removed", Tone::Muted),
    }
}

fn removing(who: &SignedIn, set: &SeizedSet) -> Markup {
    let action = format!("{}/{}/remove", LINK.href, set.id);
    let label = format!("Remove {}", set.name.reveal());
    ui::post(&action, &who.visit.token(&removal(&set.id)), &button(&label, Button::Secondary))
}

fn removal(set: &SeizedSetId) -> String {
    format!("seized-remove-{set}")
}
