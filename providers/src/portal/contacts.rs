//! The contact fields that the law asks of every provider, asked for once and confirmed every year.

use axum::Form;
use axum::response::Response;
use domain::Private;
use http::HeaderMap;
use maud::{Markup, html};
use pipeline::portal::{self, Contact, ContactCard};
use serde::Deserialize;
use ui::{Button, Column, Field, Kind, Order, Row, Table, Value, Weight, alert, definitions};

use super::session::SignedIn;
use super::shell::{self, CONTACTS};

/// The form on this page.
const FORM: &str = "contacts";
/// No answer here is longer, in characters.
const MOST_LETTERS: usize = 500;

/// What was typed.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    mailing_address: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    fax: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    individual: String,
    #[serde(default)]
    role_mailbox: String,
    #[serde(default)]
    monthly_active_users: String,
}

/// One field: its name, its label, what helps to fill it, how it is typed, whether it must be filled.
struct Asked {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: Kind<'static>,
    is_required: bool,
    fill: &'static str,
}

const ASKED: [Asked; 7] = [
    Asked {
        name: "mailing_address",
        label: "Mailing address",
        hint: "Where legal papers reach you.",
        kind: Kind::Lines(3),
        is_required: true,
        fill: "street-address",
    },
    Asked {
        name: "telephone",
        label: "Telephone",
        hint: "With the country code.",
        kind: Kind::Telephone,
        is_required: true,
        fill: "tel",
    },
    Asked {
        name: "fax",
        label: "Fax",
        hint: "The law asks for it. If you have none, write: none.",
        kind: Kind::Text,
        is_required: true,
        fill: "off",
    },
    Asked {
        name: "email",
        label: "E-mail",
        hint: "Where we and agencies write to you.",
        kind: Kind::Email,
        is_required: true,
        fill: "email",
    },
    Asked {
        name: "individual",
        label: "Individual point of contact",
        hint: "The name of a person. The law asks for one.",
        kind: Kind::Text,
        is_required: true,
        fill: "name",
    },
    Asked {
        name: "role_mailbox",
        label: "Mailbox of the team (optional)",
        hint: "It still works when that person has left. Agencies will thank you.",
        kind: Kind::Email,
        is_required: false,
        fill: "off",
    },
    Asked {
        name: "monthly_active_users",
        label: "Monthly active users (optional)",
        hint: "Only if you like to say it. Nothing here depends on it.",
        kind: Kind::Text,
        is_required: false,
        fill: "off",
    },
];

impl Typed {
    fn of(contact: &Contact) -> Self {
        let plain = |word: &Private<String>| word.reveal().clone();
        let maybe = |word: &Option<Private<String>>| word.as_ref().map(plain).unwrap_or_default();
        Self {
            csrf: String::new(),
            mailing_address: plain(&contact.mailing_address),
            telephone: plain(&contact.telephone),
            fax: plain(&contact.fax),
            email: plain(&contact.email),
            individual: plain(&contact.individual),
            role_mailbox: maybe(&contact.role_mailbox),
            monthly_active_users: maybe(&contact.monthly_active_users),
        }
    }

    fn get(&self, name: &str) -> &str {
        match name {
            "mailing_address" => &self.mailing_address,
            "telephone" => &self.telephone,
            "fax" => &self.fax,
            "email" => &self.email,
            "individual" => &self.individual,
            "role_mailbox" => &self.role_mailbox,
            _ => &self.monthly_active_users,
        }
    }

    /// What has to be mended, each with its field.
    fn mistakes(&self) -> Vec<(&'static str, String)> {
        ASKED.iter().filter_map(|asked| Some((asked.name, self.mistake(asked)?))).collect()
    }

    fn mistake(&self, asked: &Asked) -> Option<String> {
        let (value, label) = (self.get(asked.name).trim(), asked.label);
        let is_mail = asked.kind == Kind::Email;
        match value {
            "" if asked.is_required => Some(format!("{label}: it must be filled.")),
            "" => None,
            long if long.chars().count() > MOST_LETTERS => {
                Some(format!("{label}: at most {MOST_LETTERS} characters."))
            }
            mail if is_mail && !looks_like_mail(mail) => {
                Some(format!("{label}: write it like name@company.example."))
            }
            _ => None,
        }
    }

    fn contact(self) -> Contact {
        let words = |text: String| Private::new(text.trim().to_owned());
        let maybe = |text: String| (!text.trim().is_empty()).then(|| words(text));
        Contact {
            mailing_address: words(self.mailing_address),
            telephone: words(self.telephone),
            fax: words(self.fax),
            email: words(self.email),
            individual: words(self.individual),
            role_mailbox: maybe(self.role_mailbox),
            monthly_active_users: maybe(self.monthly_active_users),
        }
    }
}

