//! One file at the desk, and a look at it under the same gate as everybody's: asked for, grey and blurred first, clear on a
//! second asking, gone after a while, counted.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::ReportId;
use domain::portal::MediaClass;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Link, Value, Weight, button};
use viewing::files::{self, Held, HeldFile};
use viewing::wellness::{self, Before};
use viewing::{Again, Asking, Manner, Shut, VIEW_LASTS, permission};
use web::door::Token;
use web::{Look, moment, portal};

use super::files::{LINK, ROLES, opens, tri};
use crate::session::SignedIn;
use crate::{Staff, shell};

/// A person's own page about looking.
const LOOKING: &str = "/desk/portal/wellness";

/// Whoever may look, with a permission of their own.
const LOOKERS: &[ViewerRole] = &[ViewerRole::Analyst, ViewerRole::Supervisor];

/// Why something that was seen before must be seen again.
const AGAIN: [Choice<'static>; 3] = [
    Choice { value: Again::Identification.as_str(), label: "To identify a person or a place" },
    Choice { value: Again::Court.as_str(), label: "For a court or a prosecutor" },
    Choice { value: Again::Review.as_str(), label: "To check what a colleague wrote" },
];

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route("/desk/reports/{report}/files/{position}", get(page))
        .route("/desk/reports/{report}/files/{position}/look", post(look))
        .route("/desk/reports/{report}/files/{position}/close", post(close))
        .route("/desk/reports/{report}/files/{position}/class", post(class))
}

pub(super) fn address(report: ReportId, position: u32) -> String {
    format!("/desk/reports/{report}/files/{position}")
}

#[derive(Debug, Clone, Deserialize)]
struct At {
    report: String,
    position: u32,
}

/// Everything that the page is drawn from.
struct Seen {
    held: Held,
    position: u32,
    permitted_until: Option<Timestamp>,
    /// What whoever looks reads first.
    before: Option<Before>,
}

impl Seen {
    /// INVARIANT: [`gather`] answers only for a file that is there.
    fn file(&self) -> &HeldFile {
        self.held.file(self.position).expect("the file was found when this was gathered")
    }

    fn path(&self) -> String {
        address(self.held.report, self.position)
    }

    /// The name of one of its forms, for its token.
    fn form(&self, what: &str) -> String {
        format!("{what}/{}/{}", self.held.report, self.position)
    }
}

async fn gather(who: &SignedIn, at: &At) -> Result<Seen, Box<Response>> {
    who.must_be(ROLES)?;
    let Ok(report) = at.report.parse::<ReportId>() else { return Err(Box::new(shell::not_found(who))) };
    let (house, viewer) = (&who.staff.house, who.viewer());
    let trouble = |trouble| Box::new(shell::trouble(who, &trouble));
    let held = files::of_report(house, &viewer, report).await.map_err(trouble)?;
    let Some(file) = held.file(at.position).map(|file| file.id.clone()) else {
        return Err(Box::new(shell::not_found(who)));
    };
    let permitted_until = permission::of(house, &viewer).await.map_err(trouble)?;
    let before = wellness::before(house, &viewer, report, file).await.map_err(trouble)?;
    Ok(Seen { held, position: at.position, permitted_until, before })
}

/// `GET /desk/reports/{report}/files/{position}`.
async fn page(who: SignedIn, Path(at): Path<At>) -> Response {
    match gather(&who, &at).await {
        Ok(seen) => drawn(&who, &seen, StatusCode::OK, None),
        Err(elsewhere) => *elsewhere,
    }
}

fn drawn(who: &SignedIn, seen: &Seen, status: StatusCode, wrong: Option<&str>) -> Response {
    let title = format!("File {} of report {}", seen.position, seen.held.report);
    below(status, who, seen, &title, &main(who, seen, wrong))
}

fn below(status: StatusCode, who: &SignedIn, seen: &Seen, title: &str, main: &Markup) -> Response {
    let (href, label) = (super::files::address(seen.held.report), format!("Report {}", seen.held.report));
    shell::below(status, who, &[shell::DESK, LINK, Link { href: &href, label: &label }], title, main)
}

