//! A bucket whose answers get lost, played by a small server on the loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use depot::testing::counted;
use depot::{Depot, Fault, PART_BYTES, Settings, Spot};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const BEGUN: &str = "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>\
                     </InitiateMultipartUploadResult>";

/// Answers like a server that did everything, forgot the upload, and holds an object of `length` bytes.
async fn server(length: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, length));
        }
    });
    format!("s3://b?endpoint=http://{address}")
}

async fn converse(stream: TcpStream, length: usize) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut head, mut line) = (String::new(), String::new());
        while stream.read_line(&mut line).await.unwrap() > 2 {
            head.push_str(&std::mem::take(&mut line));
        }
        let Some(request) = head.lines().next().map(str::to_owned) else { return };
        let body = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        stream.read_exact(&mut vec![0; body.unwrap_or(0)]).await.unwrap();
        let (status, body, size) = match request.split(' ').next().unwrap() {
            "POST" if request.contains("uploads") => ("200 OK", BEGUN, BEGUN.len()),
            "PUT" if request.contains("partNumber") => ("200 OK", "", 0),
            "HEAD" => ("200 OK", "", length),
            // An upload that is completed is no more, and an object that is there is not made again.
            "POST" | "DELETE" => ("404 Not Found", "", 0),
            _ => ("412 Precondition Failed", "", 0),
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {size}\r\nETag: \"e\"\r\n\
             Last-Modified: Tue, 03 Feb 2026 14:05:10 GMT\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

async fn depot(length: usize) -> Depot {
    let address = server(length).await;
    let settings =
        Settings { address: &address, access_key_id: Some("test"), secret_access_key: Some("test") };
    Depot::open(&settings, counted()).unwrap()
}

/// A large piece of one part and three bytes.
async fn drafted(depot: &Depot) -> Result<Spot, Fault> {
    let mut draft = depot.draft();
    draft.send(&mut vec![7; PART_BYTES]).await?;
    draft.finish(vec![7; 3]).await
}

#[tokio::test]
async fn a_piece_that_is_there_whole_was_kept_although_the_answer_was_lost() {
    assert!(drafted(&depot(PART_BYTES + 3).await).await.is_ok());
    assert!(depot(500).await.put(vec![7; 500]).await.is_ok());
}

#[tokio::test]
async fn a_piece_that_is_not_there_whole_was_not_kept() {
    assert!(matches!(drafted(&depot(PART_BYTES).await).await, Err(Fault::Objects { .. })));
    assert!(matches!(depot(499).await.put(vec![7; 500]).await, Err(Fault::Objects { .. })));
}
