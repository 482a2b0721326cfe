//! Chats and mails of a report, message by message. A sender gives a log as one text; what is said in it by whom and when is
//! read line by line, and what cannot be read stays with the message before it. Every message keeps its lines as they
//! were given, so that nothing is lost to a reading that went wrong.

mod lines;

use domain::{Dossier, IncidentDetail, Involved, Role};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::files::Files;
use crate::package::words::{self, said};
use lines::Line;

/// The JSON Schema (2020-12) of what [`to_json`] writes, to be published under the name that the document gives.
pub const SCHEMA: &str = include_str!("../schemas/chat-1.0.schema.json");

/// One log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its name in the package, of ours: `chat-1`, `mail-2`.
    pub name: String,
    /// The program, the game or nothing.
    pub program: Option<String>,
    /// The room.
    pub room: Option<String>,
    /// The messages, in the log's order.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The moment as it stands in the log.
    pub sent: Option<String>,
    /// The same as UTC, where its zone is said.
    pub sent_at: Option<Timestamp>,
    /// Who wrote it, as the log names them.
    pub from: Option<String>,
    /// To whom, where the log says it.
    pub to: Option<String>,
    /// The part that the report gives whoever wrote it, where the names are the same.
    pub role: Option<Role>,
    /// What a reader must know before taking that person for a suspect.
    pub role_warning: Option<String>,
    /// What was written.
    pub text: String,
    /// The lines as they were given.
    pub given: String,
}

/// Every log of a report, by the place where it stands.
#[must_use]
pub fn threads(dossier: &Dossier<impl Files>) -> Vec<Thread> {
    let people = &dossier.submission.people;
    let places = dossier.submission.details.iter().enumerate();
    places.filter_map(|(at, detail)| thread(at + 1, detail, people)).collect()
}

fn thread(at: usize, detail: &IncidentDetail, people: &[Involved]) -> Option<Thread> {
    let own = |words: Option<&str>| words.map(str::to_owned);
    let (kind, program, room, content) = match detail {
        IncidentDetail::Chat { client, room, content, .. } => ("chat", client, said(room.as_ref()), content),
        IncidentDetail::Gaming { game, content, .. } => ("game", game, None, content),
        IncidentDetail::Email { content, .. } => ("mail", &None, None, content),
        IncidentDetail::Newsgroup { name, content, .. } => ("posting", name, None, content),
        _ => return None,
    };
    let content = said(content.as_ref()).filter(|text| !text.trim().is_empty())?;
    let mut messages = if matches!(kind, "chat" | "game") { log(content) } else { vec![mail(content)] };
    for message in &mut messages {
        let named = message.from.as_deref().and_then(|name| people.iter().find(|one| is_called(one, name)));
        message.role = named.map(|person| person.role);
        message.role_warning = named.and_then(|person| words::role_warning(person, people));
    }
    Some(Thread { name: format!("{kind}-{at}"), program: own(program.as_deref()), room: own(room), messages })
}

/// Line by line; one that begins no message goes on with the one before it.
fn log(content: &str) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for given in content.lines().filter(|line| !line.trim().is_empty()) {
        match (lines::read(given), messages.last_mut()) {
            (Some(Line { sent, from, text }), _) => messages.push(Message {
                sent: sent.map(str::to_owned),
                sent_at: sent.and_then(|sent| sent.replacen(' ', "T", 1).parse().ok()),
                from: Some(from.to_owned()),
                text: text.to_owned(),
                given: given.to_owned(),
                ..Message::default()
            }),
            (None, Some(last)) => {
                for (grown, line) in [(&mut last.text, given.trim()), (&mut last.given, given)] {
                    grown.push('\n');
                    grown.push_str(line);
                }
            }
            (None, None) => messages.push(Message {
                text: given.trim().to_owned(),
                given: given.to_owned(),
                ..Message::default()
            }),
        }
    }
    messages
}

/// A mail or a posting is one message.
fn mail(content: &str) -> Message {
    let header = |labels: &[&str]| {
        let found = content
            .lines()
            .find_map(|line| labels.iter().find_map(|label| line.trim_start().strip_prefix(label)));
        found.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let sent = header(&["Sent Date:", "Date:", "Sent:"]);
    Message {
        sent_at: sent.as_deref().and_then(|sent| sent.parse().ok()),
        sent,
        from: header(&["From:"]),
        to: header(&["To:"]),
        text: content.to_owned(),
        given: content.to_owned(),
        ..Message::default()
    }
}

/// Whether a log's name is one of this person's.
fn is_called(person: &Involved, name: &str) -> bool {
    let is = |other: &str| !other.trim().is_empty() && other.trim().eq_ignore_ascii_case(name.trim());
    let one = [&person.screen_name, &person.account_id].into_iter().filter_map(|words| said(words.as_ref()));
    let many = person.display_names.iter().map(|words| words.reveal().as_str());
    let mails = person.person.emails.iter().map(|mail| mail.address.reveal().as_str());
    one.chain(many).chain(mails).any(is)
}

/// These logs as JSON.
#[must_use]
pub fn to_json(threads: &[Thread]) -> Vec<u8> {
    let all: Vec<Value> = threads.iter().map(thread_json).collect();
    let document = words::ordered(json!({ "schema": "urn:clearinghouse:schema:chat:1.0", "threads": all }));
    // INVARIANT: a document of words and numbers can be turned into JSON.
    let mut bytes = serde_json::to_vec_pretty(&document).expect("a chat is representable in JSON");
    bytes.push(b'\n');
    bytes
}

fn thread_json(thread: &Thread) -> Value {
    let messages = thread.messages.iter().enumerate().map(|(at, message)| {
        json!({
            "number": at + 1,
            "sent": message.sent,
            "sentAt": message.sent_at.map(words::utc),
            "from": message.from,
            "to": message.to,
            "role": message.role.map(Role::as_str),
            "roleWarning": message.role_warning,
            "text": message.text,
            "given": message.given,
        })
    });
    json!({
        "name": thread.name,
        "program": thread.program,
        "room": thread.room,
        "messages": messages.collect::<Vec<Value>>(),
    })
}
