//! Custody in a key service over HTTPS, shaped as those of the clouds are.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /keys` with `{"name"}` | 201; 409 when the name is taken |
//! | `POST /keys/NAME/wrap` with `{"plaintext","context"}` | `{"ciphertext"}` |
//! | `POST /keys/NAME/unwrap` with `{"ciphertext","context"}` | `{"plaintext"}`; 404 or 410 without the key, 422 for what is not authentic |
//! | `DELETE /keys/NAME` | 204 destroyed, 404 or 410 long gone, 202 only later |
//! | `GET /keys` | `{"names"}` |
//!
//! Bytes are base64. A small adapter speaks this in front of a cloud's own service, whose waiting time for deletions
//! must be none: what answers 202 is not destroyed.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::{Certificate, Method, StatusCode, Url};
use seal::{Custody, CustodyFault};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::{Zeroize, Zeroizing};

use crate::name::checked;
use crate::{gone, refused};

const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(10);
/// Times that a call is tried: a connection may have died while nobody used it.
const TRIES: usize = 3;
const MOST_ANSWER_BYTES: u64 = 1024 * 1024;
const OPENING: &str = "opening the key service";

/// A key service.
pub struct Service {
    client: Client,
    base: Url,
    token: Option<Zeroizing<String>>,
}

#[derive(Deserialize)]
struct Plain {
    plaintext: String,
}

#[derive(Deserialize)]
struct Sealed {
    ciphertext: String,
}

#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
}

impl Service {
    /// Prepares to speak to the service at this address. Sends nothing yet.
    ///
    /// # Errors
    /// [`CustodyFault::Refused`] for an address or a file of authorities that cannot be used.
    pub fn open(
        address: &str,
        token: Option<Zeroizing<String>>,
        ca_file: Option<&Path>,
    ) -> Result<Self, CustodyFault> {
        let refuse = |fault: &dyn std::fmt::Display| refused(OPENING, fault.to_string());
        let base =
            Url::parse(&format!("{}/", address.trim_end_matches('/'))).map_err(|fault| refuse(&fault))?;
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(file) = ca_file {
            let pem = std::fs::read(file).map_err(|fault| refuse(&fault))?;
            let authorities = Certificate::from_pem_bundle(&pem).map_err(|fault| refuse(&fault))?;
            builder = builder.tls_certs_only(authorities);
        }
        let client = builder.build().map_err(|fault| refuse(&fault))?;
        Ok(Self { client, base, token })
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, CustodyFault> {
        let url = self.base.join(path).map_err(|fault| refused(OPENING, fault.to_string()))?;
        let request = self.client.request(method, url);
        Ok(match &self.token {
            Some(token) => request.bearer_auth(token.as_str()),
            None => request,
        })
    }

    /// Sends a request until somebody answers. Every one of ours may be sent twice.
    fn send(
        &self,
        doing: &'static str,
        (method, path): (Method, &str),
        body: Option<&Value>,
    ) -> Result<Response, CustodyFault> {
        let mut last: Box<dyn std::error::Error + Send + Sync> = "nobody asked".into();
        for _ in 0..TRIES {
            let mut request = self.request(method.clone(), path)?;
            if let Some(body) = body {
                request = request.json(body);
            }
            match request.send() {
                Ok(answer)
                    if answer.status().is_server_error()
                        || answer.status() == StatusCode::TOO_MANY_REQUESTS =>
                {
                    last = format!("status {}", answer.status().as_u16()).into();
                }
                Ok(answer) => return Ok(answer),
                // The address may hold nothing secret, but an error is not the place to find that out.
                Err(fault) => last = fault.without_url().into(),
            }
        }
        Err(CustodyFault::Silent { doing, source: last })
    }

    fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        doing: &'static str,
        name: &str,
        call: (Method, &str),
        body: Option<&Value>,
    ) -> Result<T, CustodyFault> {
        let answer = self.send(doing, call, body)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(gone(name)),
            StatusCode::UNPROCESSABLE_ENTITY => {
                return Err(seal::Fault::NotAuthentic { what: "secret wrapped by the key service" }.into());
            }
            other => return Err(odd(doing, other)),
        }
        let mut bytes = Zeroizing::new(Vec::new());
        std::io::Read::read_to_end(&mut std::io::Read::take(answer, MOST_ANSWER_BYTES), &mut bytes)
            .map_err(|source| CustodyFault::Silent { doing, source: source.into() })?;
        serde_json::from_slice(&bytes).map_err(|_| refused(doing, "its answer cannot be read"))
    }
}

impl Custody for Service {
    fn create(&self, name: &str) -> Result<(), CustodyFault> {
        const DOING: &str = "making a key";
        let answer = self.send(DOING, (Method::POST, "keys"), Some(&json!({ "name": checked(name)? })))?;
        match answer.status() {
            // A name is used once, so one that is taken is ours, and its first answer was lost.
            StatusCode::CREATED | StatusCode::CONFLICT => Ok(()),
            other => Err(odd(DOING, other)),
        }
    }

    fn wrap(&self, name: &str, secret: &[u8; 32]) -> Result<Vec<u8>, CustodyFault> {
        let path = format!("keys/{}/wrap", checked(name)?);
        let mut body = json!({ "plaintext": STANDARD.encode(secret), "context": name });
        let answer = self.ask::<Sealed>("sealing a secret", name, (Method::POST, &path), Some(&body));
        clear(&mut body);
        STANDARD
            .decode(answer?.ciphertext)
            .map_err(|_| seal::Fault::Malformed { what: "answer of the key service" }.into())
    }

    fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<[u8; 32], CustodyFault> {
        const MALFORMED: seal::Fault = seal::Fault::Malformed { what: "answer of the key service" };
        let path = format!("keys/{}/unwrap", checked(name)?);
        let body = json!({ "ciphertext": STANDARD.encode(wrapped), "context": name });
        let answer: Plain = self.ask("opening a secret", name, (Method::POST, &path), Some(&body))?;
        let text = Zeroizing::new(answer.plaintext);
        let plain = Zeroizing::new(STANDARD.decode(text.as_bytes()).map_err(|_| MALFORMED)?);
        Ok(plain.as_slice().try_into().map_err(|_| MALFORMED)?)
    }

    fn destroy(&self, name: &str) -> Result<(), CustodyFault> {
        const DOING: &str = "destroying a key";
        let path = format!("keys/{}", checked(name)?);
        match self.send(DOING, (Method::DELETE, &path), None)?.status() {
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND | StatusCode::GONE => Ok(()),
            StatusCode::ACCEPTED => Err(CustodyFault::Pending { name: name.to_owned() }),
            other => Err(odd(DOING, other)),
        }
    }

    fn names(&self) -> Result<Vec<String>, CustodyFault> {
        let mut names = self.ask::<Names>("listing the keys", "", (Method::GET, "keys"), None)?.names;
        names.sort_unstable();
        Ok(names)
    }
}

/// Clears the one text of a body that was secret.
fn clear(body: &mut Value) {
    if let Some(Value::String(text)) = body.get_mut("plaintext") {
        text.zeroize();
    }
}

fn odd(doing: &'static str, status: StatusCode) -> CustodyFault {
    refused(doing, format!("status {}", status.as_u16()))
}
