//! Nothing in a synthetic report could be real: only documentation addresses, invented hosts, numbers kept for fiction.

use std::net::IpAddr;

use crate::common::texts;
use synth::{Plan, Shares, corpus};

/// Fields that hold an id, a digest or a moment of ours, whose digits are no telephone number.
const DIGITS_ALLOWED: [&str; 7] =
    ["text", "instant", "file", "account_id", "value", "case_number", "screen_name"];

fn is_documentation(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            [[192, 0, 2], [198, 51, 100], [203, 0, 113]].iter().any(|net| v4.octets().starts_with(net))
        }
        IpAddr::V6(v6) => v6.segments()[..2] == [0x2001, 0xdb8],
    }
}

/// Why a text could name something real, if it could.
fn complaint(field: &str, text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return (!is_documentation(address)).then(|| format!("address {text}"));
    }
    if field == "number" {
        let fiction =
            text.len() == 10 && text.starts_with("20255501") && text.bytes().all(|b| b.is_ascii_digit());
        return (!fiction).then(|| format!("telephone {text}"));
    }
    let is_name_sign = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    for word in text.split(|c| !is_name_sign(c)).filter(|word| !word.is_empty()) {
        if let Some(why) = word_complaint(field, word.trim_end_matches('.')) {
            return Some(format!("{why} in {field} {text:?}"));
        }
    }
    (text.contains('@') && !text.ends_with(".example")).then(|| format!("mail {text}"))
}

fn word_complaint(field: &str, word: &str) -> Option<String> {
    if word.parse::<IpAddr>().is_ok_and(|address| !is_documentation(address)) {
        return Some(format!("address {word}"));
    }
    // A dot between letters makes a host or a file name.
    if let Some((_, end)) = word.rsplit_once('.')
        && end.chars().any(char::is_alphabetic)
    {
        let file = ["png", "jpg", "mp4", "csv", "txt", "zip", "bin"].contains(&end);
        let moment = field == "text" || field == "instant";
        let newsgroup = word.starts_with("example.synthetic.");
        if end != "example" && !file && !moment && !newsgroup {
            return Some(format!("host {word}"));
        }
    }
    let digits = word.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    let reference =
        word.starts_with("SYN-") || field == "urls" || field == "location" || field == "profile_urls";
    let ours = DIGITS_ALLOWED.contains(&field)
        || reference
        || word.starts_with("demo-")
        || word.starts_with("20255501");
    let hash = word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    (digits >= 7 && !ours && !hash).then(|| format!("number {word}"))
}

#[test]
fn nothing_in_five_thousand_reports_could_be_real() {
    for (shares, reports) in [(Shares::Demo, 2_500), (Shares::Recent, 1_500), (Shares::National2022, 1_000)] {
        let plan = Plan::new(21, shares).with_senders(14).with_faults(true);
        for report in (0..reports).map(|index| plan.report(index)) {
            let found: Vec<String> =
                texts(&report).iter().filter_map(|(field, text)| complaint(field, text)).collect();
            assert!(found.is_empty(), "report {}: {found:?}", report.index);
            for file in &report.files {
                assert!(corpus::contains(&seal::sha256(file.bytes)), "report {}", report.index);
            }
        }
    }
}

#[test]
fn the_scan_finds_what_is_not_allowed() {
    for (field, text) in [
        ("address", "8.8.8.8"),
        ("address", "2001:db9::1"),
        ("address", "someone@mail.test"),
        ("number", "2025550200"),
        ("content", "call 2125550142 now"),
        ("urls", "https://harbor-chat.test/x"),
        ("content", "seen at 10.1.2.3, they say"),
    ] {
        assert!(complaint(field, text).is_some(), "{field} {text}");
    }
    assert_eq!(complaint("address", "2001:db8:1000::7"), None);
}
