//! A key service of the tests' own: TLS, a bearer token, keys in memory, and the faults that a network has.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use custody::Service;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use seal::{DataKey, Place, SeededRandom, field};
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

pub struct Server {
    address: SocketAddr,
    folder: TempDir,
    state: Arc<State>,
}

struct State {
    keys: Mutex<BTreeMap<String, DataKey>>,
    drop_next: AtomicUsize,
    destroy_later: AtomicBool,
    random: SeededRandom,
}

impl Server {
    pub fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            keys: Mutex::default(),
            drop_next: AtomicUsize::new(0),
            destroy_later: AtomicBool::new(false),
            random: SeededRandom::from_seed(11),
        });
        let (tls, shared) = (Arc::new(tls), Arc::clone(&state));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
                // A client that does not trust us ends the connection; the next one is served.
                drop(serve(&shared, StreamOwned::new(connection, stream)));
            }
        });
        Self { address, folder, state }
    }

    pub fn address(&self) -> String {
        format!("https://localhost:{}/v1", self.address.port())
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn client(&self, token: &str) -> Service {
        let token = Some(Zeroizing::new(token.to_owned()));
        Service::open(&self.address(), token, Some(&self.ca_file())).unwrap()
    }

    /// Hangs up on so many requests after they were done, before they are answered.
    pub fn drop_next(&self, requests: usize) {
        self.state.drop_next.store(requests, Ordering::SeqCst);
    }

    /// Whether deletions are only planned.
    pub fn destroy_later(&self, later: bool) {
        self.state.destroy_later.store(later, Ordering::SeqCst);
    }
}

fn serve(state: &State, stream: StreamOwned<ServerConnection, TcpStream>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length, mut authorized) = (String::new(), 0, false);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        authorized |= header == "authorization: bearer token";
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap_or_default());
    let (status, answer) = if authorized { answered(state, method, path, &body) } else { (401, Value::Null) };
    if state.drop_next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
        return Ok(());
    }
    let answer = if answer.is_null() { String::new() } else { answer.to_string() };
    let mut stream = reader.into_inner();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{answer}",
        answer.len()
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn answered(state: &State, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let mut keys = state.keys.lock().unwrap();
    let bytes = |field: &str| STANDARD.decode(body[field].as_str().unwrap()).unwrap();
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["keys"]) => (200, json!({ "names": keys.keys().rev().collect::<Vec<_>>() })),
        ("POST", ["keys"]) => {
            let name = body["name"].as_str().unwrap().to_owned();
            if keys.contains_key(&name) {
                return (409, Value::Null);
            }
            keys.insert(name, DataKey::generate(&state.random).unwrap());
            (201, Value::Null)
        }
        ("DELETE", ["keys", name]) if keys.contains_key(*name) => {
            if state.destroy_later.load(Ordering::SeqCst) {
                return (202, Value::Null);
            }
            keys.remove(*name);
            (204, Value::Null)
        }
        ("POST", ["keys", name, what]) if keys.contains_key(*name) => {
            let at =
                Place { table: "kms", row: body["context"].as_str().unwrap().as_bytes(), column: "secret" };
            if *what == "wrap" {
                let sealed = field::seal(&keys[*name], &at, &bytes("plaintext"), &state.random).unwrap();
                return (200, json!({ "ciphertext": STANDARD.encode(sealed) }));
            }
            match field::open(&keys[*name], &at, &bytes("ciphertext")) {
                Ok(plain) => (200, json!({ "plaintext": STANDARD.encode(&*plain) })),
                Err(_) => (422, Value::Null),
            }
        }
        _ => (404, Value::Null),
    }
}
