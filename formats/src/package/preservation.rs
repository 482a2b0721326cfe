//! `preservation.md`: until when the sender keeps, whom to ask, and a draft of the letter that asks for more.

use std::fmt::Write;

use domain::{Dossier, Person, Role};

use super::words;
use crate::files::Files;
use crate::preservation_letter::{BODY, accounts, wrapped};

/// The page.
#[must_use]
pub fn preservation(dossier: &Dossier<impl Files>) -> Vec<u8> {
    let mut page = String::new();
    // INVARIANT: writing to a String cannot fail.
    write(&mut page, dossier).expect("a string takes every write");
    page.into_bytes()
}

fn write(page: &mut String, dossier: &Dossier<impl Files>) -> std::fmt::Result {
    let sender = words::on_one_line(&dossier.provider_name);
    writeln!(page, "# Preservation: report {}\n", dossier.report)?;
    writeln!(page, "- Received: {}", words::utc(dossier.received_at))?;
    writeln!(
        page,
        "- The sender must preserve the contents until: **{}**",
        words::utc(dossier.preserve_until)
    )?;
    writeln!(page, "- Sender: `{sender}`")?;
    let reporter = &dossier.submission.reporter;
    let (role, person) = match &reporter.contact {
        Some(contact) => (Role::Contact, contact),
        None => (Role::Reporter, &reporter.person),
    };
    writeln!(page, "- Whom to ask ({role}): {}", reach(person))?;
    if let Some(url) = &reporter.legal_url {
        writeln!(page, "- Legal process is explained at: `{}`", words::on_one_line(url))?;
    }
    writeln!(page, "\n{ADVICE}\n")?;
    letter(page, dossier, &sender)
}

fn reach(person: &Person) -> String {
    let name = words::full_name(person);
    let mails = person.emails.iter().map(|mail| mail.address.reveal().clone());
    let parts: Vec<String> = [name]
        .into_iter()
        .chain(mails)
        .chain(person.phones.iter().map(words::phone))
        .map(|part| words::on_one_line(&part))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() { "the sender named nobody".to_owned() } else { format!("`{}`", parts.join(", ")) }
}

fn letter(page: &mut String, dossier: &Dossier<impl Files>, sender: &str) -> std::fmt::Result {
    writeln!(page, "## Draft letter\n\n    [letterhead of your agency]\n    [date]\n")?;
    writeln!(page, "    To: {sender}, custodian of records\n    [address or portal of the custodian]\n")?;
    writeln!(page, "    Re: Request to preserve records, 18 U.S.C. 2703(f)")?;
    writeln!(page, "    Your report: {}\n    Our case: [case number]\n", dossier.report)?;
    for paragraph in BODY {
        for line in wrapped(paragraph).lines() {
            writeln!(page, "    {line}")?;
        }
        writeln!(page)?;
    }
    let accounts = accounts(dossier);
    for account in &accounts {
        writeln!(page, "    - ({}) {account}", Role::Reported)?;
    }
    if accounts.is_empty() {
        writeln!(page, "    - [account]")?;
    }
    writeln!(page, "\n    [name, title, signature, telephone, e-mail]")
}

const ADVICE: &str = "\
The date above is the sender's own duty under 18 U.S.C. 2258A(h): one year after the report was completed. It ends by \
itself. A request under 18 U.S.C. 2703(f) is separate: it holds for 90 days and can be renewed once for 90 more, and \
it covers what the report does not. Neither of them makes a provider hand anything over; that takes legal process.

This page is a draft to help you, not legal advice. Have it reviewed before you send it.";
