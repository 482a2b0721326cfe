//! `chat/<thread>.csv`: a log, one row a message.

use std::io::{self, Write};

use domain::Role;

use super::sheet::{self, Sheet};
use crate::chat::Thread;
use crate::package::words;

const HEADER: [&str; 12] = [
    "Thread",
    "Program",
    "Room",
    "Number",
    "Sent (UTC)",
    "Sent As Given",
    "From",
    "To",
    "Role",
    "Role Warning",
    "Text",
    "Lines As Given",
];

/// The sheet: UTF-8 with byte-order mark.
#[must_use]
pub fn chat(threads: &[Thread]) -> Vec<u8> {
    sheet::whole(|out| write(threads, out))
}

fn write(threads: &[Thread], out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(out, HEADER)?;
    for thread in threads {
        for (at, message) in thread.messages.iter().enumerate() {
            sheet.row([
                thread.name.as_str().into(),
                thread.program.as_deref().into(),
                thread.room.as_deref().into(),
                (at as u64 + 1).into(),
                message.sent_at.map(words::utc).into(),
                message.sent.as_deref().into(),
                message.from.as_deref().into(),
                message.to.as_deref().into(),
                // Nobody of that name is in the report.
                message.role.map_or("not named in the report", Role::as_str).into(),
                message.role_warning.as_deref().into(),
                message.text.as_str().into(),
                message.given.as_str().into(),
            ])?;
        }
    }
    Ok(())
}
