//! What clients get back: response documents and the text of a refusal.

use cybertip::response::{Family, ResponseCode, report_done_response, report_response};
use domain::{FileId, ReportId};

use crate::support::{good, refused, refused_file};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

fn report() -> ReportId {
    ReportId::try_from(900_202).unwrap()
}

fn file() -> FileId {
    "7e1d4c2b9a8f70615243342516070f0e".parse().unwrap()
}

#[test]
fn a_status_answer_has_code_and_description_only() {
    let says = "Remote User : usr123, Remote Ip : 127.0.0.1";
    let expected = format!(
        "{DECLARATION}<reportResponse><responseCode>0</responseCode><responseDescription>{says}</responseDescription></reportResponse>"
    );
    assert_eq!(report_response(ResponseCode::Success, says, None, None, None), expected);
}

#[test]
fn an_upload_answer_has_every_element_in_the_order_of_the_schema() {
    let hash = "00000000000000000000000000000000";
    let expected = format!(
        "{DECLARATION}<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription><reportId>900202</reportId><fileId>7e1d4c2b9a8f70615243342516070f0e</fileId><hash>{hash}</hash></reportResponse>"
    );
    let answer = report_response(ResponseCode::Success, "Success", Some(report()), Some(&file()), Some(hash));
    assert_eq!(answer, expected);
}

#[test]
fn a_description_is_never_empty_and_always_escaped() {
    let empty = report_response(ResponseCode::NoSuchReport, " ", None, None, None);
    assert!(empty.contains("<responseDescription>Report does not exist</responseDescription>"));
    let hostile = report_response(ResponseCode::InvalidRequest, "a < b & c\u{0}", None, None, None);
    assert!(hostile.contains("<responseDescription>a &lt; b &amp; c\u{FFFD}</responseDescription>"));
}

#[test]
fn a_done_answer_lists_every_file_or_none_and_has_no_description() {
    let none = report_done_response(ResponseCode::Success, report(), &[]);
    let expected = "<reportDoneResponse><responseCode>0</responseCode><reportId>900202</reportId><files/></reportDoneResponse>";
    assert_eq!(none, format!("{DECLARATION}{expected}"));
    let one = report_done_response(ResponseCode::Success, report(), &[file()]);
    assert!(
        one.ends_with(
            "<files><fileId>7e1d4c2b9a8f70615243342516070f0e</fileId></files></reportDoneResponse>"
        )
    );
}

#[test]
fn clients_can_tell_by_the_code_whether_to_try_again() {
    for code in ResponseCode::ALL {
        let expected = code.family() == Family::Server && code.number() != 1210;
        assert_eq!(code.is_retryable(), expected, "{code:?}");
        assert_eq!(ResponseCode::find(code.number()), Some(*code));
        let thousands = code.number() / 1000;
        let status = match (code.number(), thousands) {
            (0, _) => 200,
            (5001 | 5002, _) => 404,
            (_, 1) => 500,
            (_, 2) => 401,
            (_, 3) => 403,
            _ => 400,
        };
        assert_eq!(code.http_status(), status, "{code:?}");
    }
    assert_eq!(ResponseCode::ALL.len(), 19);
}

#[test]
fn a_second_ip_event_of_a_file_is_answered_as_the_test_server_did() {
    let xml = good("file-details.xml");
    let begin = xml.find("  <ipCaptureEvent>").unwrap();
    let end = xml.find("  <deviceId>").unwrap();
    let twice = format!("{}{}", &xml[..end], &xml[begin..]);
    let rejection = refused_file(twice);
    assert_eq!(rejection.code(), 4100);
    assert_eq!(
        rejection.description(),
        "Validation failed\n[27,19] - cvc-complex-type.2.4.a: Invalid content was found starting with element 'ipCaptureEvent'. One of '{deviceId, details, additionalInfo}' is expected."
    );
    assert_eq!((rejection.line(), rejection.column()), (27, 19));
}

#[test]
fn an_unknown_value_is_answered_with_two_messages() {
    let xml = good("file-details.xml").replace(">B2<", ">C1<");
    assert_eq!(
        refused_file(xml).description(),
        "Validation failed\n[17,54] - cvc-enumeration-valid: Value 'C1' is not facet-valid with respect to enumeration '[A1, A2, B1, B2]'. It must be a value from the enumeration.\n[17,54] - cvc-type.3.1.3: The value 'C1' of element 'industryClassification' is not valid."
    );
}

#[test]
fn free_text_is_never_repeated_in_an_answer() {
    let secret = "q".repeat(300);
    let description = refused(good("minimal-report.xml").replace("Kim", &secret)).description();
    assert!(description.contains("cvc-maxLength-valid: Value '…' with length = '300'"), "{description}");
    assert!(!description.contains("qqq"));
    let long_word = refused(good("minimal-report.xml").replace("Child Sex Tourism", &secret)).description();
    assert!(long_word.len() < 1500, "a long token is cut");
}

#[test]
fn an_answer_lists_at_most_twenty_complaints() {
    let many = "<x/><internetDetails/>".repeat(100);
    let xml = good("minimal-report.xml").replace("  <reporter>", &format!("{many}<reporter>"));
    assert_eq!(refused(xml).complaints().len(), 20);
}
