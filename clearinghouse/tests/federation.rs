//! Another organisation's sign-in, with a provider of OpenID Connect that we did not write, driven by a real browser
//! against the real binary. What a provider of good manners does not do stands in the tests of `office`.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;
#[path = "common/walks.rs"]
mod walks;

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use served::Place;
use walks::{tools, walk};

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port is free").port()
}

/// A provider that ends with the test.
struct Provider(Child);

impl Provider {
    /// One that a house knows under this name, and that leads back to these faces of it.
    fn start(port: u16, name: &str, pages: &str, faces: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/federation/provider.mjs");
        let out = format!("{pages}{}/enter/signed-out/{name}", faces[0]);
        let back = faces.iter().map(|face| format!("{pages}{face}/enter/back/{name}"));
        let port = port.to_string();
        let mut child = Command::new("node")
            .arg(script)
            .arg(tools("issuer"))
            .args([&port, "clearinghouse", "a secret of no worth", &out])
            .args(back)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let mut line = String::new();
        let said = child.stdout.take().expect("it is piped");
        BufReader::new(said).read_line(&mut line).unwrap();
        assert!(line.contains("\"ready\":true"), "the provider does not start: {line}");
        Self(child)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.0.kill().expect("the provider can be ended");
        self.0.wait().expect("the provider can be waited for");
    }
}

fn place(folder: &Path, pages: u16, issuer: u16) -> Place {
    let secret = folder.join("secret");
    std::fs::write(&secret, "a secret of no worth\n").unwrap();
    let issuers = format!(
        "[{{ name = \"example\", title = \"Example Federation\", issuer = \"http://localhost:{issuer}\", \
         client_id = \"clearinghouse\", client_secret_file = {secret:?}, homes = [\"house\"], \
         aal2 = [\"urn:example:two\"], demand = [{{ \
         claim = \"gfipm:2.0:user:SwornLawEnforcementOfficerIndicator\", value = \"true\" }}] }}]"
    );
    Place::at(&folder.join("house"))
        .with("LISTEN__HOUSE__ADDRESS", format!("127.0.0.1:{pages}"))
        .with("SIGN_IN__ORIGINS", format!("[\"http://localhost:{pages}\"]"))
        .with("SIGN_IN__ISSUER", issuers)
}

fn made(place: &Place, folder: &Path) -> String {
    let data = folder.join("house");
    let words = ["init", "--profile", "synthetic-demo", "--data", data.to_str().unwrap(), "--json"];
    let made = place.run(&words);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    made["enrolment"].as_str().unwrap().to_owned()
}

// PROVES: R-69 R-70 R-72
#[test]
fn people_come_in_through_a_provider_that_we_did_not_write_and_are_out_when_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (pages, issuer) = (port(), port());
    let place = place(folder.path(), pages, issuer);
    let enrolment = made(&place, folder.path());
    let (pages, issuer_at) = (format!("http://localhost:{pages}"), format!("http://localhost:{issuer}"));
    let _provider = Provider::start(issuer, "example", &pages, &["/desk"]);
    let _serving = place.serve();
    walk("federation/walk.mjs", &[pages, enrolment, issuer_at]);
}

// PROVES: R-69 R-70 R-71
#[test]
fn a_providers_person_comes_in_on_their_own_issuers_word_and_no_longer_than_the_provider_is_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let (port_of_pages, issuer, other) = (port(), port(), port());
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "a secret of no worth\n").unwrap();
    let pinned = |name: &str, title: &str, port: u16| {
        format!(
            "{{ name = \"{name}\", title = \"{title}\", issuer = \"http://localhost:{port}\", \
             client_id = \"clearinghouse\", client_secret_file = {secret:?}, \
             homes = [\"provider:harbor-chat\"], aal2 = [\"urn:example:two\"] }}"
        )
    };
    let issuers =
        [pinned("example", "Example Federation", issuer), pinned("other", "Other Federation", other)];
    let place = Place::at(&folder.path().join("house"))
        .with("LISTEN__HOUSE__ADDRESS", format!("127.0.0.1:{port_of_pages}"))
        .with("SIGN_IN__ORIGINS", format!("[\"http://localhost:{port_of_pages}\"]"))
        .with("SIGN_IN__ISSUER", format!("[{}]", issuers.join(", ")));
    made(&place, folder.path());
    let pages = format!("http://localhost:{port_of_pages}");
    assert!(place.run(&["provider", "add", "Harbor-Chat", "--json"]).status.success());
    let invite =
        ["provider", "invite", "harbor-chat", "--name", "Morgan Example", "--site", pages.as_str(), "--json"];
    let invited = place.run(&invite);
    assert!(invited.status.success(), "{}", String::from_utf8_lossy(&invited.stderr));
    let invited: serde_json::Value = serde_json::from_slice(&invited.stdout).unwrap();
    let enrolment = invited["enrol"].as_str().unwrap();
    let _own = Provider::start(issuer, "example", &pages, &["/provider", "/desk"]);
    let _other = Provider::start(other, "other", &pages, &["/provider"]);
    let _serving = place.serve();
    let kept = folder.path().join("kept.json");
    let kept = kept.to_str().unwrap();
    walk("federation/people-of-providers.mjs", &[pages.as_str(), enrolment, kept, "in"]);
    let disable = ["provider", "disable", "harbor-chat", "--reason", "ended", "--json"];
    let disabled = place.run(&disable);
    assert!(disabled.status.success(), "{}", String::from_utf8_lossy(&disabled.stderr));
    walk("federation/people-of-providers.mjs", &[pages.as_str(), enrolment, kept, "out"]);
}

#[test]
fn an_issuer_that_is_not_pinned_whole_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), port(), port());
    made(&place, folder.path());
    assert!(place.run(&["config", "check"]).status.success());
    let whole = "name = \"a\", title = \"A\", client_id = \"c\", homes = [\"house\"], aal2 = [\"x\"]";
    let cases = [
        (format!("[{{ {whole}, issuer = \"http://issuer.example\" }}]"), "begins with https://"),
        ("[{ name = \"card\", issuer = \"https://a.example\" }]".to_owned(), "is not \"card\""),
        ("[{ name = \"a\", issuer = \"https://a.example\" }]".to_owned(), "needs a title"),
        (
            "[{ name = \"a\", title = \"A\", client_id = \"c\", issuer = \"https://a.example\", homes = [\"all\"] }]"
                .to_owned(),
            "needs homes",
        ),
        (
            format!("[{{ {whole}, issuer = \"https://a.example\" }}, {{ {whole}, issuer = \"https://b.example\" }}]"),
            "named twice",
        ),
        (format!("[{{ {whole}, issuer = \"https://a.example\", secret = \"x\" }}]"), "unknown field"),
    ];
    for (issuers, says) in cases {
        let mut checked = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        checked.args(["config", "check", "--config"]).arg(folder.path().join("house/clearinghouse.toml"));
        checked.env("CLEARINGHOUSE__SIGN_IN__ORIGINS", "[\"https://desk.example\"]");
        let checked = checked.env("CLEARINGHOUSE__SIGN_IN__ISSUER", &issuers).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.code() == Some(1) && said.contains(says), "{issuers}: {said}");
    }
}
