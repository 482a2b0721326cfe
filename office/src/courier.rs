//! How letters with codes reach people. An outbox puts them where the operator finds them and hands them over; whoever
//! has a mail server sends what goes by mail (`herald`). The second channel is people's business: no machine of ours
//! telephones anybody.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::pin::Pin;

use serde_json::json;

/// By which way a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Mail to the address at the agency or provider.
    Mail,
    /// The second channel that the sponsor named.
    Second,
}

impl Channel {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Second => "second-channel",
        }
    }
}

/// A letter. It holds a secret for its reader and is shown to nobody else.
pub struct Letter {
    /// A name that no other letter has.
    pub name: String,
    /// By which way it goes.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// What it says.
    pub body: String,
}

/// What comes of taking a letter.
pub type Taking<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// Takes letters to people.
pub trait Courier: Send + Sync {
    /// Takes a letter. An error is what the system said when it could not be taken; the code in it is then worth nothing to
    /// anybody.
    fn take<'a>(&'a self, letter: &'a Letter) -> Taking<'a>;

    /// Whether letters by mail go there by themselves, or wait for the operator as the others do.
    fn sends_mail(&self) -> bool {
        false
    }
}

/// Puts every letter into a folder, one file each, which nobody but the operator can look into.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// The outbox in this folder, which is made with the first letter.
    #[must_use]
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn put(&self, letter: &Letter) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let path = self.folder.join(format!("{}-{}.json", letter.name, letter.channel.as_str()));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        let text = json!({ "channel": letter.channel.as_str(), "to": letter.to, "body": letter.body });
        file.write_all(text.to_string().as_bytes())?;
        file.sync_all()
    }
}

impl Courier for Outbox {
    fn take<'a>(&'a self, letter: &'a Letter) -> Taking<'a> {
        Box::pin(std::future::ready(self.put(letter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_letter_lies_where_only_the_operator_looks() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("outbox");
        let letter = Letter {
            name: "i-7".to_owned(),
            channel: Channel::Mail,
            to: "a@agency.example".to_owned(),
            body: "12345678".to_owned(),
        };
        Outbox::at(folder.clone()).put(&letter).unwrap();
        let file = folder.join("i-7-mail.json");
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        assert!(fs::read_to_string(file).unwrap().contains("12345678"));
    }
}
