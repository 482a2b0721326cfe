//! A request to preserve records under 18 USC 2703(f), ready to sign: as pages and as text. The agency's words fill the
//! blanks; what nobody filled in stays a blank that can be seen. Only reported accounts are named: a letter must not ask
//! a provider to treat a child as a target.

use domain::{Dossier, Role};
use jiff::Timestamp;
use jiff::tz::TimeZone;
pub use print::Fault;
use print::{Cover, Document, Fit, Level};

use crate::files::Files;
use crate::package::words::{self, said};
use crate::receipt::page_moment;

/// What an agency writes into its letter; an empty word is a blank.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letter {
    /// The agency.
    pub agency: String,
    /// Its address, line by line.
    pub agency_address: String,
    /// Whose records.
    pub recipient: String,
    /// The address or portal of the custodian, line by line.
    pub recipient_address: String,
    /// The agency's own number.
    pub case_number: String,
    /// The accounts, each in words.
    pub accounts: Vec<String>,
    /// What is to be preserved besides.
    pub also: String,
    /// Who signs, with title.
    pub signer: String,
    /// How they are reached.
    pub reached: String,
}

const SUBJECT: &str = "Request to preserve records, 18 U.S.C. 2703(f)";

/// The request itself, one paragraph a part.
pub(crate) const BODY: [&str; 3] = [
    "Please preserve, for 90 days from the date of this letter, all records and other evidence in your possession that \
     concern the accounts below, pending the issue of a court order or other process. This includes subscriber records, \
     addresses with times and ports of connections, stored content, devices, payment records, and accounts linked to them.",
    "Please do not change, disable or tell the holders of these accounts because of this letter. If you cannot preserve \
     without doing so, please call first.",
    "Please confirm the date until which you preserve and your reference number.",
];

/// Letters in a line of the text.
const LINE: usize = 76;

/// The reported accounts of a report, each in words; a child's is never among them.
#[must_use]
pub fn accounts(dossier: &Dossier<impl Files>) -> Vec<String> {
    let one = |person: &domain::Involved| {
        let facts = [
            ("service", person.service.as_deref()),
            ("account id", said(person.account_id.as_ref())),
            ("screen name", said(person.screen_name.as_ref())),
        ];
        let facts: Vec<String> = facts
            .into_iter()
            .filter_map(|(label, fact)| Some(format!("{label} {}", words::on_one_line(fact?))))
            .collect();
        (!facts.is_empty()).then(|| facts.join(", "))
    };
    words::people(dossier, Role::Reported).filter_map(one).collect()
}

