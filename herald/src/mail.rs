//! Messages to people, and the mail server that takes them. A message is one of a few fixed texts, one of them with a code
//! that was drawn by lot: nothing of a report, of its agency or of anybody's case can get into one, because nothing of it is
//! here. A letter of the office, with a code for somebody who is invited, goes the same way.

use std::time::Duration;

use casework::message::Kind;
use domain::Private;
use futures_util::future::BoxFuture;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Letter};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

/// How long a mail server may take for one message.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its name, by which a server that gets it twice can tell.
    pub id: String,
    /// About what.
    pub kind: Kind,
    /// Whether it is for somebody of the clearinghouse's own desk.
    pub at_desk: bool,
    /// To whom.
    pub to: Private<String>,
    /// What shows that the mailbox is its person's; only in the message about that.
    pub code: Option<Private<String>>,
}

/// A letter of the office as mail.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its name, by which a server that gets it twice can tell.
    pub id: String,
    /// To whom.
    pub to: Private<String>,
    /// What stands above it: the same for everybody.
    pub subject: &'static str,
    /// What it says.
    pub body: Private<String>,
}

/// What came of sending.
pub type Sending = BoxFuture<'static, Result<(), String>>;

/// Takes messages to people.
pub trait Post: Send + Sync {
    /// Takes a message; what went wrong holds neither its text nor its reader.
    fn send(&self, message: Message) -> Sending;

    /// Takes a letter; what went wrong holds neither its text nor its reader.
    fn hand(&self, note: Note) -> Sending;
}

/// A mail server.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    links: Links,
}

/// Where messages lead.
pub(crate) struct Links {
    /// People of agencies.
    pub agencies: String,
    /// People of the clearinghouse's own desk.
    pub desk: String,
}

impl Links {
    const fn of(&self, message: &Message) -> &str {
        if message.at_desk { self.desk.as_str() } else { self.agencies.as_str() }
    }
}

/// Where a mail server is and how it is spoken to.
pub(crate) struct Server {
    /// Its name.
    pub host: String,
    pub port: u16,
    pub how: Security,
    pub login: Option<(String, String)>,
    /// PEM with the authorities that may vouch for it.
    pub authorities: Option<Vec<u8>>,
}

/// How the conversation is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// TLS from the beginning.
    Tls,
    /// It begins in the open and goes on under TLS, or not at all.
    StartTls,
    /// Not at all: for a relay on the same machine.
    None,
}

impl Smtp {
    /// A mail server that sends as `from` and leads people to `links`.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub(crate) fn new(server: Server, from: &str, links: Links) -> Result<Self, String> {
        let from: Address = from.parse().map_err(|_| format!("mail.from {from:?} is no address"))?;
        let tls = |server: &Server| -> Result<TlsParameters, String> {
            let mut builder = TlsParameters::builder(server.host.clone());
            if let Some(pem) = &server.authorities {
                let one =
                    Certificate::from_pem(pem).map_err(|_| "mail.ca_file holds no certificate".to_owned())?;
                builder = builder.add_root_certificate(one);
            }
            builder.build_rustls().map_err(|_| "TLS to the mail server cannot be set up".to_owned())
        };
        let tls = match server.how {
            Security::Tls => Tls::Wrapper(tls(&server)?),
            Security::StartTls => Tls::Required(tls(&server)?),
            Security::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = server.login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: builder.build(), from, links })
    }

    fn letter(&self, note: &Note) -> Result<Letter, String> {
        let to: Address =
            note.to.reveal().parse().map_err(|_| "the address cannot be written to".to_owned())?;
        Letter::builder()
            .from(Mailbox::new(None, self.from.clone()))
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{}>", note.id, self.from.domain())))
            .subject(note.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(format!("{}\n\n{FOOT}\n", note.body.reveal()))
            .map_err(|_| "the message cannot be made".to_owned())
    }
}

/// Stands under everything that is sent.
const FOOT: &str = "Nobody will ever ask you by mail or by telephone for a key or a code.";

