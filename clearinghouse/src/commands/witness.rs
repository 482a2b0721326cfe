//! `witness`: cosigns the checkpoints of other people's logs (C2SP tlog-witness). It has nothing to do with a house: whoever
//! runs it should be somebody else than whoever runs the log.

mod keeper;

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Args as ClapArgs;
use console::{Voice, log, say};
use ledger::witness::MOST_REQUEST_BYTES;
use ledger::{Kind, SignerKey, Unwitnessed, VerifierKey};
use seal::{SigningKey, SystemRandom};
use serde_json::json;

use crate::listeners::Bound;
use crate::outcome::{Doing, Failure, Result, chain};
use crate::shutdown::{Ending, Signals};
use crate::{config, listeners};
use keeper::{Keeper, Said};

/// Runs a witness: cosigns checkpoints of logs, as long as each only grows.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse witness --make-key witness.example/w1 --key witness.key\n  clearinghouse witness --key witness.key --state witness --log 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k' --listen 127.0.0.1:8490"
)]
pub(crate) struct Args {
    /// File with the witness's private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Make a key of this name, write it to the key file, and print its verifier key.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["state", "logs"])]
    make_key: Option<String>,
    /// Folder that remembers what was cosigned. Never share, copy back or lose it: a witness that forgets may contradict
    /// itself.
    #[arg(long, value_name = "DIR", required_unless_present = "make_key")]
    state: Option<PathBuf>,
    /// Verifier key of a log to witness; may be given again.
    #[arg(long = "log", value_name = "VKEY", required_unless_present = "make_key")]
    logs: Vec<VerifierKey>,
    /// Address and port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8490")]
    listen: SocketAddr,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    if let Some(name) = &args.make_key {
        return make_key(name, &args.key, voice);
    }
    log::start(&config::Log::default())?;
    if args.logs.iter().any(|key| key.kind() != Kind::Note) {
        return Err(Failure::new("a log's key is of type 01; this one is a witness's".to_owned()));
    }
    let state = args.state.ok_or_else(|| Failure::new("a witness needs a folder".to_owned()))?;
    let keeper = Arc::new(Keeper::open(&state, signer(&args.key)?, args.logs)?);
    let vkey = keeper.vkey().to_string();
    let bound = Bound::plain("witness", args.listen).await?;
    let url = bound.url()?;
    let mut signals = Signals::take_over()?;
    let (ending, bell) = Ending::new();
    let serving = tokio::spawn(listeners::all(vec![(bound, router(keeper))], bell));
    tracing::info!(url, vkey, "witnessing");
    if voice.is_json() {
        say::json(&json!({ "ready": true, "url": url, "key": vkey }))?;
    } else {
        say::people(format_args!("witnessing at {url}\nkey: {vkey}"));
    }
    signals.next().await;
    ending.ring();
    serving.await.doing("end the listener")?
}

fn router(keeper: Arc<Keeper>) -> Router {
    let router = Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{log}/checkpoint", get(checkpoint))
        .route("/health/live", get(|| async { "alive\n" }))
        .layer(DefaultBodyLimit::max(MOST_REQUEST_BYTES))
        .with_state(keeper);
    web::secure(router, web::Surface::Machines)
}

async fn add_checkpoint(State(keeper): State<Arc<Keeper>>, body: Bytes) -> Response {
    let Ok(text) = String::from_utf8(body.to_vec()) else {
        return (StatusCode::BAD_REQUEST, "the request is not text\n").into_response();
    };
    let said = tokio::task::spawn_blocking(move || keeper.add(&text)).await;
    match said {
        Ok(Ok(Said::Cosigned(line))) => plain(StatusCode::OK, "text/plain; charset=utf-8", line),
        Ok(Ok(Said::Refused(why))) => refused(&why),
        Ok(Err(failure)) => {
            tracing::error!(%failure, "a checkpoint could not be kept, and was not cosigned");
            (StatusCode::INTERNAL_SERVER_ERROR, "the checkpoint could not be kept\n").into_response()
        }
        Err(panic) => {
            tracing::error!(fault = chain(&panic), "a request broke");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refused(why: &Unwitnessed) -> Response {
    let status = match why {
        Unwitnessed::Malformed(_) => StatusCode::BAD_REQUEST,
        Unwitnessed::NotSigned => StatusCode::FORBIDDEN,
        Unwitnessed::UnknownLog => StatusCode::NOT_FOUND,
        Unwitnessed::Inconsistent => StatusCode::UNPROCESSABLE_ENTITY,
        Unwitnessed::Stale { size } => {
            return plain(StatusCode::CONFLICT, "text/x.tlog.size", format!("{size}\n"));
        }
    };
    plain(status, "text/plain; charset=utf-8", format!("{why}\n"))
}

/// What was cosigned last of a log, for monitors: by the SHA-256 of its origin.
async fn checkpoint(State(keeper): State<Arc<Keeper>>, UrlPath(log): UrlPath<String>) -> Response {
    match keeper.latest(&log) {
        Some(note) => plain(StatusCode::OK, "text/plain; charset=utf-8", note),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn plain(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// Makes a key, once: a file that is there is never written over.
fn make_key(name: &str, file: &Path, voice: Voice) -> Result<()> {
    let seed: [u8; 32] = seal::random::bytes(&SystemRandom).doing("make a key")?;
    let public = SigningKey::from_seed(seed).doing("make a key")?.public();
    let key = VerifierKey::of_witness(name, public)
        .map_err(|_| Failure::new(format!("{name:?} is not a URL without scheme, spaces or plus")))?;
    let text = SignerKey { kind: Kind::Cosignature, name: name.to_owned(), seed }.text(&key);
    let written = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let mut written = written.doing(&format!("make {}", file.display()))?;
    writeln!(written, "{text}").and_then(|()| written.sync_all()).doing("write the key")?;
    voice.document(&json!({ "key": key.to_string() }), &key.to_string())
}

fn signer(file: &Path) -> Result<keeper::Signer> {
    let text = fs::read_to_string(file).map_err(|fault| {
        Failure::new(format!("cannot read the key in {}: {fault}", file.display()))
            .hint("a key is made with `clearinghouse witness --make-key NAME --key FILE`")
    })?;
    let private: SignerKey = text.trim_end().parse().doing("read the key")?;
    if private.kind != Kind::Cosignature {
        return Err(Failure::new("this is a log's key, not a witness's".to_owned()));
    }
    let signing = SigningKey::from_seed(private.seed).doing("read the key")?;
    let key = VerifierKey::of_witness(&private.name, signing.public()).doing("read the key")?;
    if private.text(&key) != text.trim_end() {
        return Err(Failure::new("the key's text does not belong together".to_owned()));
    }
    Ok(keeper::Signer { key, signing })
}
