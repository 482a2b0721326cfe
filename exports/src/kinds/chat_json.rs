//! Every chat of the report, message by message, as JSON.

use std::io::{self, Write};

use formats::chat;

use crate::source::{Member, Source, Text};

pub(super) const NAME: &str = "chat-json";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::Each { write: members, shown: "chat/*.json", alone: "chat-threads.json" };
pub(super) const ABOUT: &str = "the same, for programs";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&chat::to_json(&chat::threads(source.dossier)))
}

fn members(source: &Source<'_>) -> Vec<Text> {
    let threads = chat::threads(source.dossier);
    let one = |thread: &chat::Thread| Text {
        name: format!("chat/{}.json", thread.name),
        bytes: chat::to_json(std::slice::from_ref(thread)),
    };
    threads.iter().map(one).collect()
}
