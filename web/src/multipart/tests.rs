use axum::body::Body;

use super::*;

/// A form in which the network cut nothing.
async fn form(kind: &str, body: impl Into<Body>) -> Result<Multipart, StatusCode> {
    let request = Request::builder().header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
    Multipart::from_request(request, &()).await.map_err(|refusal| refusal.status())
}

#[tokio::test]
async fn parts_come_in_order_with_what_their_sender_calls_them_and_a_part_that_nobody_reads_is_skipped() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1000001\r\n--b\r\nContent-Disposition: form-data; \
                name=skipped\r\n\r\nlong\r\nand not read\r\n--b\r\ncontent-disposition: form-data; filename=\"a \\\"b\\\".txt\"; \
                name=\"file\"\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\none\r\ntwo\r\n--b--\r\n";
    let mut form = form("multipart/form-data; boundary=\"b\"", body).await.unwrap();
    let id = form.next_part().await.unwrap().unwrap();
    assert_eq!((id.head().name(), id.head().file_name()), (Some("id"), None));
    assert_eq!(id.words(7).await.unwrap(), "1000001");
    assert_eq!(form.next_part().await.unwrap().unwrap().head().name(), Some("skipped"));
    let mut file = form.next_part().await.unwrap().unwrap();
    let head = file.head();
    assert_eq!((head.name(), head.file_name()), (Some("file"), Some("a \"b\".txt")));
    assert_eq!((head.content_type(), head.encoding()), (Some("text/plain"), Some("binary")));
    assert_eq!(file.frame().await.unwrap().unwrap(), "one\r\ntwo");
    assert_eq!(file.frame().await.unwrap(), None);
    assert!(form.next_part().await.unwrap().is_none() && form.next_part().await.unwrap().is_none());
}

#[test]
fn a_long_frame_is_handed_on_without_a_copy() {
    let mut splitter = Splitter::new("b").unwrap();
    splitter.feed(Bytes::from_static(b"--b\r\n\r\n"));
    let Ok(Event::Part(_)) = splitter.step() else { panic!("a part begins") };
    // It ends as a boundary begins, and the next frame says that it is none.
    let frame = Bytes::from([&vec![7; 100_000][..], b"\r\n--"].concat());
    splitter.feed(frame.clone());
    let Ok(Event::Data(piece)) = splitter.step() else { panic!("data comes") };
    assert_eq!((piece.len(), piece.as_ptr()), (100_000, frame.as_ptr()));
    assert_eq!(splitter.step(), Ok(Event::More));
    let next = Bytes::from(vec![8; 100_000]);
    splitter.feed(next.clone());
    assert_eq!(splitter.step(), Ok(Event::Data(Bytes::from_static(b"\r\n--"))));
    let Ok(Event::Data(piece)) = splitter.step() else { panic!("data comes") };
    assert_eq!((piece.len(), piece.as_ptr()), (100_000, next.as_ptr()));
}

#[tokio::test]
async fn a_form_of_another_kind_or_without_a_good_boundary_is_refused() {
    let long = format!("multipart/form-data; boundary={}", "b".repeat(71));
    for kind in [
        "text/xml",
        "multipart/form-data",
        "multipart/mixed; boundary=b",
        "multipart/form-data; boundary=",
        &long,
    ] {
        assert_eq!(form(kind, "").await.err(), Some(StatusCode::BAD_REQUEST), "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_end_or_hides_its_parts_is_broken() {
    let fields = "a: b\r\n".repeat(33);
    let long = "a".repeat(MOST_HEAD_BYTES);
    for body in [
        String::new(),
        "--c\r\n\r\n\r\n--c--".to_owned(),
        "x".repeat(9_000) + "\r\n--b\r\n\r\n\r\n",
        format!("--b\r\n{fields}\r\n"),
        format!("--b\r\na: {long}\r\n\r\n"),
        "--bc\r\n\r\n".to_owned(),
        "--b\r\nno field\r\n\r\n".to_owned(),
    ] {
        let mut form = form("multipart/form-data; boundary=b", body.clone()).await.unwrap();
        let next = form.next_part().await.map(|part| part.is_some());
        assert_eq!(next, Err(Unreadable::Broken), "{:.40}", body);
    }
    let mut form = form("multipart/form-data; boundary=b", "--b\r\n\r\nbroken off").await.unwrap();
    let mut part = form.next_part().await.unwrap().unwrap();
    assert_eq!(part.frame().await.unwrap().unwrap(), "broken off");
    assert_eq!(part.frame().await, Err(Unreadable::Broken));
}

#[tokio::test]
async fn words_are_bounded_and_a_file_whose_name_is_no_text_is_a_file_still() {
    let body =
        b"--b\r\nContent-Disposition: form-data; name=file; filename=\"\xe4.txt\"\r\n\r\nwords\r\n--b--";
    let mut one = form("multipart/form-data; boundary=b", body.as_slice()).await.unwrap();
    let part = one.next_part().await.unwrap().unwrap();
    assert_eq!((part.head().name(), part.head().file_name()), (Some("file"), None));
    assert_eq!(part.words(4).await, Err(Unreadable::Words));
}