fn main(who: &SignedIn, seen: &Seen, wrong: Option<&str>) -> Markup {
    let file = seen.file();
    let facts = [
        ("Opens to us on", opens(&file.opening).into()),
        ("Viewed by sender", tri(file.viewed).into()),
        ("Publicly available", tri(file.public).into()),
        ("Class", Value::words(file.classification.as_deref())),
        ("Seen in earlier reports", html! { (file.seen_before) }.into()),
        ("Size", html! { (web::size(file.size_bytes)) }.into()),
        ("SHA-256", html! { code { (file.sha256) } }.into()),
    ];
    html! {
        h1 { "File " (seen.position) " of report " (seen.held.report) }
        @if let Some(wrong) = wrong { (ui::alert(Weight::Error, "It was not done", &html! { p { (wrong) } })) }
        (ui::definitions(&facts))
        @if let Some(before) = &seen.before { (portal::looking(before, LOOKING)) }
        h2 { "A look at it" }
        @match (portal::known_by(seen.before.as_ref(), &[]), cannot(who, seen)) {
            (Some(known), _) => { (known) }
            (None, Some(why)) => { p { (why) } }
            (None, None) => {
                @if let Some(until) = seen.permitted_until { p { "Your media permission lasts until " (moment(until)) "." } }
                (ask(who, seen, None))
            }
        }
        @if let Some(before) = &seen.before {
            (portal::classing(before, &format!("{}/class", seen.path()), &who.visit.token(&seen.form("class"))))
        }
    }
}

/// Why no look can be asked for.
fn cannot(who: &SignedIn, seen: &Seen) -> Option<&'static str> {
    if !who.member.is_one_of(LOOKERS) {
        return Some("Your role looks at no media. Its work is done with the words above.");
    }
    if seen.file().opening.is_err() {
        return Some(
            "It is shut, as said above. A supervisor or counsel can ask for counsel's ground on the page of the report's files.",
        );
    }
    if seen.permitted_until.is_none() {
        return Some("You have no media permission. A supervisor grants it, to as few people as possible.");
    }
    if seen.before.as_ref().is_some_and(|before| !before.spared.is_empty()) {
        return Some(
            "You chose not to be shown files of this kind. Nobody asks why; you can change it under Portal, Looking.",
        );
    }
    who.staff
        .media
        .is_none()
        .then_some("Pictures are not served here: the operator has set no origin for them.")
}

