//! Forms with files under damage, through the whole door: boundaries, part headers, lengths, line ends. Whatever comes,
//! the answer is a documented one, and a file is added exactly when the answer says so.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;

use axum::http::Method;
use bolero::check;

use crate::desk::{Desk, request};
use crate::run;

const FILES: &str = "-- test::files
    SELECT COUNT(*) FROM evidence";

/// Enough for a build server; `cargo bolero test` goes on from there.
const ITERATIONS: usize = 1_000;

/// Forms to begin from; `REPORT` stands for an open report.
const SEEDS: [&str; 4] = [
    "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nREPORT\r\n--b\r\nContent-Disposition: form-data; \
     name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''b%C3%A9nin.txt\r\n\r\nhello\r\n--b\r\n\
     Content-Disposition: form-data; name=\"id\"\r\n\r\nREPORT\r\n--b--\r\n\r\n\r\n",
    "--b\r\nContent-Disposition: form-data; name=id\r\nContent-Transfer-Encoding: binary\r\n\r\nREPORT\r\n--b\r\n\
     content-disposition: form-data; name=\"file\"; filename=\"blob\"\r\n\r\n\r\n--b--",
    "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nskipped\r\n--b\r\nContent-Disposition: form-data; \
     name=\"id\"\r\n\r\nREPORT\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\\\"q\\\\\"\r\n\r\n\
     --b\n--c\r\n--b--\r\n",
];

#[test]
fn a_damaged_form_is_answered_in_the_words_of_the_language() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (desk, report) = runtime.block_on(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        (desk, report)
    });
    let added = Cell::new(0);
    type Damage = (u16, u8, Vec<u8>);
    // A panic ends the test, so nobody sees what it left behind.
    let door = AssertUnwindSafe(|kind: &str, body: Vec<u8>| {
        let heard = runtime.block_on(desk.ask(request(Method::POST, "upload", kind, body)));
        let said = (heard.status, heard.code());
        let known = [(200, "0"), (400, "4000"), (400, "4200"), (404, "5001")];
        assert!(known.contains(&(said.0, said.1.as_str())), "{heard:?}");
        added.set(added.get() + u64::from(said.0 == 200));
    });
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>, Option<Vec<u8>>)>().for_each(
        |(seed, damages, boundary)| {
            let mut body = SEEDS[usize::from(*seed) % SEEDS.len()].replace("REPORT", &report).into_bytes();
            for (place, taken, put) in damages.iter().take(8) {
                let begin = usize::from(*place) % (body.len() + 1);
                let end = (begin + usize::from(*taken % 16)).min(body.len());
                body.splice(begin..end, put.iter().copied());
            }
            let strange = boundary.as_ref().filter(|_| seed % 4 == 3);
            let strange = strange.map(|bytes| bytes.iter().map(|b| char::from(b' ' + b % 94)).collect());
            let boundary: String = strange.unwrap_or_else(|| "b".to_owned());
            let door = &door;
            door.0(&format!("multipart/form-data; boundary={boundary}"), body);
        },
    );
    for seed in SEEDS {
        let before = added.get();
        door.0("multipart/form-data; boundary=b", seed.replace("REPORT", &report).into_bytes());
        assert_eq!(added.get(), before + 1, "{seed}");
    }
    assert_eq!(runtime.block_on(desk.count(FILES)), added.get());
}

#[test]
fn a_form_without_an_end_is_refused_and_adds_nothing() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let whole = SEEDS[0].replace("REPORT", &report);
        for length in 0..whole.len() - "\r\n--b--\r\n".len() {
            let body = whole.as_bytes()[..length].to_vec();
            let heard =
                desk.ask(request(Method::POST, "upload", "multipart/form-data; boundary=b", body)).await;
            assert_eq!(heard.status, 400, "{length}: {heard:?}");
        }
        assert_eq!(desk.count(FILES).await, 0);
    });
}
