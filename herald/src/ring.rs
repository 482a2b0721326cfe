//! One call of a webhook: what is sent, and what its receiver's answer means.

use std::time::Duration;

use casework::webhook::{About, Call, Due, Outcome};
use domain::{Actor, Purpose};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Request, StatusCode, redirect};
use serde_json::json;
use store::{Error, House, Refusal};

use crate::reach::Reach;
use crate::settings::Settings;
use crate::signature::{Signed, signed};

/// How long a receiver may take; shorter than the turn that `casework` gives.
const PATIENCE: Duration = Duration::from_secs(15);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Makes the call of a webhook that is due, and records what came of it. Who else has it is left alone.
///
/// # Errors
/// A fault of the store; the call is made anew when its turn is over.
pub async fn ring(house: &House, settings: &Settings, due: Due) -> store::Result<()> {
    let taken = house
        .act(Actor::House, Purpose::Pipeline, "webhook::take", move |act| casework::webhook::take(act, &due));
    let call = match taken.await {
        Ok(call) => call,
        Err(Error::Refusal(Refusal::LeaseLost | Refusal::NotFound)) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let outcome = called(&settings.reach, settings.authorities.as_deref(), &call, house.now()).await;
    let recorded = house.act(Actor::House, Purpose::Pipeline, "webhook::answered", move |act| {
        casework::webhook::answered(act, &call, &outcome)
    });
    match recorded.await {
        // It was taken away meanwhile.
        Err(Error::Refusal(Refusal::NotFound)) => Ok(()),
        recorded => recorded,
    }
}

/// Calls a receiver.
pub async fn called(reach: &Reach, authorities: Option<&[u8]>, call: &Call, now: Timestamp) -> Outcome {
    match sent(reach, authorities, call, now).await {
        Ok(StatusCode::GONE) => Outcome::Gone,
        Ok(status) if status.is_success() => Outcome::Taken(format!("answered {}", status.as_u16())),
        Ok(status) if status.is_redirection() => {
            Outcome::Failed(format!("answered {}: nobody is followed to another address", status.as_u16()))
        }
        Ok(status) => Outcome::Failed(format!("answered {}", status.as_u16())),
        Err(says) => Outcome::Failed(says),
    }
}

async fn sent(
    reach: &Reach,
    authorities: Option<&[u8]>,
    call: &Call,
    now: Timestamp,
) -> Result<StatusCode, String> {
    // It may have been named while other networks were called.
    let url = reach.read(call.url.reveal()).map_err(|wrong| wrong.to_string())?;
    let client = client(reach, authorities, url.scheme() == "http")
        .map_err(|_| "the client cannot be made".to_owned())?;
    let request = request(&client, url, call, now).map_err(|_| "the call cannot be made".to_owned())?;
    // The answer's body is nobody's business here.
    client.execute(request).await.map(|response| response.status()).map_err(|fault| told(&fault))
}

fn client(reach: &Reach, authorities: Option<&[u8]>, plain: bool) -> reqwest::Result<Client> {
    let mut builder = Client::builder()
        .timeout(PATIENCE)
        .connect_timeout(CONNECT_PATIENCE)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .dns_resolver(reach.guard(plain))
        .user_agent(concat!("clearinghouse/", env!("CARGO_PKG_VERSION")));
    if let Some(pem) = authorities {
        builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    builder.build()
}

/// What is sent: that there is something, and where the feed is. Neither a number nor how many. What is said again is said
/// under its own name, which was drawn at random.
fn request(client: &Client, url: url::Url, call: &Call, now: Timestamp) -> reqwest::Result<Request> {
    let kind = if call.about == About::Nothing { "ping" } else { "feed.advanced" };
    let body = json!({ "type": kind, "timestamp": now, "data": { "feed": "/agency/v1/feed" } }).to_string();
    let Signed { id, timestamp, signature } =
        signed(&call.name, now.as_second(), body.as_bytes(), call.secrets.reveal());
    client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .body(body)
        .build()
}

/// What a fault of the network is called, without the address, which may hold a secret.
fn told(fault: &reqwest::Error) -> String {
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        if let Some(wrong) = cause.downcast_ref::<crate::Wrong>() {
            return wrong.to_string();
        }
        source = cause.source();
    }
    let says = match (fault.is_timeout(), fault.is_connect()) {
        (true, _) => "did not answer in time",
        (false, true) => "cannot be reached",
        (false, false) => "broke off",
    };
    says.to_owned()
}
