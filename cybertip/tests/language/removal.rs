//! Whatever the description calls optional can be left out of a valid document, elements and attributes alike.

use cybertip::language::{Content, Element, FILE_DETAILS, Kind, REPORT};
use cybertip::{Profile, file_details_to_xml, read_file_details, read_report, to_xml};
use proptest::prelude::*;
use proptest::sample::Index;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::strategies::{statement, submission};
use crate::support::{good, now};

/// An element or attribute of a document: its description and its bytes.
struct Found {
    element: &'static Element,
    path: String,
    parent: Option<usize>,
    begin: usize,
    end: usize,
    removable: bool,
}

/// Every element below the root that the description calls optional, or of which there are several.
fn removable(xml: &str, root: &'static Element) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut reader = Reader::from_str(xml);
    loop {
        let begin = usize::try_from(reader.buffer_position()).unwrap();
        let event = reader.read_event().unwrap();
        let end = usize::try_from(reader.buffer_position()).unwrap();
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                let parent = open.last().map(|index| &found[*index]);
                let (element, is_choice) =
                    parent.map_or((root, false), |parent| child(parent.element, &name));
                let path = parent.map_or_else(|| name.clone(), |parent| format!("{}/{name}", parent.path));
                let optional = parent.is_some() && !element.occurs.is_required() && !is_choice;
                let is_empty = xml[begin..end].ends_with("/>");
                let parent = open.last().copied();
                let own = found.len();
                found.push(Found { element, path, parent, begin, end, removable: optional });
                found.extend(attributes(xml, &tag, begin, &found[own]));
                if !is_empty {
                    open.push(own);
                }
            }
            Event::End(_) => found[open.pop().unwrap()].end = end,
            Event::Eof => break,
            _ => {}
        }
    }
    // Where one must stand but several may, one of several may go.
    let is_twin = |one: &Found, other: &Found| one.parent == other.parent && one.path == other.path;
    let twins = |one: &Found| found.iter().filter(|other| is_twin(one, other)).count();
    let spare: Vec<bool> =
        found.iter().map(|one| one.element.occurs.is_repeatable() && twins(one) > 1).collect();
    found.iter_mut().zip(spare).for_each(|(one, spare)| one.removable |= spare);
    found.retain(|one| one.removable);
    found
}

/// The optional attributes of a tag that begins at `begin`. Those of the root say where the schema is.
fn attributes(xml: &str, tag: &BytesStart<'_>, begin: usize, owner: &Found) -> Vec<Found> {
    let Kind::Group(complex) = owner.element.kind else { return Vec::new() };
    let optional = complex.attributes.iter().filter(|attribute| !attribute.required);
    let written = optional.filter(|attribute| tag.try_get_attribute(attribute.name).unwrap().is_some());
    written
        .map(|attribute| {
            let opening = format!(" {}=\"", attribute.name);
            let from = begin + xml[begin..].find(&opening).unwrap();
            let value = from + opening.len();
            let end = value + xml[value..].find('"').unwrap() + 1;
            let path = format!("{}/@{}", owner.path, attribute.name);
            Found { element: owner.element, path, parent: None, begin: from, end, removable: true }
        })
        .collect()
}

fn child(parent: &'static Element, name: &str) -> (&'static Element, bool) {
    let Kind::Group(complex) = parent.kind else { panic!("{} has no children", parent.name) };
    let elements = complex.content.elements();
    let element = elements.iter().find(|element| element.name == name).unwrap();
    (element, matches!(complex.content, Content::Choice(_)))
}

// PROVES: R-07
#[test]
fn any_optional_element_of_a_report_can_be_left_out() {
    let xml = good("rich-report.xml");
    let all = removable(&xml, &REPORT);
    assert!(all.len() > 100, "{}", all.len());
    assert!(all.iter().any(|one| one.path.contains("/@")), "attributes are among them");
    for one in all {
        let without = format!("{}{}", &xml[..one.begin], &xml[one.end..]);
        let read = read_report(without.as_bytes(), None, Profile::Current, now());
        assert!(read.is_ok(), "{}: {:?}", one.path, read.err());
    }
}

// PROVES: R-07
#[test]
fn any_optional_element_of_a_file_statement_can_be_left_out() {
    let xml = good("file-details.xml");
    let all = removable(&xml, &FILE_DETAILS);
    assert!(all.len() > 20, "{}", all.len());
    for one in all {
        let without = format!("{}{}", &xml[..one.begin], &xml[one.end..]);
        let read = read_file_details(without.as_bytes(), None, Profile::Current, now());
        // A documented rule, not the schema, needs this one while EXIF is said to be viewed.
        let needed = one.path == "fileDetails/fileViewedByEsp";
        assert_eq!(read.is_ok(), !needed, "{}: {:?}", one.path, read.err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    // PROVES: R-07
    #[test]
    fn a_valid_report_stays_valid_without_any_optional_part(report in submission(), which in any::<Index>()) {
        let xml = to_xml(&report);
        let all = removable(&xml, &REPORT);
        prop_assume!(!all.is_empty());
        let one = which.get(&all);
        let without = format!("{}{}", &xml[..one.begin], &xml[one.end..]);
        let read = read_report(without.as_bytes(), None, Profile::Current, now());
        prop_assert!(read.is_ok(), "{}: {:?}\n{}", one.path, read.err(), xml);
    }

    #[test]
    fn a_valid_file_statement_stays_valid_without_any_optional_part(
        file in statement(),
        which in any::<Index>(),
    ) {
        let xml = file_details_to_xml(&file);
        let all = removable(&xml, &FILE_DETAILS);
        prop_assume!(!all.is_empty());
        let one = which.get(&all);
        let without = format!("{}{}", &xml[..one.begin], &xml[one.end..]);
        let read = read_file_details(without.as_bytes(), None, Profile::Current, now());
        let needed = one.path == "fileDetails/fileViewedByEsp" && xml.contains("<exifViewedByEsp>true");
        prop_assert_eq!(read.is_ok(), !needed, "{}: {:?}\n{}", &one.path, read.err(), xml);
    }
}
