//! Every answer of every route is dressed as the list says, whatever was asked and whoever asked: also refusals, wrong
//! methods, bodies that are too large or of the wrong kind, and addresses that nobody has.

use axum::body::Body;
use axum::http::{StatusCode, header};
use testkit::both_engines;

use super::asking::{Answer, Pass, Walled};
use super::list::{self, Answers, Callers, Line};
use super::{ORIGIN, dress, walk};

/// More than any form of ours takes, and less than a file.
const TOO_LARGE: usize = (1 << 20) + 4_096;
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// What stands for a thing in an address: numbers and names that nobody has, and what is no name of anything.
const THINGS: [&str; 4] =
    ["999999999", "aaaabbbbccccddddaaaabbbbccccdddd", "%ff%00", "..%2f..%2fetc%2fpasswd"];

/// Addresses that lead nowhere, with what answers there.
const NOWHERE: [(&str, Answers); 10] = [
    ("/", Answers::Machines),
    ("/nowhere", Answers::Machines),
    ("/assets/nowhere.css", Answers::Machines),
    ("/ispws/nowhere", Answers::Machines),
    ("/agency/nowhere", Answers::Pages),
    ("/agency/v1/nowhere", Answers::Machines),
    ("/provider/nowhere", Answers::Pages),
    ("/provider/v1/nowhere", Answers::Machines),
    ("/desk/nowhere", Answers::Pages),
    ("/health/nowhere", Answers::Machines),
];

/// What is wrong with an answer. A client's refusal of a bad address is dressed as its surface is.
fn wrong(line: &Line, answers: Answers, asked: &str, answer: &Answer) -> Vec<String> {
    let faults = dress::faults(answers, &answer.headers);
    let told = faults.into_iter().map(|fault| format!("{asked} {}: {} {fault}", line.path, answer.status));
    let mut told: Vec<String> = told.collect();
    if answer.status.is_server_error() && answer.status != StatusCode::SERVICE_UNAVAILABLE {
        told.push(format!("{asked} {}: {}", line.path, answer.status));
    }
    told
}

async fn of_line(walled: &Walled, line: &Line, pass: &Pass) -> Vec<String> {
    let mut found = Vec::new();
    for thing in THINGS {
        for method in METHODS {
            let answer = walled.ask(method, &line.with(thing), pass).await;
            found.extend(wrong(line, line.answers, method, &answer));
            let is_taken = line.takes(method) || (method == "HEAD" && line.takes("GET"));
            if !is_taken {
                let refused = answer.is_refusal() || line.path.contains('*') || overlaps(line, method);
                if !refused {
                    found.push(format!("{method} {} is answered with {}", line.path, answer.status));
                }
            }
        }
        if !line.path.contains('{') {
            break;
        }
    }
    for method in ["POST", "PATCH"].into_iter().filter(|method| line.takes(method)) {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", vec![b'a'; TOO_LARGE]),
            ("multipart/form-data; boundary=x", b"--x\r\nbroken".to_vec()),
            ("application/json", b"{".to_vec()),
            ("text/xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_vec()),
            ("image/png", vec![0; 64]),
            ("\u{7f}", vec![0xff; 64]),
        ] {
            let Ok(kind) = header::HeaderValue::from_bytes(kind.as_bytes()) else { continue };
            let request = Walled::request(method, &line.with(THINGS[0]), pass)
                .header(header::ORIGIN, ORIGIN)
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body))
                .unwrap();
            let answer = walled.send(request).await;
            found.extend(wrong(line, line.answers, "a bad body to", &answer));
            if answer.status.is_success() && line.answers == Answers::Pages {
                found.push(format!("a bad body is taken by {}", line.path));
            }
        }
    }
    found
}

/// Whether another line of the list answers the same address with this method.
fn overlaps(line: &Line, method: &str) -> bool {
    let address = line.with(THINGS[0]);
    list::lines().iter().any(|other| other.path != line.path && other.is_of(&address) && other.takes(method))
}

both_engines! {
    fn every_answer_of_every_route_is_dressed(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let mut found = Vec::new();
            for (at, line) in list::lines().iter().filter(|line| line.path != "/metrics").enumerate() {
                // Whoever comes so often waits a minute at the door now and then.
                walled.advance(i64::from(at % 20 == 0));
                found.extend(of_line(&walled, line, &Pass::Nothing).await);
                let pass = match line.callers {
                    Callers::Credential => walled.credential(0),
                    Callers::Token => walled.token(0),
                    callers => match walled.words(callers).first() {
                        Some(word) => walled.enter(word).await,
                        None => continue,
                    },
                };
                found.extend(of_line(&walled, line, &pass).await);
            }
            for (path, answers) in NOWHERE {
                let answer = walled.ask("GET", path, &Pass::Nothing).await;
                let faults = dress::faults(answers, &answer.headers);
                found.extend(faults.into_iter().map(|fault| format!("GET {path}: {} {fault}", answer.status)));
                if !answer.is_refusal() {
                    found.push(format!("GET {path} is answered with {}", answer.status));
                }
            }
            found.sort();
            found.dedup();
            assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
        });
    }
}

#[tokio::test]
async fn signing_out_empties_what_the_browser_kept() {
    let rows = testkit::on_sqlite();
    let walled = Walled::on(&rows).await;
    for callers in [Callers::Provider, Callers::Agency, Callers::Staff] {
        let word = walled.words(callers)[0];
        let pass = walled.enter(word).await;
        let home = walled.home(callers, &pass).await;
        let (action, token) = home.form("sign-out").expect("every page has the way out");
        let left = walled.post(&action, &pass, &format!("csrf={token}")).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{word}: {left:?}");
        assert_eq!(left.headers["clear-site-data"], "\"*\"", "{word}");
        let cookie = left.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("__Host-s=;") && cookie.contains("Max-Age=0"), "{word}: {cookie}");
    }
}