/// The form that asks for the first look. `again` where it was seen before.
fn ask(who: &SignedIn, seen: &Seen, again: Option<&str>) -> Markup {
    html! {
        p { "Words come before pictures: what is known of it stands above, and may be enough. Each look is recorded, with its ground. Nothing is kept on this computer." }
        (ui::post(&format!("{}/look", seen.path()), &who.visit.token(&seen.form("look")), &html! {
            input type="hidden" name="manner" value="grey";
            @if let Some(again) = again {
                p { (again) }
                (Field::new("again", "Why it must be seen again").kind(Kind::Choice(&AGAIN)).value(AGAIN[0].value))
            }
            (portal::goes_on(seen.before.as_ref()))
            (button("Show it grey and blurred", Button::Primary))
        }))
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    csrf: String,
    manner: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    goes_on: String,
}

impl Asked {
    fn goes_on(&self) -> bool {
        self.goes_on == "yes"
    }

    fn again(&self) -> Option<Again> {
        Again::ALL.into_iter().find(|why| why.as_str() == self.again)
    }
}

/// `POST …/look`.
async fn look(who: SignedIn, Path(at): Path<At>, headers: HeaderMap, Form(asked): Form<Asked>) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(elsewhere) => return *elsewhere,
    };
    if let Err(stale) = who.must_post(&headers, &asked.csrf, &seen.form("look")) {
        return *stale;
    }
    if let Some(why) = cannot(&who, &seen).filter(|_| who.staff.media.is_none()) {
        return drawn(&who, &seen, StatusCode::FORBIDDEN, Some(why));
    }
    // Whoever has not proved for five minutes that it is still them does so before a look, and comes back here.
    let Ok(fresh) = who.member.fresh(&who.staff.house) else {
        return who.staff.door.verification(&seen.path());
    };
    let manner = if asked.manner == Manner::Clear.as_str() { Manner::Clear } else { Manner::Grey };
    let (report, file) = (seen.held.report, seen.file().id.clone());
    let (again, goes_on) = (asked.again(), asked.goes_on());
    let asking = Asking { report, file, manner, again, known_elsewhere: false, goes_on };
    match viewing::ask(&who.staff.house, &who.viewer(), (who.visit.secret(), &fresh), asking).await {
        Ok(Ok(secret)) => shown(&who, &seen, &asked, manner, &secret),
        Ok(Err(shut)) => refused(&who, &seen, &shut),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// What the gate says, and what can be done.
fn refused(who: &SignedIn, seen: &Seen, shut: &Shut) -> Response {
    let Shut::SeenBefore { at } = shut else {
        return drawn(who, seen, StatusCode::FORBIDDEN, Some(&format!("Nothing was shown: {shut}.")));
    };
    let title = format!("File {} was seen before", seen.position);
    let says = html! { p { "One of us saw the same bytes clear, first at " (moment(*at)) "." } };
    let main = html! {
        h1 { (title) }
        (ui::alert(Weight::Warning, "What was seen is not shown again without a reason", &says))
        (ask(who, seen, Some("If it must be seen again, say why. The reason is recorded.")))
        p { (Link { href: &seen.path(), label: "Back to the file, without looking" }) }
    };
    below(StatusCode::FORBIDDEN, who, seen, &title, &main)
}

/// The page with the picture. Without script it leaves by itself when its time is over.
fn shown(who: &SignedIn, seen: &Seen, asked: &Asked, manner: Manner, secret: &str) -> Response {
    let Some(origin) = who.staff.media.as_deref() else { return shell::not_found(who) };
    let title = format!("File {} of report {}, {}", seen.position, seen.held.report, manner.as_str());
    let caption = format!("File {}, as we drew it: not the original.", seen.position);
    let (alt, seconds) = (viewing::alt(manner), VIEW_LASTS.as_secs());
    let look = Look { origin, secret, alt, caption: &caption, seconds };
    let main = html! {
        h1 { (title) }
        (look.figure())
        div .house-actions {
            @if manner == Manner::Grey { (clear(who, seen, asked)) }
            (ui::post(&format!("{}/close", seen.path()), &who.visit.token(&seen.form("close")), &button("Close it", Button::Secondary)))
        }
    };
    let (href, label) = (super::files::address(seen.held.report), format!("Report {}", seen.held.report));
    let above = [shell::DESK, LINK, Link { href: &href, label: &label }];
    let page = shell::below_with(StatusCode::OK, who, &above, (&title, &main), &[web::LOOK_JS]);
    look.on(page, &seen.path())
}

fn clear(who: &SignedIn, seen: &Seen, asked: &Asked) -> Markup {
    ui::post(
        &format!("{}/look", seen.path()),
        &who.visit.token(&seen.form("look")),
        &html! {
            input type="hidden" name="manner" value="clear";
            @if let Some(again) = asked.again() { input type="hidden" name="again" value=(again.as_str()); }
            @if asked.goes_on() { input type="hidden" name="goes_on" value="yes"; }
            (button("Show it clear", Button::Grave))
        },
    )
}

/// What the form says of the class, or that it is taken back.
#[derive(Debug, Deserialize)]
struct Classed {
    csrf: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    take_back: String,
}

/// `POST …/class`.
async fn class(who: SignedIn, Path(at): Path<At>, headers: HeaderMap, Form(said): Form<Classed>) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(elsewhere) => return *elsewhere,
    };
    if let Err(stale) = who.must_post(&headers, &said.csrf, &seen.form("class")) {
        return *stale;
    }
    let class = (said.take_back != "yes").then(|| MediaClass::said(Some(&said.class)));
    let file = seen.file().id.clone();
    match wellness::say(&who.staff.house, &who.viewer(), seen.held.report, file, class).await {
        Ok(()) => web::redirect(&seen.path()),
        Err(trouble) => match portal::not_classed(&trouble) {
            Some(says) => drawn(&who, &seen, StatusCode::UNPROCESSABLE_ENTITY, Some(says)),
            None => shell::trouble(&who, &trouble),
        },
    }
}

/// `POST …/close`.
async fn close(who: SignedIn, Path(at): Path<At>, headers: HeaderMap, Form(token): Form<Token>) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(elsewhere) => return *elsewhere,
    };
    if let Err(stale) = who.must_post(&headers, &token.csrf, &seen.form("close")) {
        return *stale;
    }
    match viewing::close(&who.staff.house, &who.viewer(), seen.held.report).await {
        Ok(()) => web::redirect(&seen.path()),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}