/// One `@` with something on both sides; whether mail arrives is not for a form to know.
pub(super) fn looks_like_mail(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
    })
}

/// `GET /provider/contacts`.
pub(super) async fn page(who: SignedIn) -> Response {
    show(&who, None, None).await
}

/// `POST /provider/contacts`: a new version, or the old one confirmed.
pub(super) async fn save(who: SignedIn, headers: HeaderMap, Form(typed): Form<Typed>) -> Response {
    if !who.visit.may_post(&headers, &typed.csrf, FORM) {
        return shell::stale_form(&who);
    }
    if !typed.mistakes().is_empty() {
        return show(&who, Some(typed), None).await;
    }
    match portal::record_contact(&who.portal.house, &who.member, typed.contact()).await {
        Ok(version) => {
            let says = format!("Recorded as version {}. It is in force from now on.", version.version);
            show(&who, None, Some(&says)).await
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn show(who: &SignedIn, typed: Option<Typed>, done: Option<&str>) -> Response {
    let card = match portal::contact_card(&who.portal.house, &who.member).await {
        Ok(card) => card,
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let was_wrong = typed.is_some();
    let mistakes = typed.as_ref().map(Typed::mistakes).unwrap_or_default();
    let known = || card.in_force.as_ref().map(|(_, contact)| Typed::of(contact)).unwrap_or_default();
    let typed = typed.unwrap_or_else(known);
    let main = main(who, &card, &typed, &mistakes, done);
    if was_wrong {
        shell::refused(who, CONTACTS, "Contacts", &main)
    } else {
        shell::page(who, CONTACTS, "Contacts", &main)
    }
}

fn main(
    who: &SignedIn,
    card: &ContactCard,
    typed: &Typed,
    mistakes: &[(&'static str, String)],
    done: Option<&str>,
) -> Markup {
    let listed: Vec<(&str, &str)> = mistakes.iter().map(|(field, says)| (*field, says.as_str())).collect();
    html! {
        h1 { "Contacts" }
        @if let Some(done) = done { (shell::done(done)) }
        (ui::mistakes(&listed))
        @if card.is_stale && done.is_none() {
            (alert(Weight::Warning, "Please bring these up to date", &html! {
                p { "They are missing, or nobody confirmed them for a year. Reports are accepted all the same, and marked." }
            }))
        }
        p { "The law asks for these five: address, telephone, fax, e-mail, and a person. Each report keeps the version that was in force when it was opened." }
        @if who.member.is_admin() { (form(who, typed, mistakes)) } @else { (shell::only_admins()) (facts(typed)) }
        (versions(card))
    }
}

fn form(who: &SignedIn, typed: &Typed, mistakes: &[(&'static str, String)]) -> Markup {
    let error = |name: &str| mistakes.iter().find(|(field, _)| *field == name).map(|(_, says)| says.as_str());
    let body = html! {
        @for asked in &ASKED {
            @let field = Field::new(asked.name, asked.label).kind(asked.kind).hint(asked.hint).value(typed.get(asked.name)).error(error(asked.name)).autocomplete(asked.fill);
            @if asked.is_required { (field.required()) } @else { (field) }
        }
        (ui::button("Record and confirm", Button::Primary))
    };
    html! { div .house-wide { (ui::post(CONTACTS.href, &who.visit.token(FORM), &body)) } }
}

fn facts(typed: &Typed) -> Markup {
    let facts: Vec<(&str, Value)> =
        ASKED.iter().map(|asked| (asked.label, Value::words(Some(typed.get(asked.name))))).collect();
    definitions(&facts)
}

fn versions(card: &ContactCard) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let rows: Vec<Row> = card
        .versions
        .iter()
        .map(|one| Row { head: html! { (one.version) }, cells: vec![web::moment(one.recorded_at)] })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 { "Versions" }
            (ui::table(&Table { caption: "Versions of the contact fields", columns: &["Version", "Recorded"].map(fixed), rows: &rows, swap: None }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Typed {
        Typed {
            mailing_address: "1 Dull Street".to_owned(),
            telephone: "+1 202-555-0100".to_owned(),
            fax: "none".to_owned(),
            email: "trust@harbor.example".to_owned(),
            individual: "Sam Placeholder".to_owned(),
            ..Typed::default()
        }
    }

    // PROVES: R-02 R-06
    #[test]
    fn the_five_fields_are_asked_for_and_size_is_not() {
        assert_eq!(Typed::default().mistakes().len(), 5);
        assert!(whole().mistakes().is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = Typed { email: "nowhere".to_owned(), fax: "x".repeat(MOST_LETTERS + 1), ..whole() };
        let fields: Vec<&str> = wrong.mistakes().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["fax", "email"]);
    }
}
