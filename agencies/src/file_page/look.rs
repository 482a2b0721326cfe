//! The way to a look, and the page that shows one: grey and blurred first, clear on a second asking, gone after two
//! minutes and as soon as somebody looks away.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::portal::MediaClass;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Link, Weight, alert, breadcrumb, button};
use viewing::wellness;
use viewing::{Again, Asking, Manner, Shut, VIEW_LASTS};
use web::door::Token;
use web::{Look, portal};

use super::{At, Seen, drawn, gather};
use crate::report_page::{INBOX, refusal};
use crate::session::SignedIn;
use crate::{shell, show};

/// Why something that was seen before must be seen again.
const AGAIN: [(Again, &str); 3] = [
    (Again::Identification, "To identify a person or a place"),
    (Again::Court, "For a court or a prosecutor"),
    (Again::Review, "To check what a colleague wrote"),
];

pub(super) fn section(who: &SignedIn, seen: &Seen) -> Markup {
    html! {
        section aria-labelledby="look" .house-wide {
            h2 #look { "A look at it" }
            @match (portal::known_by(seen.before.as_ref(), &seen.in_sets), cannot(who, seen)) {
                (Some(known), _) => { (known) }
                (None, Some(why)) => { p { (why) } }
                (None, None) => { (ask(who, seen, None)) }
            }
            @if let Some(before) = &seen.before {
                (portal::classing(before, &format!("{}/class", seen.path()), &who.visit.token(&seen.form("class"))))
            }
        }
    }
}

/// Why no look can be asked for.
fn cannot(who: &SignedIn, seen: &Seen) -> Option<&'static str> {
    let file = seen.file();
    if file.destroyed.is_some() {
        return Some("It was destroyed. Its hashes, what its sender said of it and the certificate remain.");
    }
    if !file.retained {
        return Some("Its bytes were not kept, so there is nothing to see.");
    }
    if file.ground.is_none() {
        return Some(
            "It is shut: its sender did not say that it viewed the whole file, and no ground of your agency holds. Record one below.",
        );
    }
    if seen.permitted_until.is_none() {
        return Some(
            "You have no media permission. The commander of your agency grants it, to as few people as possible.",
        );
    }
    if seen.before.as_ref().is_some_and(|before| !before.spared.is_empty()) {
        return Some(
            "You chose not to be shown files of this kind. Nobody asks why; you can change it under Portal, Looking.",
        );
    }
    who.agencies
        .media
        .is_none()
        .then_some("Pictures are not served here: the operator has set no origin for them.")
}

/// The form that asks for the first look. `again` where it was seen before.
fn ask(who: &SignedIn, seen: &Seen, again: Option<&str>) -> Markup {
    let choices = AGAIN.map(|(why, label)| Choice { value: why.as_str(), label });
    let report = format!("/agency/reports/{}", seen.report());
    let body = html! {
        input type="hidden" name="manner" value="grey";
        @if let Some(again) = again {
            p { (again) }
            (Field::new("again", "Why it must be seen again").kind(Kind::Choice(&choices)).value(AGAIN[0].0.as_str()))
        }
        (portal::goes_on(seen.before.as_ref()))
        (button("Show it grey and blurred", Button::Primary))
    };
    html! {
        p {
            "Words come before pictures: what is known of it stands above, and the rest in the "
            (Link { href: &report, label: "report" }) ". They may be enough. Each look is recorded, with its ground. Nothing is kept on this computer."
        }
        (ui::post(&format!("{}/look", seen.path()), &who.visit.token(&seen.form("look")), &body))
    }
}

