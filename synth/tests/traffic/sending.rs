//! The wire flow against a scripted server: what is asked, what is tried again, what counts as acknowledged.

use std::sync::{Arc, Mutex};

use cybertip::response::{ResponseCode, report_done_response, report_response};
use domain::{FileId, ReportId};
use synth::{Account, Acknowledged, Plan, SendFault, SendOptions, Shares, Watch, corpus, send};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Status, further header lines, body.
type Answer = (u16, &'static str, String);

/// Answers by the place in the row of requests, the endpoint and the body.
type Answering = fn(nth: usize, endpoint: &str, body: &[u8]) -> Answer;

/// Requests of which each answer is made from its place in the row; keeps what was asked.
struct Script {
    asked: Mutex<Vec<String>>,
    answer: Answering,
}

#[derive(Default)]
struct Heard(Mutex<Vec<Acknowledged>>);

impl Watch for Heard {
    fn acknowledged(&self, report: &Acknowledged) {
        self.0.lock().unwrap().push(report.clone());
    }
}

fn report_id() -> ReportId {
    ReportId::try_from(77).unwrap()
}

fn file_id() -> FileId {
    FileId::from_random([0xab; 16])
}

/// What a healthy house answers.
fn healthy(endpoint: &str, body: &[u8]) -> Answer {
    let find = |bytes: &[u8]| body.windows(bytes.len()).position(|part| part == bytes);
    let text = match endpoint {
        "finish" => report_done_response(ResponseCode::Success, report_id(), &[file_id()]),
        "upload" => {
            let file = corpus::LOADS.clone().find(|n| find(corpus::bytes(*n)).is_some()).unwrap();
            let md5 = seal::hex(&corpus::digests(file).md5);
            report_response(ResponseCode::Success, "", Some(report_id()), Some(&file_id()), Some(&md5))
        }
        "status" => report_response(ResponseCode::Success, "", None, None, None),
        _ => report_response(ResponseCode::Success, "", Some(report_id()), None, None),
    };
    (200, "", text)
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    while let Ok((stream, _)) = listener.accept().await {
        talk(stream, &script).await;
    }
}

/// One request a connection: headers, body by its length, answer.
async fn talk(mut stream: TcpStream, script: &Script) {
    let mut bytes = Vec::new();
    let mut part = [0; 65_536];
    let (head_end, length) = loop {
        let read = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            break (end + 4, length.map_or(0, |length| length.parse::<usize>().unwrap()));
        }
        assert!(read > 0, "request ended early");
    };
    while bytes.len() < head_end + length {
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "body ended early");
        bytes.extend_from_slice(&part[..read]);
    }
    let head = String::from_utf8_lossy(&bytes[..head_end]);
    let endpoint = head.split_whitespace().nth(1).unwrap().rsplit('/').next().unwrap().to_owned();
    assert!(
        head.to_ascii_lowercase().contains("authorization: basic "),
        "credentials go with the first request"
    );
    let nth = {
        let mut asked = script.asked.lock().unwrap();
        asked.push(endpoint.clone());
        asked.len() - 1
    };
    let (status, header, body) = (script.answer)(nth, &endpoint, &bytes[head_end..]);
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all((head + &body).as_bytes()).await.unwrap();
}

/// Sends two reports of the benchmark's mix and tells what was asked and heard.
async fn run(answer: Answering) -> (Result<synth::SendReport, SendFault>, Vec<String>, Vec<Acknowledged>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/ispws", listener.local_addr().unwrap());
    let script = Arc::new(Script { asked: Mutex::default(), answer });
    let server = tokio::spawn(serve(listener, Arc::clone(&script)));
    let heard = Arc::new(Heard::default());
    let options = SendOptions {
        base,
        accounts: vec![Account { username: "usr123".to_owned(), password: "pswd123".to_owned() }],
        plan: Plan::new(7, Shares::Bench),
        reports: 0..2,
        rate: None,
        connections: 1,
        attempts: 3,
        watch: heard.clone(),
    };
    let sent = send(options).await;
    server.abort();
    let asked = script.asked.lock().unwrap().clone();
    let heard = heard.0.lock().unwrap().clone();
    (sent, asked, heard)
}

#[tokio::test]
async fn a_report_goes_through_the_five_steps_and_is_heard_of() {
    let (sent, asked, heard) = run(|_, endpoint, body| healthy(endpoint, body)).await;
    let sent = sent.unwrap();
    let steps = ["submit", "upload", "fileinfo", "finish"];
    assert_eq!(asked[0], "status");
    assert_eq!([&asked[1..5], &asked[5..9]], [&steps[..], &steps[..]]);
    assert_eq!((sent.accepted, sent.files, sent.bytes, sent.surprises), (2, 2, 200_000, 0));
    assert_eq!(sent.finish_latency.count(), 2);
    assert_eq!(heard[1].files, [(file_id(), corpus::digests(corpus::LOADS.start + 1).sha256)]);
}

#[tokio::test]
async fn trouble_of_the_server_is_tried_again_and_a_lost_answer_counts_as_finished() {
    let (sent, asked, heard) = run(|nth, endpoint, body| match nth {
        1 => (500, "Retry-After: 0\r\n", report_response(ResponseCode::SaveFailed, "", None, None, None)),
        // Finished, but the answer says otherwise; the next attempt hears that it was.
        5 => (500, "Retry-After: 0\r\n", report_done_response(ResponseCode::ServerError, report_id(), &[])),
        6 => (400, "", report_done_response(ResponseCode::AlreadyFinished, report_id(), &[])),
        _ => healthy(endpoint, body),
    })
    .await;
    assert_eq!(asked[1..7], ["submit", "submit", "upload", "fileinfo", "finish", "finish"]);
    assert_eq!((sent.unwrap().accepted, heard.len()), (2, 2));
}

#[tokio::test]
async fn a_refused_report_is_counted_by_code_and_is_a_surprise() {
    let (sent, asked, heard) = run(|nth, endpoint, body| match nth {
        1 => (400, "", report_response(ResponseCode::ValidationFailed, "", None, None, None)),
        _ => healthy(endpoint, body),
    })
    .await;
    let sent = sent.unwrap();
    assert_eq!((sent.accepted, sent.refused[&4100], sent.surprises), (1, 1, 1));
    assert_eq!((asked[2].as_str(), heard[0].index), ("submit", 1));
}

#[tokio::test]
async fn an_answer_with_another_digest_is_no_receipt() {
    let (sent, _, heard) = run(|_, endpoint, body| {
        let (status, header, text) = healthy(endpoint, body);
        (status, header, text.replace("<hash>", "<hash>00"))
    })
    .await;
    assert_eq!((sent.unwrap().failed, heard.len()), (2, 0));
}

#[tokio::test]
async fn wrong_credentials_stop_the_run_before_its_first_report() {
    let (sent, asked, _) = run(|_, _, _| (401, "", String::new())).await;
    assert!(matches!(sent, Err(SendFault::Refused { endpoint: "status", code: 2000 })), "{sent:?}");
    assert_eq!(asked, ["status"]);
}
