//! A person's own page about looking: what they were shown, their limits, and what they do not want to be shown. Nobody else
//! reads it.

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use domain::portal::{MediaClass, Spared};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Choice, Choices, Column, Field, Order, Row, Table, button};
use viewing::wellness::{self, Limit, Own};

use super::{Fields, Portal, before, not_done, said};
use crate::door::Admitted;
use crate::redirect;

const TITLE: &str = "Looking";
const FORM: &str = "wellness";
/// What stands for every class in a form.
const ANY: &str = "any";

/// `GET …/wellness`.
pub(super) async fn page(State(portal): State<Portal>, who: Admitted) -> Response {
    drawn(&portal, &who, StatusCode::OK, None).await
}

async fn drawn(portal: &Portal, who: &Admitted, status: StatusCode, wrong: Option<&str>) -> Response {
    match wellness::own(portal.house(), &portal.viewer(who)).await {
        Ok(own) => {
            let main = main(portal, who, &own, wrong);
            portal.below(status, who, &[], (TITLE, &main)).await
        }
        Err(trouble) => portal.away(who, &trouble).await,
    }
}

fn main(portal: &Portal, who: &Admitted, own: &Own, wrong: Option<&str>) -> Markup {
    let categories: Vec<Choice<'_>> =
        Spared::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    let chosen: Vec<&str> = own.spared.iter().map(|one| one.as_str()).collect();
    let form = |step: &str, body: &Markup| {
        ui::post(
            &portal.room.path("/wellness"),
            &who.visit.token(FORM),
            &html! {
                input type="hidden" name="step" value=(step);
                (body)
            },
        )
    };
    html! {
        h1 { (TITLE) }
        @if let Some(says) = wrong { (not_done(says, "")) }
        p { "Only you read this page. Your supervisor's monthly statement counts how often each of you looked, and says nothing of what you choose here." }
        p { "Grey pictures, limits and pauses help some people and not others. Nothing here claims to protect you; talk to somebody you trust when it gets heavy." }
        h2 { "What you were shown lately" }
        (before::shown(&own.exposure))
        @for limit in &own.reached { (before::reached(limit, &own.exposure)) }
        h2 #not-shown { "What you do not want to be shown" }
        (form("spare", &html! {
            (Choices::any("spared", "I do not want to be shown", &categories).chosen(&chosen)
                .hint("No reason is asked or kept, and nobody is told which. Such files stay shut for you until you change it."))
            (button("Save", Button::Primary))
        }))
        h2 #limits { "Soft limits" }
        p { "At a limit a pause is offered. Whoever goes on says so; nothing is shut, and no reason is asked." }
        (table("Everybody's", &own.home))
        @if own.own.is_empty() { p { "You have set no limits of your own." } } @else { (table("Your own", &own.own)) }
        (ui::details("Set limits of your own", &form("own", &html! { (inputs("own", &own.own)) (button("Set mine", Button::Primary)) })))
        @if own.sets_for_home {
            (ui::details("Set the limits of everybody of yours", &form("home", &html! { (inputs("home", &own.home)) (button("Set everybody's", Button::Primary)) })))
        }
    }
}

fn table(caption: &str, limits: &[Limit]) -> Markup {
    let columns = ["Class", "Clear looks a day", "Clear looks a week"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |limit: &Limit| Row {
        head: html! { (limit.class.map_or("Any", MediaClass::title)) },
        cells: vec![html! { (limit.per_day) }, html! { (limit.per_week) }],
    };
    let rows: Vec<Row> = limits.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// Every class that a limit can be set for.
fn classes() -> impl Iterator<Item = Option<MediaClass>> {
    std::iter::once(None).chain(MediaClass::ALL.iter().copied().map(Some))
}

fn word(class: Option<MediaClass>) -> &'static str {
    class.map_or(ANY, MediaClass::as_str)
}

fn inputs(prefix: &str, limits: &[Limit]) -> Markup {
    let now = |class| limits.iter().find(|limit| limit.class == class);
    let field = |class: Option<MediaClass>, span: &str, set: Option<u32>| {
        let (id, name) = (format!("{prefix}-{span}-{}", word(class)), format!("{span}-{}", word(class)));
        let label = format!("{}, a {span}", class.map_or("Any class", MediaClass::title));
        let value = set.map(|number| number.to_string()).unwrap_or_default();
        html! { (Field::new(&id, &label).named(&name).value(&value)) }
    };
    html! {
        p { "Numbers of clear looks. Leave both of a class empty for no limit." }
        @for class in classes() {
            (field(class, "day", now(class).map(|limit| limit.per_day)))
            (field(class, "week", now(class).map(|limit| limit.per_week)))
        }
    }
}

/// `POST …/wellness`.
pub(super) async fn choose(
    State(portal): State<Portal>,
    who: Admitted,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), FORM) {
        return portal.stale(&who).await;
    }
    let (house, viewer) = (portal.house(), portal.viewer(&who));
    let (done, anchor) = match (said(&fields, "step"), limits(&fields)) {
        ("spare", _) => {
            let chosen = fields.iter().filter(|(name, _)| name == "spared");
            let categories = chosen.filter_map(|(_, word)| word.parse::<Spared>().ok()).collect();
            (wellness::choose(house, &viewer, categories).await, "#not-shown")
        }
        ("own", Ok(limits)) => (wellness::limit_own(house, &viewer, limits).await, "#limits"),
        ("home", Ok(limits)) => (wellness::limit_home(house, &viewer, limits).await, "#limits"),
        (_, Ok(_)) => return portal.not_found(&who).await,
        (_, Err(says)) => return drawn(&portal, &who, StatusCode::UNPROCESSABLE_ENTITY, Some(says)).await,
    };
    match done {
        Ok(()) => redirect(&portal.room.path(&format!("/wellness{anchor}"))),
        Err(trouble) => portal.away(&who, &trouble).await,
    }
}

/// The limits of a form: a class with one number has that number for a day and seven times as many for a week, or that number
/// for both.
fn limits(fields: &Fields) -> Result<Vec<Limit>, &'static str> {
    const WRONG: &str = "A limit is a number of looks, at most 100,000.";
    let mut limits = Vec::new();
    for class in classes() {
        let number = |span: &str| match said(fields, &format!("{span}-{}", word(class))) {
            "" => Ok(None),
            text => text.parse::<u32>().ok().filter(|one| *one <= wellness::MOST).map(Some).ok_or(WRONG),
        };
        let (per_day, per_week) = match (number("day")?, number("week")?) {
            (None, None) => continue,
            (Some(day), None) => (day, day.saturating_mul(7).min(wellness::MOST)),
            (None, Some(week)) => (week, week),
            (Some(day), Some(week)) => (day, week),
        };
        limits.push(Limit { class, per_day, per_week });
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_class_by_class_and_an_empty_one_is_none() {
        let given = |pairs: &[(&str, &str)]| -> Fields {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let read = limits(&given(&[("day-any", "10"), ("week-A1", "7"), ("day-B2", "0"), ("week-B2", "3")]));
        let any = Limit { class: None, per_day: 10, per_week: 70 };
        let a1 = Limit { class: Some(MediaClass::A1), per_day: 7, per_week: 7 };
        let b2 = Limit { class: Some(MediaClass::B2), per_day: 0, per_week: 3 };
        assert_eq!(read.unwrap(), [any, a1, b2]);
        for wrong in ["ten", "-1", "100001"] {
            assert!(limits(&given(&[("day-any", wrong)])).is_err(), "{wrong}");
        }
    }
}
