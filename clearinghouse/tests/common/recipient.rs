//! An agency's own system: it follows its feed and takes packages.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use serde_json::Value;

/// How often the feed is asked before the test gives up, and how long it waits between: together longer than the lease
/// that a worker leaves behind which could not say that it failed.
const MOST_LOOKS: usize = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// One agency's system.
pub struct Recipient {
    client: Client,
    base: String,
    token: String,
}

impl Recipient {
    /// The system that holds `token`, for the API at `base`.
    pub fn of(base: &str, token: &str) -> Self {
        Self { client: Client::new(), base: base.to_owned(), token: token.to_owned() }
    }

    /// Asks for a path below the API's base.
    pub fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}/{path}", self.base)).bearer_auth(&self.token);
        request.send().expect("the house answers")
    }

    /// Waits until every report of `sent` stands in the feed exactly once, and takes each one's package with its file.
    pub fn has(&self, sent: &BTreeMap<u64, Vec<u8>>) {
        self.is_told_of(&sent.keys().copied().collect::<Vec<u64>>());
        for (report, bytes) in sent {
            assert!(self.package_holds(*report, bytes), "report {report} lost its file");
        }
    }

    /// Waits until every one of these reports stands in the feed exactly once.
    pub fn is_told_of(&self, reports: &[u64]) {
        let arrived = (0..MOST_LOOKS).any(|_| {
            let found = self.feed();
            assert!(found.values().all(|times| *times == 1), "a report came twice");
            let all = reports.iter().all(|report| found.contains_key(report));
            if !all {
                std::thread::park_timeout(BETWEEN_LOOKS);
            }
            all
        });
        assert!(arrived, "an acknowledged report did not arrive");
    }

    /// Every report of the feed, as often as it stands there.
    fn feed(&self) -> BTreeMap<u64, usize> {
        let (mut after, mut found) = ("0".to_owned(), BTreeMap::new());
        loop {
            let answer = self.get(&format!("feed?after={after}&limit=1000"));
            assert_eq!(answer.status(), StatusCode::OK);
            let page: Value = answer.json().expect("the feed is JSON");
            let entries = page["entries"].as_array().expect("a page has entries");
            if entries.is_empty() {
                return found;
            }
            for entry in entries {
                *found.entry(entry["report"].as_u64().expect("an entry names a report")).or_default() += 1;
            }
            after = page["next"].as_str().expect("a page has a cursor").to_owned();
        }
    }

    fn package_holds(&self, report: u64, bytes: &[u8]) -> bool {
        let package = self.get(&format!("reports/{report}/package")).bytes().expect("a package comes whole");
        let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package is an archive");
        (0..archive.len()).any(|at| {
            let mut member = archive.by_index(at).expect("a member opens");
            let is_file = member.name().expect("a member has a name").starts_with("files/");
            let mut found = Vec::new();
            member.read_to_end(&mut found).expect("a member is whole");
            is_file && found == bytes
        })
    }
}
