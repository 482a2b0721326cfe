//! What the door says: the banner, the form that asks a key, what went wrong and what to do about it.

use maud::{Markup, html};
use office::Asked;
use ui::{Button, Weight, alert, button};

/// The banner of a restricted system for these people. `more` stands below what every such banner says.
pub(super) fn banner(whose: &str, more: &[&str]) -> Markup {
    let words = html! {
        ul {
            li { "This is a restricted system for " (whose) "." }
            li { "What you do here is monitored and recorded, in a record that cannot be changed." }
            li { "Misuse is forbidden and may be punished under criminal and civil law." }
            @for line in more { li { (line) } }
            li { "Entering means that you consent to this." }
        }
    };
    alert(Weight::Warning, "Restricted system", &words)
}

/// What a form asks of the browser's keys.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wants {
    /// The use of a key. The page asks again before the question gets too old.
    Use,
    /// The use of a key, on a page that holds a form and is not loaded again by itself.
    UseOnce,
    /// A new key.
    New,
}

/// A form whose answer a key gives. `fields` stand above its button.
pub(super) fn key_form(action: &str, wants: Wants, asked: &Asked, fields: &Markup, label: &str) -> Markup {
    let (kind, renew) = match wants {
        Wants::Use => ("get", true),
        Wants::UseOnce => ("get", false),
        Wants::New => ("create", false),
    };
    html! {
        form .usa-form method="post" action=(action) data-passkey=(kind) data-options=(asked.options)
            data-renew[renew] {
            input type="hidden" name="ceremony" value=(asked.ceremony);
            input type="hidden" name="answer" value="";
            (fields)
            (button(label, Button::Primary))
            p .usa-error-message data-passkey-said role="alert" hidden {}
            noscript { p .usa-error-message { "Keys need JavaScript in this browser, for this one button. Everything else works without." } }
        }
    }
}

/// What to do when the button does not work.
pub(super) fn help() -> Markup {
    let words = html! {
        ul {
            li { "Put the key into the computer, or hold it to the phone, before you press the button." }
            li { "The browser asks for the key's PIN, or for your finger or face. That check is what signs you in: there is no password." }
            li { "Use your second key when the first one is lost, and remove the lost one on the page \"My sign-in\"." }
            li { "When all your keys are lost, your administrator cannot simply let you in: your identity is checked again, and two people agree to it." }
        }
    };
    ui::details("It does not work", &words)
}

/// What is said under an address that is no host name.
pub(super) fn no_site() -> Markup {
    let words = html! {
        p { "Keys belong to a host name, and this page was opened under a bare address or without TLS. Open it under the name of this house; on the machine itself that is localhost instead of 127.0.0.1." }
    };
    alert(Weight::Info, "Keys cannot be used under this address", &words)
}

/// What is said of a link or a ticket that opens nothing.
pub(super) fn refused() -> Markup {
    html! {
        h1 { "This link does not open anything" }
        p { "It is not known here, it was used, or its time is over. Ask your administrator for a new one." }
    }
}

/// What is said where there is no such way in.
pub(super) fn no_way() -> Markup {
    html! {
        h1 { "There is no such way in" }
        p { "This house does not take it, or not under this address. Sign in with your key, or ask your administrator under which address it is taken." }
    }
}

/// What is said to whoever tries too often.
pub(super) fn too_many() -> Markup {
    html! {
        h1 { "Too many attempts" }
        p { "There were many attempts from your network in the last minute. Wait a minute and try again." }
    }
}