/// What the form says.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
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
pub(crate) async fn look(
    who: SignedIn,
    Path(at): Path<At>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &asked.csrf, &seen.form("look")) {
        return shell::stale_form(&who);
    }
    let Some(origin) = who.agencies.media.clone() else {
        return drawn(&who, &seen, StatusCode::FORBIDDEN, cannot(&who, &seen));
    };
    let manner = if asked.manner == Manner::Clear.as_str() { Manner::Clear } else { Manner::Grey };
    let asking = Asking {
        report: seen.report(),
        file: seen.file().file.clone(),
        manner,
        again: asked.again(),
        known_elsewhere: !seen.in_sets.is_empty(),
        goes_on: asked.goes_on(),
    };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    // Whoever has not proved for five minutes that it is still them does so before a look, and comes back here.
    let Ok(fresh) = who.session.live.fresh(house.now()) else {
        return who.agencies.door.verification(&seen.path());
    };
    match viewing::ask(house, viewer, (who.visit.secret(), &fresh), asking).await {
        Ok(Ok(secret)) => shown(&who, &seen, &asked, manner, (&origin, &secret)),
        Ok(Err(shut)) => refused(&who, &seen, &shut),
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// What the gate says, and what can be done.
fn refused(who: &SignedIn, seen: &Seen, shut: &Shut) -> Response {
    let Shut::SeenBefore { at } = shut else {
        return drawn(who, seen, StatusCode::FORBIDDEN, Some(&format!("Nothing was shown: {shut}.")));
    };
    let title = format!("File {} was seen before", seen.position);
    let says = format!("Somebody of your agency saw the same bytes clear, first at {}.", show::time(*at));
    let main = html! {
        h1 { (title) }
        (alert(Weight::Warning, "What was seen is not shown again without a reason", &html! { p { (says) } }))
        div .house-wide { (ask(who, seen, Some("If it must be seen again, say why. The reason is recorded."))) }
        p { (Link { href: &seen.path(), label: "Back to the file, without looking" }) }
    };
    shell::page(StatusCode::FORBIDDEN, who, &title, Some(trail(seen, &title)), &main)
}

fn trail(seen: &Seen, title: &str) -> Markup {
    let report = format!("/agency/reports/{}", seen.report());
    let (path, label, file) =
        (seen.path(), format!("Report {}", seen.report()), format!("File {}", seen.position));
    let links = [INBOX, Link { href: &report, label: &label }, Link { href: &path, label: &file }];
    breadcrumb(&links, title)
}

/// The page with the picture. Without script it leaves by itself when its time is over.
fn shown(
    who: &SignedIn,
    seen: &Seen,
    asked: &Asked,
    manner: Manner,
    (origin, secret): (&str, &str),
) -> Response {
    let title = format!("File {} of report {}, {}", seen.position, seen.report(), manner.as_str());
    let caption =
        format!("File {}, as we drew it: not the original, which leaves only in the package.", seen.position);
    let (alt, seconds) = (viewing::alt(manner), VIEW_LASTS.as_secs());
    let look = Look { origin, secret, alt, caption: &caption, seconds };
    let main = html! {
        h1 { (title) }
        (look.figure())
        div .house-actions {
            @if manner == Manner::Grey { (clear(who, seen, asked)) }
            (ui::post(&format!("{}/close", seen.path()), &who.visit.token(&seen.form("close")),
                &button("Close it", Button::Secondary)))
        }
    };
    let trail = Some(trail(seen, &title));
    let page = shell::page_with(StatusCode::OK, who, &title, trail, &main, &[web::LOOK_JS]);
    look.on(page, &seen.path())
}

fn clear(who: &SignedIn, seen: &Seen, asked: &Asked) -> Markup {
    let body = html! {
        input type="hidden" name="manner" value="clear";
        @if let Some(again) = asked.again() { input type="hidden" name="again" value=(again.as_str()); }
        @if asked.goes_on() { input type="hidden" name="goes_on" value="yes"; }
        (button("Show it clear", Button::Grave))
    };
    ui::post(&format!("{}/look", seen.path()), &who.visit.token(&seen.form("look")), &body)
}

/// What the form says of the class, or that it is taken back.
#[derive(Debug, Deserialize)]
pub(crate) struct Classed {
    csrf: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    take_back: String,
}

/// `POST …/class`.
pub(crate) async fn class(
    who: SignedIn,
    Path(at): Path<At>,
    headers: HeaderMap,
    Form(said): Form<Classed>,
) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &said.csrf, &seen.form("class")) {
        return shell::stale_form(&who);
    }
    let class = (said.take_back != "yes").then(|| MediaClass::said(Some(&said.class)));
    let (house, viewer, file) = (&who.agencies.house, &who.session.viewer, seen.file().file.clone());
    match wellness::say(house, viewer, seen.report(), file, class).await {
        Ok(()) => web::redirect(&seen.path()),
        Err(trouble) => match portal::not_classed(&trouble) {
            Some(says) => drawn(&who, &seen, StatusCode::UNPROCESSABLE_ENTITY, Some(says)),
            None => refusal(&who, &trouble),
        },
    }
}

/// `POST …/close`.
pub(crate) async fn close(
    who: SignedIn,
    Path(at): Path<At>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &token.csrf, &seen.form("close")) {
        return shell::stale_form(&who);
    }
    match viewing::close(&who.agencies.house, &who.session.viewer, seen.report()).await {
        Ok(()) => web::redirect(&seen.path()),
        Err(trouble) => refusal(&who, &trouble),
    }
}
