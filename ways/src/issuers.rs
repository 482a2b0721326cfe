//! Issuers of OIDC as the configuration pins them, and the connection over which they are asked.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use domain::{AgencyId, Id as _, ProviderId};
use office::outside::{CARD, Fetch, Fetching, Issuer, Pinned};
use reqwest::{Certificate, Client, redirect};

use config::outcome::{Doing, Failure, Result, chain};
use config::{Config, SignInIssuer};

/// How long an issuer may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const MOST_ANSWER_BYTES: usize = 512 * 1024;
/// Issuers of one house.
const MOST_ISSUERS: usize = 16;

/// Every issuer of the configuration.
pub(crate) fn all(config: &Config) -> Result<Vec<Arc<Issuer>>> {
    let said = &config.settings.sign_in.issuer;
    if said.len() > MOST_ISSUERS {
        return Err(Failure::new(format!("more than {MOST_ISSUERS} issuers are named")));
    }
    let mut all: Vec<Arc<Issuer>> = Vec::new();
    for one in said {
        let pinned = pinned(one, config)?;
        let clash =
            |other: &Arc<Issuer>| other.pinned.name == pinned.name || other.pinned.issuer == pinned.issuer;
        if all.iter().any(clash) {
            return Err(Failure::new(format!("sign_in.issuer {:?} is named twice", one.name)));
        }
        let client = client(one, config)?;
        all.push(Arc::new(Issuer::new(pinned, Box::new(Wire(client)))));
    }
    Ok(all)
}

/// What the configuration says of one, or what is wrong with it.
fn pinned(one: &SignInIssuer, config: &Config) -> Result<Pinned> {
    let refuse = |why: &str| Err(Failure::new(format!("sign_in.issuer {:?} {why}", one.name)));
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if one.name.is_empty() || one.name == CARD || !one.name.bytes().all(letter) {
        return refuse("needs a name of lower-case letters, digits and hyphens, which is not \"card\"");
    }
    if one.title.trim().is_empty() || one.client_id.is_empty() {
        return refuse("needs a title and a client_id");
    }
    let plain = one.issuer.strip_prefix("http://localhost:").is_some();
    if !one.issuer.starts_with("https://") && !plain || one.issuer.contains(['?', '#']) {
        return refuse("needs an issuer that begins with https://, as it calls itself");
    }
    if one.homes.is_empty() || !one.homes.iter().all(|home| is_home(home)) {
        return refuse("needs homes: \"house\", \"agencies\", \"agency:ID\" or \"provider:ID\"");
    }
    if one.aal2.is_empty() && one.aal3.is_empty() {
        return refuse("needs aal2 or aal3: which of its acr or amr means two factors");
    }
    if one.demand.iter().any(|demand| demand.claim.is_empty() || demand.value.is_empty()) {
        return refuse("has a demand without claim or value");
    }
    let scopes = std::iter::once("openid").chain(one.scopes.iter().map(String::as_str));
    Ok(Pinned {
        name: one.name.clone(),
        title: one.title.clone(),
        issuer: one.issuer.clone(),
        client: one.client_id.clone(),
        secret: config.secret_in(one.client_secret_file.as_deref())?,
        scope: scopes.collect::<Vec<_>>().join(" "),
        homes: one.homes.clone(),
        aal2: one.aal2.clone(),
        aal3: one.aal3.clone(),
        demands: one.demand.iter().map(|it| (it.claim.clone(), it.value.clone())).collect(),
    })
}

fn is_home(word: &str) -> bool {
    match word.split_once(':') {
        None => matches!(word, "house" | "agencies"),
        Some(("agency", id)) => AgencyId::parse(id).is_ok(),
        Some(("provider", id)) => ProviderId::parse(id).is_ok(),
        Some(_) => false,
    }
}

fn client(one: &SignInIssuer, config: &Config) -> Result<Client> {
    let builder = Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("clearinghouse/", env!("CARGO_PKG_VERSION")));
    let builder = match &one.ca_file {
        Some(file) => {
            let file = config.path(file);
            let pem = fs::read(&file).doing(&format!("read the authorities {}", file.display()))?;
            builder.tls_certs_only(
                Certificate::from_pem_bundle(&pem).doing("read the authorities of an issuer")?,
            )
        }
        None => builder,
    };
    builder.build().doing("make the client of an issuer")
}

/// The connection to one issuer.
struct Wire(Client);

impl Fetch for Wire {
    fn fetch(&self, request: federation::Request) -> Fetching<'_> {
        Box::pin(async move {
            let asked = match request.form {
                None => self.0.get(&request.url),
                Some(form) => {
                    let kind = "application/x-www-form-urlencoded";
                    self.0.post(&request.url).header(reqwest::header::CONTENT_TYPE, kind).body(form)
                }
            };
            let asked = asked.header(reqwest::header::ACCEPT, "application/json");
            let asked = match request.basic {
                Some((name, secret)) => asked.basic_auth(name, Some(secret)),
                None => asked,
            };
            let fault = |fault: reqwest::Error| io::Error::other(chain(&fault.without_url()));
            let mut answer = asked.send().await.map_err(fault)?;
            if answer.status() != reqwest::StatusCode::OK {
                return Err(io::Error::other(format!("it answered {}", answer.status())));
            }
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(fault)? {
                body.extend_from_slice(&chunk);
                if body.len() > MOST_ANSWER_BYTES {
                    return Err(io::Error::other("its answer is too long"));
                }
            }
            Ok(body)
        })
    }
}
