//! Every chat of the report, message by message, as sheets.

use std::io::{self, Write};

use formats::{chat, csv};

use crate::source::{Member, Source, Text};

pub(super) const NAME: &str = "chat-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::Each { write: members, shown: "chat/*.csv", alone: "chat-threads.csv" };
pub(super) const ABOUT: &str = "each chat, message by message";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&csv::chat(&chat::threads(source.dossier)))
}

fn members(source: &Source<'_>) -> Vec<Text> {
    let threads = chat::threads(source.dossier);
    let one = |thread: &chat::Thread| Text {
        name: format!("chat/{}.csv", thread.name),
        bytes: csv::chat(std::slice::from_ref(thread)),
    };
    threads.iter().map(one).collect()
}
