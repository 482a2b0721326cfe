//! The house's side of its witnesses: each is sent the newest checkpoint, as soon as there is one, by a task of its own. A
//! witness that is away, slow or lying holds up nobody: not the others, and no act of the house.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode, redirect};
use store::{Errand, House, Witness};
use tokio::task::JoinSet;

use crate::outcome::{Doing, Result, chain};
use crate::shutdown::Bell;

/// How often a task looks whether there is something to ask.
const LOOK: Duration = Duration::from_secs(1);
/// How long one call may take; shorter than the turn that the store gives.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const MOST_ANSWER_BYTES: usize = 64 * 1024;
/// Calls in one turn: the second with the size that the witness named.
const MOST_CALLS: usize = 2;
const SIZE_TYPE: &str = "text/x.tlog.size";

/// Asks every witness of the settings, until the bell rings.
pub(crate) async fn run(house: House, bell: Bell) -> Result<()> {
    if house.book().witnesses().is_empty() {
        return Ok(());
    }
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("clearinghouse/", env!("CARGO_PKG_VERSION")))
        .build()
        .doing("make the client of the witnesses")?;
    let mut asking = JoinSet::new();
    for witness in house.book().witnesses().to_vec() {
        asking.spawn(ask_on(house.clone(), client.clone(), witness, bell.clone()));
    }
    while asking.join_next().await.is_some() {}
    Ok(())
}

async fn ask_on(house: House, client: Client, witness: Witness, bell: Bell) {
    loop {
        for _ in 0..MOST_CALLS {
            match house.book().errand(&witness).await {
                Ok(Some(errand)) => {
                    if let Err(fault) = ask(&house, &client, &errand).await {
                        tracing::warn!(
                            witness = witness.key.name(),
                            fault,
                            "a witness's answer could not be kept"
                        );
                    }
                }
                Ok(None) => break,
                Err(fault) => {
                    tracing::warn!(fault = chain(&fault), "the errands of a witness could not be read");
                    break;
                }
            }
        }
        if tokio::time::timeout(LOOK, bell.rung()).await.is_ok() {
            return;
        }
    }
}

/// One call and what becomes of its answer.
async fn ask(house: &House, client: &Client, errand: &Errand) -> std::result::Result<(), String> {
    let book = house.book();
    let kept = match called(client, errand).await {
        Err(why) => book.witness_failed(&errand.witness, &why).await,
        Ok(Answer::Cosigned(lines)) => book.cosigned(errand, &lines).await,
        Ok(Answer::IsAt(size)) => book.witness_is_at(errand, size).await,
        Ok(Answer::Disagrees) => {
            let says = "it does not find the tree that it saw at the beginning of ours";
            match book.disagrees(&errand.witness, says).await {
                Ok(()) => book.witness_failed(&errand.witness, says).await,
                fault => fault,
            }
        }
    };
    kept.map_err(|fault| chain(&fault))
}

enum Answer {
    Cosigned(String),
    IsAt(u64),
    Disagrees,
}

async fn called(client: &Client, errand: &Errand) -> std::result::Result<Answer, String> {
    let url = format!("{}/add-checkpoint", errand.witness.url);
    let sent = client.post(url).header(CONTENT_TYPE, "text/plain").body(errand.request.text()).send();
    let mut response = sent.await.map_err(|fault| chain(&fault.without_url()))?;
    let status = response.status();
    let names_a_size =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == SIZE_TYPE.as_bytes());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|fault| chain(&fault.without_url()))? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_ANSWER_BYTES {
            return Err("its answer is too long".to_owned());
        }
    }
    let text = String::from_utf8(body).map_err(|_| "its answer is not text".to_owned())?;
    match status {
        StatusCode::OK => Ok(Answer::Cosigned(text)),
        StatusCode::CONFLICT if names_a_size => {
            text.trim_end().parse().map(Answer::IsAt).map_err(|_| "it names a size that is none".to_owned())
        }
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => Ok(Answer::Disagrees),
        status => Err(format!("it answered {status}")),
    }
}