/// The text of a message, without what stands under all of them.
fn text(message: &Message, link: &str) -> (&'static str, String) {
    let (subject, says) = match message.kind {
        Kind::Immediate if message.at_desk => (
            "Clearinghouse: please sign in now",
            "Something of the highest priority waits at the clearinghouse's desk, and it is your turn.\n\
             Sign in, and say that you have it, or decide where it goes. The next person is called until somebody does.",
        ),
        Kind::New if message.at_desk => (
            "Clearinghouse: there is something new",
            "There is something new at the clearinghouse's desk. You hear this at most once an hour.",
        ),
        Kind::Immediate => (
            "Clearinghouse: please sign in now",
            "Something of the highest priority waits for your agency, and it is your turn.\n\
             Sign in, and say that you have it, or answer what another agency offers to yours. For a report that is \
             yours the next person is called until somebody does.",
        ),
        Kind::New => (
            "Clearinghouse: there is something new",
            "There is something new for your agency. You hear this at most once an hour.",
        ),
        Kind::Test => {
            ("Clearinghouse: a test", "You asked for this message to see that messages arrive. They do.")
        }
        Kind::Confirm => (
            "Clearinghouse: is this your mailbox?",
            "Somebody who signed in named this mailbox as theirs. If that was you, sign in and type the code below. \
             If it was not, do nothing: nothing else will come here.",
        ),
    };
    let code = message.code.as_ref().map(|code| format!("{}\n\n", code.reveal())).unwrap_or_default();
    (subject, format!("{says}\n\n{code}{link}\n\nThis message says nothing of what it is about."))
}

impl Post for Smtp {
    fn send(&self, message: Message) -> Sending {
        let (subject, body) = text(&message, self.links.of(&message));
        self.hand(Note { id: message.id, to: message.to, subject, body: body.into() })
    }

    fn hand(&self, note: Note) -> Sending {
        let letter = self.letter(&note);
        let transport = self.transport.clone();
        Box::pin(async move {
            // What the server says may repeat the reader's address, so only its code is told.
            let told = |fault: lettre::transport::smtp::Error| match fault.status() {
                Some(code) => format!("the mail server answered {code}"),
                None if fault.is_timeout() => "the mail server did not answer in time".to_owned(),
                None if fault.is_tls() => "TLS to the mail server failed".to_owned(),
                None => "the mail server cannot be reached".to_owned(),
            };
            // The transport bounds its connect only; the whole conversation is bounded here.
            let sending = async { transport.send(letter?).await.map(drop).map_err(told) };
            let late = || Err("the mail server did not answer in time".to_owned());
            tokio::time::timeout(PATIENCE, sending).await.unwrap_or_else(|_| late())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // PROVES: R-29
    #[test]
    fn a_message_is_one_of_a_few_texts_and_holds_no_digit_of_anything() {
        let links = Links {
            agencies: "https://agencies.example/agency/notify".to_owned(),
            desk: "https://desk.example/desk/calls".to_owned(),
        };
        for (kind, at_desk) in [Kind::Immediate, Kind::New, Kind::Test, Kind::Confirm]
            .into_iter()
            .flat_map(|kind| [(kind, false), (kind, true)])
        {
            let code = (kind == Kind::Confirm).then(|| "BCDFGHJK".to_owned().into());
            let message = Message { id: "m".to_owned(), kind, at_desk, to: Private::default(), code };
            let (subject, body) = text(&message, links.of(&message));
            assert_eq!(body.contains("BCDFGHJK"), kind == Kind::Confirm, "{body}");
            assert!(!format!("{subject}{body}").contains(|letter: char| letter.is_ascii_digit()), "{body}");
            assert_eq!(body.contains(&links.desk), at_desk, "{body}");
            assert_eq!(body.contains(&links.agencies), !at_desk, "{body}");
            assert!(!at_desk || !body.contains("your agency"), "{body}");
        }
    }
}
