//! Forms and buttons. A form that changes something cannot be made without its token.

use maud::{Markup, html};

use crate::link::inside;
use crate::text::text;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// What most people come to do; one a page.
    Primary,
    /// Everything else.
    Secondary,
    /// What cannot be taken back.
    Grave,
}

/// A button that sends the form it stands in.
pub fn button(label: &str, kind: Button) -> Markup {
    let class = match kind {
        Button::Primary => "usa-button",
        Button::Secondary => "usa-button usa-button--outline",
        Button::Grave => "usa-button usa-button--secondary",
    };
    html! { button class=(class) type="submit" { (text(label)) } }
}

/// Name of the field that carries the token of [`post`].
const TOKEN: &str = "csrf";

/// A form that changes something. `token` belongs to this session and this form.
pub fn post(action: &str, token: &str, body: &Markup) -> Markup {
    html! {
        form .usa-form method="post" action=(inside(action)) {
            input type="hidden" name=(TOKEN) value=(token);
            (body)
        }
    }
}

/// A form that sends files along. Its token comes first, so that it can be checked before a file is read.
pub fn post_files(action: &str, token: &str, body: &Markup) -> Markup {
    html! {
        form .usa-form method="post" action=(inside(action)) enctype="multipart/form-data" {
            input type="hidden" name=(TOKEN) value=(token);
            (body)
        }
    }
}

/// A form that only asks, such as a filter: its answer can be bookmarked.
pub fn get(action: &str, body: &Markup) -> Markup {
    html! { form .usa-form .house-filter method="get" action=(inside(action)) { (body) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_changes_something_carries_its_token() {
        let expected = "<form class=\"usa-form\" method=\"post\" action=\"/sign-out\">\
            <input type=\"hidden\" name=\"csrf\" value=\"t0ken\">\
            <button class=\"usa-button usa-button--outline\" type=\"submit\">Sign out</button></form>";
        let body = button("Sign out", Button::Secondary);
        assert_eq!(post("/sign-out", "t0ken", &body).into_string(), expected);
    }

    #[test]
    fn a_form_that_asks_sends_nothing_but_its_fields() {
        let expected = "<form class=\"usa-form house-filter\" method=\"get\" action=\"/inbox\"></form>";
        assert_eq!(get("/inbox", &html! {}).into_string(), expected);
    }

    #[test]
    fn a_form_is_never_sent_to_another_host() {
        assert!(post("https://example.org/", "t", &html! {}).into_string().contains("action=\"#\""));
    }
}
