//! The ceiling of the stack: the same listener and framework, the same requests, and handlers that read the body and do
//! nothing. What intake reaches is told as a share of what this reaches, by the same load generator, in the same run.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::Result;

/// As much of an upload as is kept, to tell which file of the corpus it is.
const HEAD_BYTES: usize = 4096;
/// Bytes by which two files for load differ; they all begin with the same line of words.
const PRINT_BYTES: usize = 96;
/// What ends the head of a part.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A server that does nothing. Dropping it ends it.
pub struct Ceiling {
    base: String,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ceiling {
    /// Starts it on a free loopback port, on threads of its own.
    pub fn start() -> Result<Self> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_nonblocking(true)?;
        let base = format!("http://{}/ispws", socket.local_addr()?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (end, ended) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            if let Err(fault) = runtime.block_on(served(socket, ended)) {
                eprintln!("the ceiling ended: {fault}");
            }
        });
        Ok(Self { base, end: Some(end), thread: Some(thread) })
    }

    /// Base of its provider API.
    pub fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for Ceiling {
    fn drop(&mut self) {
        // Dropping the sender rings as well as sending would.
        self.end = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            eprintln!("the ceiling panicked");
        }
    }
}

async fn served(socket: std::net::TcpListener, ended: oneshot::Receiver<()>) -> Result<()> {
    let limits = web::Limits { farewell: std::time::Duration::from_millis(100), ..web::Limits::default() };
    let rung = async move {
        // An error says that the sender was dropped, which is how it rings.
        ended.await.unwrap_or_default();
    };
    Ok(web::serve(TcpListener::from_std(socket)?, router(), None, limits, rung).await?)
}

/// What the handlers share: the next number, and the digest that each file's answer must name.
struct Known {
    next: AtomicU64,
    md5: HashMap<&'static [u8], String>,
}

fn router() -> Router {
    let loads = synth::corpus::LOADS.map(|n| {
        let print = &synth::corpus::bytes(n)[..PRINT_BYTES];
        (print, seal::hex(&synth::corpus::digests(n).md5))
    });
    let known = Arc::new(Known { next: AtomicU64::new(1), md5: loads.collect() });
    let endpoints = Router::new()
        .route("/status", get(|| async { answer("reportResponse", "") }))
        .route("/submit", post(submit))
        .route("/upload", post(upload))
        .route("/fileinfo", post(|body: Body| async { drained(body, "reportResponse").await }))
        .route("/finish", post(|body: Body| async { drained(body, "reportDoneResponse").await }))
        .layer(DefaultBodyLimit::disable())
        .with_state(known);
    Router::new().nest("/ispws", endpoints)
}

async fn submit(State(known): State<Arc<Known>>, body: Body) -> String {
    read(body).await;
    let number = known.next.fetch_add(1, Ordering::Relaxed);
    answer("reportResponse", &format!("<reportId>{number}</reportId>"))
}

async fn upload(State(known): State<Arc<Known>>, body: Body) -> String {
    let head = read(body).await;
    let Some(md5) = print(&head).and_then(|print| known.md5.get(print)) else {
        return "not a file of the corpus".to_owned();
    };
    answer("reportResponse", &format!("<fileId>{}</fileId><hash>{md5}</hash>", "a".repeat(32)))
}

async fn drained(body: Body, root: &str) -> String {
    read(body).await;
    answer(root, "")
}

fn answer(root: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><{root}><responseCode>0</responseCode>\
         <responseDescription>Success</responseDescription>{more}</{root}>"
    )
}

/// Reads a body to its end and answers its beginning.
async fn read(body: Body) -> Vec<u8> {
    let (mut head, mut stream) = (Vec::new(), body.into_data_stream());
    while let Some(Ok(frame)) = stream.next().await {
        let wanted = frame.len().min(HEAD_BYTES - head.len());
        head.extend_from_slice(&frame[..wanted]);
    }
    head
}

/// The first bytes of the second part, which is the file.
fn print(head: &[u8]) -> Option<&[u8]> {
    let after = |bytes: &'_ [u8]| {
        bytes
            .windows(END_OF_HEAD.len())
            .position(|window| window == END_OF_HEAD)
            .map(|at| at + END_OF_HEAD.len())
    };
    let first = after(head)?;
    let second = first + after(&head[first..])?;
    head.get(second..second + PRINT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_generator_takes_the_ceiling_for_a_house() {
        let ceiling = Ceiling::start().unwrap();
        let account = synth::Account { username: "anybody".to_owned(), password: "x".to_owned() };
        let sent = super::super::load::send(ceiling.base(), &account, 0..8, 4, None, Arc::new(())).unwrap();
        assert_eq!((sent.accepted, sent.failed, sent.files), (8, 0, 8));
    }

    #[test]
    fn the_files_for_load_differ_in_their_first_bytes() {
        let prints = synth::corpus::LOADS.map(|n| &synth::corpus::bytes(n)[..PRINT_BYTES]);
        let distinct: std::collections::HashSet<_> = prints.collect();
        assert_eq!(distinct.len(), synth::corpus::LOADS.len());
    }

    #[test]
    fn the_print_is_that_of_the_second_part() {
        let file = [b'x'; PRINT_BYTES + 4];
        let head = [b"--b\r\nname=id\r\n\r\n7\r\n--b\r\nname=file\r\n\r\n", &file[..]].concat();
        assert_eq!(print(&head), Some(&file[..PRINT_BYTES]));
        assert_eq!(print(b"--b\r\nname=id\r\n\r\n7"), None);
    }
}
