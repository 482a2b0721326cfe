//! Letters with codes: what goes by mail goes to the mail server, where one is named; everything else lies in the outbox.

use std::io;
use std::sync::Arc;

use office::courier::{Channel, Courier, Letter, Outbox, Taking};

use crate::mail::{Note, Post};
use crate::settings::Settings;

struct Mailed {
    post: Arc<dyn Post>,
    outbox: Outbox,
}

/// Who takes letters in a process with these settings.
#[must_use]
pub fn courier(settings: &Settings, outbox: Outbox) -> Arc<dyn Courier> {
    match &settings.post {
        Some(post) => Arc::new(Mailed { post: Arc::clone(post), outbox }),
        None => Arc::new(outbox),
    }
}

impl Courier for Mailed {
    fn take<'a>(&'a self, letter: &'a Letter) -> Taking<'a> {
        if letter.channel != Channel::Mail {
            return self.outbox.take(letter);
        }
        let note = Note {
            id: letter.name.clone(),
            to: letter.to.clone().into(),
            subject: "Clearinghouse: your code",
            body: letter.body.clone().into(),
        };
        let sending = self.post.hand(note);
        Box::pin(async move { sending.await.map_err(io::Error::other) })
    }

    fn sends_mail(&self) -> bool {
        true
    }
}
