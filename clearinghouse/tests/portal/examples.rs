//! The examples of the help pages run as they stand there, against the real program; so do the documents of the kit.

use std::io::{Cursor, Read as _};
use std::process::Command;

use reqwest::StatusCode;
use serde_json::Value;

use crate::browser::{Browser, client};
use crate::common::Running;

/// The example of a page, as a person would copy it.
fn copied(page: &str, file: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("<figcaption>{file}</figcaption>")).expect("the example is there");
    let code = rest.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
    code.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn files_a_report(program: &[&str], file: &str, saved_as: &str) {
    let house = Running::demo(0, &[]);
    let admin = Browser::enter(&house, "provider_admin");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(saved_as);
    std::fs::write(&path, copied(&admin.get("/provider/help/api").body, file)).unwrap();
    let (username, password) = house.provider(0);
    let ended = Command::new(program[0])
        .args(&program[1..])
        .arg(&path)
        .current_dir(folder.path())
        // What a Go compiler leaves behind goes with the folder, and it fetches nothing.
        .env("GOCACHE", folder.path().join("cache"))
        .env("GOPROXY", "off")
        .env("CLEARINGHOUSE_URL", house.ispws())
        .env("CLEARINGHOUSE_USER", username)
        .env("CLEARINGHOUSE_PASSWORD", password)
        .output()
        .expect("the program is installed");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    let report = said.trim().strip_prefix("filed report ").and_then(|rest| rest.split(' ').next());
    let page = admin.get(&format!("/provider/reports/{}", report.expect("it says which")));
    assert!(
        page.body.contains("You must preserve it until") && page.body.contains("sample.bin"),
        "{}",
        page.body
    );
}

#[test]
fn the_example_in_curl_files_a_report() {
    files_a_report(&["sh"], "report.sh", "report.sh");
}

#[test]
fn the_example_in_python_files_a_report() {
    files_a_report(&["python3"], "report.py", "report.py");
}

#[test]
fn the_example_in_typescript_files_a_report_and_is_plain_javascript_too() {
    files_a_report(&["node"], "report.ts", "report.mjs");
}

#[test]
fn the_example_in_go_compiles_and_files_a_report() {
    files_a_report(&["go", "run"], "report.go", "report.go");
}

#[test]
fn the_kits_documents_get_the_answers_that_it_promises() {
    let house = Running::demo(0, &[]);
    let stranger = Browser::enter(&house, "provider_admin").stranger();
    let (status, bytes) = stranger.bytes("/provider/downloads/conformance-kit.zip");
    assert_eq!(status, StatusCode::OK);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = |name: &str| {
        let mut text = String::new();
        archive
            .by_name(&format!("clearinghouse-conformance-kit/{name}"))
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let expected: Vec<Value> = serde_json::from_str(&text("expected.json")).unwrap();
    let (username, password) = house.provider(0);
    for one in expected.iter().filter(|one| one["endpoint"] == "submit") {
        let posted =
            client().post(format!("{}/submit", house.ispws())).basic_auth(&username, Some(&password));
        let document = text(one["document"].as_str().unwrap());
        let answer = posted.header("content-type", "text/xml").body(document).send().unwrap().text().unwrap();
        let code = format!("<responseCode>{}</responseCode>", one["responseCode"]);
        assert!(answer.contains(&code), "{}: {answer}", one["document"]);
    }
    for schema in ["report-2025-11.xsd", "report-current.xsd", "report-lenient.xsd"] {
        let (status, bytes) = stranger.bytes(&format!("/provider/downloads/{schema}"));
        assert_eq!(
            (status, String::from_utf8(bytes).unwrap()),
            (StatusCode::OK, text(&format!("schema/{schema}")))
        );
    }
}
