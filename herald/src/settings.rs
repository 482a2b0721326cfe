//! What the configuration says of calls and messages.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use config::Config;
use config::outcome::{Doing, Failure, Result};
use url::Url;

use crate::mail::{Links, Post, Security, Server, Smtp};
use crate::reach::{Network, Reach};

/// How this process calls and writes.
#[derive(Clone, Default)]
pub struct Settings {
    /// Where webhooks may lead.
    pub reach: Reach,
    /// PEM with authorities that may vouch for receivers, besides those of the system.
    pub authorities: Option<Arc<[u8]>>,
    /// Who takes messages; nobody where no mail server is named.
    pub post: Option<Arc<dyn Post>>,
}

/// Reads them.
///
/// # Errors
/// What is wrong with which key.
pub fn settings(config: &Config) -> Result<Settings> {
    let said = &config.settings.webhooks;
    let network = |text: &String| {
        let read = text.parse::<Network>();
        read.map_err(|_| {
            Failure::new(format!("webhooks.networks: {text:?} is no network, such as 10.1.0.0/16"))
        })
    };
    let networks = said.networks.iter().map(network).collect::<Result<Vec<_>>>()?;
    let authorities = pem(config, said.ca_file.as_deref())?;
    let post = post(config)?;
    Ok(Settings { reach: Reach::with(networks), authorities: authorities.map(Into::into), post })
}

fn post(config: &Config) -> Result<Option<Arc<dyn Post>>> {
    let said = &config.settings.mail;
    let Some(server) = &said.server else { return Ok(None) };
    let wrong = || {
        // What it says instead may hold a password.
        Failure::new("mail.server is no mail server".to_owned())
            .hint("write smtps://HOST, smtp://HOST for STARTTLS, or plain://HOST for a relay on this machine")
    };
    let (scheme, rest) = server.split_once("://").ok_or_else(wrong)?;
    let (how, otherwise) = match scheme {
        "smtps" => (Security::Tls, 465),
        "smtp" => (Security::StartTls, 587),
        "plain" => (Security::None, 25),
        _ => return Err(wrong()),
    };
    let (host, port) = match rest.trim_end_matches('/').rsplit_once(':') {
        Some((host, port)) => (host, port.parse::<u16>().map_err(|_| wrong())?),
        None => (rest.trim_end_matches('/'), otherwise),
    };
    if host.is_empty() || host.contains(['/', '@']) {
        return Err(wrong());
    }
    let needed = |name: &str, value: &Option<String>| {
        value.clone().ok_or_else(|| Failure::new(format!("mail.server is named and mail.{name} is not")))
    };
    let (from, link) = (needed("from", &said.from)?, needed("link", &said.link)?);
    let desk = match &said.desk_link {
        Some(desk) => desk.clone(),
        None => beside(&link).ok_or_else(|| {
            Failure::new(
                "mail.link is no address of a page, so mail.desk_link has to be named too".to_owned(),
            )
        })?,
    };
    let links = Links { agencies: link, desk };
    let password = config.mail_password()?;
    let login = match (&said.user, password) {
        (Some(user), Some(password)) => Some((user.clone(), password.into_inner())),
        (None, None) => None,
        _ => return Err(Failure::new("mail.user and its password go together".to_owned())),
    };
    let server = Server {
        host: host.to_owned(),
        port,
        how,
        login,
        authorities: pem(config, said.ca_file.as_deref())?,
    };
    let smtp = Smtp::new(server, &from, links).map_err(Failure::new)?;
    Ok(Some(Arc::new(smtp) as Arc<dyn Post>))
}

/// Where the desk's people are called, on the origin of another page of this house.
fn beside(link: &str) -> Option<String> {
    Some(Url::parse(link).ok()?.join(DESK_CALLS).ok()?.to_string())
}

const DESK_CALLS: &str = "/desk/calls";

fn pem(config: &Config, file: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let read = |file: &Path| {
        fs::read(config.path(file)).doing(&format!("read the authorities in {}", file.display()))
    };
    file.map(read).transpose()
}
