//! Documents that are not XML, or that try to be too much: code 4110, a place, no harm.

use cybertip::{Limits, Profile, read_report};

use crate::support::{accepted, good, now, refused};

fn text_of(xml: impl AsRef<[u8]>) -> String {
    let rejection = refused(xml);
    assert_eq!(rejection.code(), 4110, "{}", rejection.description());
    rejection.description()
}

#[test]
fn an_unescaped_ampersand_is_named_at_its_place() {
    let rejection = refused("<report>\n  <additionalInfo>this & that</additionalInfo>\n</report>");
    assert_eq!(
        rejection.description(),
        "Malformed XML submittal\n[2,24] - The entity name must immediately follow the '&' in the entity reference."
    );
    assert!(rejection.help().unwrap().contains("&amp;"));
    for bare in ["a & b; c", "https://x.example/?a=1&b=2", "&", "&;", "a &amp b"] {
        text_of(format!("<report><additionalInfo>{bare}</additionalInfo></report>"));
        text_of(format!("<report a='{bare}'/>"));
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = r#"<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><report>&b;</report>"#;
    assert!(text_of(bomb).ends_with("[1,1] - DOCTYPE is disallowed."));
    assert!(text_of("<!DOCTYPE report SYSTEM \"file:///etc/hostname\"><report/>").contains("DOCTYPE"));
    assert!(text_of("<report>&b;</report>").contains("The entity \"b\" was referenced, but not declared."));
}

#[test]
fn nesting_ends_at_fifty() {
    let nested = |depth: usize| format!("{}{}", "<report>".repeat(depth), "</report>".repeat(depth));
    assert_eq!(refused(nested(50)).code(), 4100);
    assert!(text_of(nested(51)).contains("nested deeper than 50"));
}

#[test]
fn attributes_end_at_sixty_four() {
    let with = |count: usize| {
        let attributes: String = (0..count).map(|number| format!(" a{number}='x'")).collect();
        format!("<report{attributes}/>")
    };
    assert_eq!(refused(with(64)).code(), 4100);
    assert!(text_of(with(65)).contains("more than 64 attributes"));
}

#[test]
fn a_document_ends_at_thirty_two_mebibytes() {
    let filler = " ".repeat(Limits::STANDARD.xml_bytes + 1);
    assert!(text_of(filler).contains("larger than 33554432 bytes"));
}

#[test]
fn elements_and_attributes_are_counted() {
    let many = "<a/>".repeat(Limits::STANDARD.nodes);
    assert!(text_of(format!("<report>{many}</report>")).contains("more than 250000 elements and attributes"));
    let declarations = "<a xmlns:b='u'/>".repeat(Limits::STANDARD.nodes / 2);
    text_of(format!("<report>{declarations}</report>"));
    let inside: String = (0..5)
        .map(|level| {
            let declared: String = (0..60).map(|number| format!(" xmlns:n{level}-{number}='u'")).collect();
            format!("<a{declared}>")
        })
        .collect();
    assert!(text_of(inside).contains("More than 200 namespace declarations"));
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    assert!(text_of(b"<report>\n<a>\xFF</a></report>").contains("[2,4] - Invalid byte"));
    assert!(text_of("<report>a\u{0}</report>").contains("[1,10] - An invalid XML character (Unicode: 0x0)"));
    assert!(text_of("<report>\u{FFFE}</report>").contains("0xfffe"));
    assert!(text_of("<report>&#0;</report>").contains("character reference"));
    assert!(text_of("<report>&#xD800;</report>").contains("character reference"));
    assert!(text_of(b"\xFE\xFF\0<\0r").contains("'UTF-16' is not supported"));
    let declared = "<?xml version='1.0' encoding='windows-1252'?><report/>";
    assert!(text_of(declared).contains("'windows-1252' is not supported"));
}

#[test]
fn encodings_are_taken_from_mark_header_or_declaration() {
    let xml = good("minimal-report.xml").replace("Kim", "Zoé");
    let name = |bytes: &[u8], charset: Option<&str>| {
        let read = read_report(bytes, charset, Profile::Current, now()).unwrap();
        read.value.reporter.person.first_name.unwrap().into_inner()
    };
    let latin: Vec<u8> = xml.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let declared = String::from_utf8_lossy(&latin).contains("UTF-8");
    assert!(declared, "the header goes before the declaration");
    assert_eq!(name(&latin, Some("ISO-8859-1")), "Zoé");
    assert_eq!(name(xml.as_bytes(), Some("utf-8")), "Zoé");
    assert_eq!(name(format!("\u{FEFF}{xml}").as_bytes(), None), "Zoé");
}

#[test]
fn every_truncation_of_a_document_is_refused() {
    let xml = good("rich-report.xml");
    let end = xml.trim_end().len();
    for cut in (0..end).step_by(7).filter(|cut| xml.is_char_boundary(*cut)) {
        let rejection = refused(&xml[..cut]);
        assert_eq!(rejection.code(), 4110, "cut at {cut}: {}", rejection.description());
    }
}

#[test]
fn markup_is_read_strictly() {
    for xml in [
        "<report>",
        "<report></reporter>",
        "<report/><report/>",
        "<report/>tail",
        "head<report/>",
        "</report>",
        "<report a=x/>",
        "<report a='1'b='2'/>",
        "<report a='1' a='2'/>",
        "<report a='<'/>",
        "<report a/>",
        "<report a='1/>",
        "<report xmlns:a='u' xmlns:a='v'/>",
        "<1report/>",
        "< report/>",
        "<report>]]></report>",
        "<report><!-- a -- b --></report>",
        "<report><![CDATA[x</report>",
        "<report><?xml version='1.0'?></report>",
        " <?xml version='1.0'?><report/>",
        "<a:report/>",
        "<report a:b='1'/>",
        "<a:b:report xmlns:a='u'/>",
        "<![CDATA[x]]><report/>",
        "&amp;<report/>",
        "",
    ] {
        text_of(xml);
    }
}

#[test]
fn names_have_a_bound_because_answers_repeat_them() {
    assert!(text_of(format!("<{}/>", "x".repeat(300))).contains("longer than 256 bytes"));
}

#[test]
fn json_is_refused_with_a_hint() {
    let rejection = refused(r#"{"incidentSummary": {"incidentType": "x"}}"#);
    assert_eq!(rejection.code(), 4110);
    assert_eq!(
        rejection.help().unwrap(),
        "Line 1: This is not XML. The reporting API takes XML documents only."
    );
}

#[test]
fn comments_instructions_and_cdata_are_no_obstacle() {
    let xml = good("minimal-report.xml")
        .replace("<report>", "<!-- before --><?tool a?><report>")
        .replace("Kim", "K<!-- inside -->i<![CDATA[m]]>")
        .replace("</report>", "</report><!-- after --><?tool b?>\n");
    let person = accepted(&xml, Profile::Current).value.reporter.person;
    assert_eq!(person.first_name.unwrap().reveal(), "Kim");
}

#[test]
fn line_ends_of_every_system_are_one_line_feed() {
    let content = "<internetDetails><chatImIncident><content>a\r\nb\rc\nd&#13;e</content></chatImIncident></internetDetails>";
    let xml = good("minimal-report.xml").replace("  <reporter>", &format!("{content}<reporter>"));
    let details = accepted(&xml, Profile::Current).value.details;
    let domain::IncidentDetail::Chat { content, .. } = &details[0] else { panic!("a chat") };
    assert_eq!(content.as_ref().unwrap().reveal(), "a\nb\nc\nd\re");
}
