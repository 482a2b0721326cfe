//! The plain sentence after the standard text, and where it stands.

use providers::Settings;

use crate::desk::{Desk, REPORT, xml};
use crate::run;

const STANDARD: &str = "Validation failed\n[14,21] - cvc-complex-type.2.4.a: Invalid content was found starting \
    with element 'ipCaptureEvent'. One of '{deviceId, details, additionalInfo}' is expected.";
const HELP: &str = "Line 14: `ipCaptureEvent` may stand only once in `fileDetails` and this is another one: the order \
    is not the problem, leave one out.";

/// File details whose second `ipCaptureEvent` is at line 14.
fn two_events(report: &str, file: &str) -> String {
    let event = "    <ipCaptureEvent>\n        <ipAddress>192.0.2.1</ipAddress>\n    </ipCaptureEvent>\n";
    format!(
        "<fileDetails>\n    <reportId>{report}</reportId>\n    <fileId>{file}</fileId>\n{}{event}\n\n{event}</fileDetails>",
        "    <!-- dull -->\n".repeat(5)
    )
}

#[test]
fn the_sentence_follows_the_standard_text_and_stands_in_a_header_too() {
    run(async {
        let desk = Desk::new().await;
        let (report, file) = desk.uploaded().await;
        let heard = desk.ask(xml("fileinfo", &two_events(&report, &file))).await;
        assert_eq!(heard.element("responseDescription"), format!("{STANDARD}\n{HELP}"));
        assert_eq!(heard.header("response-help"), Some(HELP));
    });
}

#[test]
fn an_operator_may_keep_the_description_to_the_standard_text() {
    run(async {
        let desk = Desk::with(Settings { help_in_description: false, ..Settings::default() }).await;
        let (report, file) = desk.uploaded().await;
        let heard = desk.ask(xml("fileinfo", &two_events(&report, &file))).await;
        assert_eq!(heard.element("responseDescription"), STANDARD);
        assert_eq!(heard.header("response-help"), Some(HELP));
    });
}

#[test]
fn what_is_taken_although_it_is_odd_is_said_in_the_header_only() {
    run(async {
        let desk = Desk::new().await;
        let heard = desk.ask(xml("submit", &REPORT.replace("14:05:00Z", "14:05:00"))).await;
        assert_eq!((heard.code().as_str(), heard.element("responseDescription").as_str()), ("0", "Success"));
        let help = heard.header("response-help").unwrap();
        assert_eq!(help, "Line 1: the time has no zone: add Z or an offset, the moment is unknown otherwise");
    });
}
