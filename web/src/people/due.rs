//! What comes to its end soon, on one page: it also stands in the way of whoever comes in while something ends within three
//! days, so that no mail is needed.

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};
use office::Trouble;
use office::accounts::{self, Due, Subject};
use serde::Deserialize;
use ui::{Column, Link, Order, Row, Table, Tone, Weight, alert};

use super::People;
use crate::door::Admitted;
use crate::moment;
use crate::portal::asked;

/// The last part of its address.
pub(super) const PATH: &str = "/due";

/// Where somebody was going.
#[derive(Deserialize, Default)]
pub(super) struct To {
    #[serde(default)]
    to: String,
}

/// `GET …/people/due`.
pub(super) async fn page(State(people): State<People>, who: Admitted, Query(to): Query<To>) -> Response {
    let (viewer, home) = people.viewer(&who);
    let found = async {
        let all = accounts::due(people.house(), &viewer, home).await?;
        Ok::<_, Trouble>((all, workspace::directory::unconfirmed(people.house(), &viewer).await?))
    };
    match found.await {
        Ok((all, unconfirmed)) => {
            let onward = (!to.to.is_empty()).then(|| people.door.onward(&to.to));
            let main = main(&people, &all, unconfirmed, onward);
            people.drawn(StatusCode::OK, &who, "What is due", &main).await
        }
        Err(trouble) if trouble.is_not_found() => people.not_found(&who).await,
        Err(trouble) => people.door.broken(&trouble),
    }
}

fn main(people: &People, all: &[Due], unconfirmed: usize, onward: Option<&str>) -> Markup {
    let now = people.house().now();
    let (pressing, later): (Vec<&Due>, Vec<&Due>) = all.iter().partition(|one| one.is_pressing(now));
    html! {
        h1 { "What is due" }
        @if let Some(onward) = onward {
            @let heading = if pressing.is_empty() { "Something waits for you" } else { "Something ends within three days" };
            (alert(Weight::Warning, heading, &html! {
                p { "This page stands here until it is done. " (Link { href: onward, label: "Go on to where you were going" }) }
            }))
        }
        @if unconfirmed > 0 { (asked(&format!("{}/portal/directory", people.door.face.prefix), unconfirmed)) }
        h2 { "Within three days" }
        @if pressing.is_empty() { (ui::empty("Nothing ends within three days.", None)) }
        @else { (table(people, "Within three days, the soonest first", &pressing, now)) }
        h2 { "Later" }
        @if later.is_empty() { (ui::empty("Nothing else ends soon.", None)) }
        @else { (table(people, "Later, the soonest first", &later, now)) }
        p { "Accounts stand here 14 days before their end; what qualifies an agency, and its keys, 30 days. Accounts that nobody looked after are switched off by the clock, and an agency whose fact is over receives nothing." }
    }
}

fn table(people: &People, caption: &str, all: &[&Due], now: Timestamp) -> Markup {
    let columns = ["Whose", "What is to be done", "By"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &&Due| {
        let href = address(people, &one.subject);
        Row {
            head: html! {
                @match &href {
                    Some(href) => { (Link { href, label: &one.whose }) }
                    None => { (ui::text(&one.whose)) }
                }
            },
            cells: vec![
                html! { (one.what) },
                html! { (moment(one.ends_at)) @if one.ends_at <= now { " " (ui::chip("over", Tone::Strong)) } },
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// Where it is done.
fn address(people: &People, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Person(id) => Some(people.path(&format!("/{id}"))),
        Subject::Agency(id) => people.room.house.map(|house| format!("{}/{id}", house.agencies)),
        Subject::AgencyKey(_) => Some(people.room.keys?.to_owned()),
    }
}
