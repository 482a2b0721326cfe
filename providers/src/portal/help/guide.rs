//! How to send a report: the four steps, what can go wrong, and a whole program in each of four languages.

use axum::extract::State;
use axum::response::Response;
use maud::html;
use ui::{Column, Link, Order, Row, Table};

use super::{Reader, show};
use crate::portal::Portal;

/// The examples: language, name of the file, and its text. A test runs each of them against the real program.
pub(super) const EXAMPLES: [(&str, &str, &str); 4] = [
    ("curl", "report.sh", include_str!("../../../../docs/providers/examples/report.sh")),
    ("Python", "report.py", include_str!("../../../../docs/providers/examples/report.py")),
    ("TypeScript", "report.ts", include_str!("../../../../docs/providers/examples/report.ts")),
    ("Go", "report.go", include_str!("../../../../docs/providers/examples/report.go")),
];

/// The endpoints, each with what is sent and what for.
const ENDPOINTS: [(&str, &str, &str); 11] = [
    ("GET /ispws/status", "nothing", "Are my credentials right? Answers with code 0 when they are."),
    ("GET /ispws/xsd", "nothing", "The schema that is enforced here."),
    ("POST /ispws/submit", "a report document, text/xml", "Opens a report and answers with its number."),
    ("POST /ispws/upload", "multipart form: id, file", "Adds a file and answers with its id and its MD5."),
    (
        "POST /ispws/fileinfo",
        "a fileDetails document, text/xml",
        "Says something about a file. The last one counts.",
    ),
    ("POST /ispws/finish", "form: id", "Files the report. It cannot be changed any more."),
    ("POST /ispws/retract", "form: id", "Takes an open report back."),
    (
        "POST /ispws/uploads",
        "tus 1.0",
        "Begins a file that is sent in several requests and gone on with after a break.",
    ),
    ("GET /provider/v1/reports", "nothing", "Lists your own reports, as JSON."),
    ("GET /provider/v1/reports/NUMBER", "nothing", "One report: how far it is, its files, what happened."),
    (
        "GET /provider/v1/reports/NUMBER/receipt",
        "nothing",
        "The signed receipt, as Accept asks: JSON, XML or PDF.",
    ),
];

/// What clients meet, and what they do about it.
const CODES: [(&str, &str, &str); 9] = [
    ("0", "It was done.", "Go on."),
    (
        "1xxx",
        "Something of ours failed. Nothing was lost.",
        "Wait as Retry-After says, then send the same again.",
    ),
    ("3xxx", "The credential may not do this.", "Ask your administrator."),
    (
        "4100",
        "The document breaks the schema.",
        "Read the lines of the description, and the header Response-Help.",
    ),
    ("4110", "The document is not well-formed XML.", "Escape what users wrote."),
    ("5001", "There is no such report, or it has expired.", "Send it again as a new report."),
    ("5002", "The report has no such file.", "Use the fileId of the upload's answer, as text."),
    ("5101", "The report is already retracted.", "Nothing is left to do."),
    ("5102", "The report is already finished.", "Nothing is left to do: it is filed."),
];

/// `GET /provider/help/api`.
pub(super) async fn page(State(portal): State<Portal>, reader: Reader) -> Response {
    let main = html! {
        h1 { "How to send a report" }
        p { "Four calls make a report: submit, upload for each file, fileinfo for each file, finish. The client signs in with HTTP Basic. A report that is not finished is destroyed after 24 hours, or one hour after its last change, whichever is later." }
        (table("Endpoints", &["Call", "Send", "What it does"], &ENDPOINTS))
        (table("Answers", &["Code", "Meaning", "What to do"], &CODES))
        h2 { "After a lost answer" }
        p { "Send retract when you do not know whether a report was finished: 0 means that it was open and is gone now, 5102 that it was filed, 5001 that there is none. Or send a header Idempotency-Key with submit and upload: the same key gets the same answer and creates nothing twice." }
        h2 { "Examples" }
        p { "Each is a whole program. Set the three variables that it names, and run it." }
        @for (language, file, text) in EXAMPLES {
            h3 { (language) }
            (ui::snippet(file, text))
        }
        p { (Link { href: "/provider/help/schema", label: "Every element of the reporting language" }) }
    };
    show(reader, &portal, "How to send a report", &main)
}

fn table(caption: &str, heads: &[&str; 3], rows: &[(&str, &str, &str)]) -> maud::Markup {
    let columns = heads.map(|label| Column { label, order: Order::Fixed });
    let row = |(head, one, other): &(&str, &str, &str)| Row {
        head: html! { code { (head) } },
        cells: vec![html! { (one) }, html! { (other) }],
    };
    let rows: Vec<Row> = rows.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cybertip::response::ResponseCode;

    #[test]
    fn the_codes_that_are_explained_mean_what_is_said() {
        for (code, says) in [
            (ResponseCode::AlreadyFinished, "already finished"),
            (ResponseCode::AlreadyRetracted, "already retracted"),
            (ResponseCode::NoSuchReport, "no such report"),
            (ResponseCode::NoSuchFile, "no such file"),
            (ResponseCode::MalformedXml, "well-formed"),
            (ResponseCode::ValidationFailed, "schema"),
        ] {
            let number = code.number().to_string();
            let told = CODES.iter().find(|(known, _, _)| *known == number).map(|(_, meaning, _)| *meaning);
            assert!(told.is_some_and(|meaning| meaning.contains(says)), "{number}: {told:?}");
        }
    }
}
