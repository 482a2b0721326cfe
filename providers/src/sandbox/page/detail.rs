//! One request whole: what came, what was said, and what to do about it.

use maud::{Markup, html};
use ui::{Value, definitions, text};

use super::super::journal::Entry;
use super::invented_only;
use super::list::verdict;

pub(super) fn whole(entry: &Entry) -> Markup {
    html! {
        h1 { "Request " (entry.number) }
        (invented_only())
        (definitions(&facts(entry)))
        h2 { "What was sent" }
        p { (body_note(entry)) }
        @if !entry.body.is_empty() { pre tabindex="0" role="region" aria-label="Beginning of the body" { (text(&entry.body)) } }
        h2 { "What was answered" }
        @if entry.answer.is_empty() { p { "Nothing that can be shown." } }
        @else { pre tabindex="0" role="region" aria-label="Answer" { (text(&entry.answer)) } }
    }
}

fn facts(entry: &Entry) -> Vec<(&'static str, Value)> {
    let words = |words: &Option<String>| Value::words(words.as_deref());
    let at = entry.at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    let mut facts = vec![
        ("Verdict", Value::Known(verdict(entry))),
        ("What was said", words(&entry.says)),
        ("What to do", words(&entry.help)),
        ("What was asked", Value::Known(html! { (text(&entry.method)) " " (text(&entry.path)) })),
        ("User name", words(&entry.username)),
        ("Time", words(&at)),
        ("Took", Value::Known(text(&format!("{} ms", entry.took.as_millis())))),
        ("Content type", words(&entry.media_type)),
        ("Request-ID", words(&entry.request_id)),
    ];
    if let Some(report) = entry.report {
        facts.push(("Report", Value::Known(html! { (report) })));
    }
    facts
}

fn body_note(entry: &Entry) -> String {
    let bytes = entry.body_bytes;
    if bytes == 0 {
        "The request had no body.".to_owned()
    } else if entry.body.is_empty() {
        format!("A body of {bytes} bytes, of which nothing is kept.")
    } else {
        format!("A body of {bytes} bytes. Its beginning is shown, without anything of a file.")
    }
}