/// The letter as text, for a portal or a mail.
#[must_use]
pub fn to_text(dossier: &Dossier<impl Files>, letter: &Letter, on: Timestamp) -> String {
    let mut parts = vec![
        lines(&letter.agency, "[letterhead of your agency]", &letter.agency_address),
        day(on),
        lines(
            &format!("To: {}", or(&letter.recipient, "[custodian of records]")),
            "",
            &or(&letter.recipient_address, "[address or portal of the custodian]"),
        ),
        references(dossier, letter).map(|(label, value)| format!("{label}: {value}")).join("\n"),
    ];
    parts.extend(BODY.map(wrapped));
    parts.push(named(letter).iter().map(|account| format!("- {account}")).collect::<Vec<_>>().join("\n"));
    if !letter.also.trim().is_empty() {
        parts.push(wrapped(&format!("Also: {}", plain(&letter.also))));
    }
    parts.push(format!(
        "{}\n{}",
        or(&letter.signer, "[name, title, signature]"),
        or(&letter.reached, "[telephone, e-mail]")
    ));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// The letter as pages, to sign.
///
/// # Errors
/// When the writer refuses the document.
pub fn to_pdf(dossier: &Dossier<impl Files>, letter: &Letter, on: Timestamp) -> Result<Vec<u8>, Fault> {
    let title = format!("Request to preserve records: report {}", dossier.report);
    let mut pages = Document::new(Cover {
        header: or(&letter.agency, "[letterhead of your agency]"),
        title: title.clone(),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: page_moment(on),
        id: format!("preservation-letter/{}/{on}", dossier.report),
        footer: title,
    });
    pages.heading(Level::One, SUBJECT)?;
    for line in letter.agency_address.lines().filter(|line| !line.trim().is_empty()) {
        pages.paragraph(&plain(line))?;
    }
    pages.field("Date", &day(on), Fit::Wrap)?;
    pages.field("To", &or(&letter.recipient, "[custodian of records]"), Fit::Wrap)?;
    pages.field("At", &or(&letter.recipient_address, "[address or portal of the custodian]"), Fit::Wrap)?;
    for (label, value) in references(dossier, letter).iter().skip(1) {
        pages.field(label, value, Fit::Wrap)?;
    }
    for paragraph in BODY {
        pages.paragraph(paragraph)?;
    }
    pages.heading(Level::Two, "Accounts")?;
    for account in named(letter) {
        pages.paragraph(&account)?;
    }
    if !letter.also.trim().is_empty() {
        pages.heading(Level::Two, "Also to be preserved")?;
        pages.paragraph(&plain(&letter.also))?;
    }
    pages.heading(Level::Two, "Signed")?;
    pages.field("Name and title", &or(&letter.signer, BLANK), Fit::Wrap)?;
    pages.field("Telephone, e-mail", &or(&letter.reached, BLANK), Fit::Wrap)?;
    pages.field("Signature", BLANK, Fit::Wrap)?;
    pages.finish()
}

const BLANK: &str = "________________________________________";

fn references(dossier: &Dossier<impl Files>, letter: &Letter) -> [(&'static str, String); 4] {
    [
        ("Re", SUBJECT.to_owned()),
        ("Your report", dossier.report.to_string()),
        ("Reported on", day(dossier.received_at)),
        ("Our case", or(&letter.case_number, "[case number]")),
    ]
}

fn named(letter: &Letter) -> Vec<String> {
    let accounts: Vec<String> = letter.accounts.iter().map(|account| plain(account)).collect();
    if accounts.is_empty() { vec!["[account]".to_owned()] } else { accounts }
}

/// Somebody's words, or the blank that stands for them.
fn or(words: &str, blank: &str) -> String {
    let words = plain(words);
    if words.is_empty() { blank.to_owned() } else { words }
}

fn lines(first: &str, blank: &str, more: &str) -> String {
    let more = more.lines().map(plain).filter(|line| !line.is_empty());
    std::iter::once(or(first, blank)).chain(more).collect::<Vec<_>>().join("\n")
}

/// Nothing in it hides or reorders; a line break is a space.
fn plain(words: &str) -> String {
    let seen = |letter: char| if words::is_unseen(letter) { ' ' } else { letter };
    words.chars().map(seen).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

/// The text in lines, broken between words.
pub(crate) fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= LINE) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossier(name: &str) -> Dossier {
        let text = match name {
            "child" => include_str!("../fixtures/dossier/recipient-is-the-child.json"),
            _ => include_str!("../fixtures/dossier/full.json"),
        };
        serde_json::from_str(text).unwrap()
    }

    fn on() -> Timestamp {
        "2026-11-27T10:00:00Z".parse().unwrap()
    }

    fn letter() -> Letter {
        Letter {
            agency: "Example Task Force".to_owned(),
            recipient: "Harbor Chat, custodian of records".to_owned(),
            case_number: "26-\u{202e}17".to_owned(),
            accounts: accounts(&dossier("full")),
            also: "Messages\nof 3 February".to_owned(),
            ..Letter::default()
        }
    }

    // PROVES: R-49
    #[test]
    fn a_letter_has_its_words_and_leaves_what_nobody_said_as_a_blank() {
        let text = to_text(&dossier("full"), &letter(), on());
        for words in [
            "Example Task Force\n\n27 November 2026\n",
            "18 U.S.C. 2703(f)",
            "for 90 days from the date",
            "Your report: 1000001",
            "Our case: 26- 17",
            "[address or portal of the custodian]",
            "Also: Messages of 3 February",
            "[name, title, signature]",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(
            text.lines().filter(|line| !line.starts_with('-')).all(|line| line.chars().count() <= LINE),
            "{text}"
        );
    }

    #[test]
    fn a_child_is_never_named_as_an_account_of_a_letter() {
        let dossier = dossier("child");
        let children = dossier.submission.people.iter().filter(|one| one.role != Role::Reported);
        let names: Vec<&str> = children.filter_map(|one| said(one.screen_name.as_ref())).collect();
        let accounts = accounts(&dossier).join("\n");
        assert!(!names.is_empty() && names.iter().all(|name| !accounts.contains(name)), "{accounts}");
    }

    #[test]
    fn the_pages_are_the_same_every_time() {
        let pages = || to_pdf(&dossier("full"), &letter(), on()).unwrap();
        assert!(pages().starts_with(b"%PDF-") && pages() == pages());
        assert!(to_pdf(&dossier("full"), &Letter::default(), on()).is_ok());
    }
}
