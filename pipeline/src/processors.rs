//! Everything that computes over files or over what was said about them, in one list: each declares how close it comes.

use policy::processor::{DIGESTS, PACKAGE, Processor, RENDITION};

use crate::enrichers;

/// Every registered processor.
fn all() -> Vec<Processor> {
    let look_ups = enrichers::LISTED.iter().map(|(_, name)| Processor::of_words(name));
    let documents = exports::ALL.iter().map(|export| Processor::of_words(export.name));
    let court = Processor::of_words(exports::court::EXPORT);
    look_ups.chain(documents).chain([court, DIGESTS, PACKAGE, RENDITION]).collect()
}

// PROVES: R-19a
#[test]
fn every_processor_says_whether_it_needs_a_ground_and_only_two_read_contents() {
    let all = all();
    let names: std::collections::BTreeSet<_> = all.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), all.len(), "a name names one");
    let need: Vec<&str> = all.iter().filter(|one| one.needs_view_ground()).map(|one| one.name).collect();
    assert_eq!(need, ["package-files", "rendition"]);
}

/// A look-up is given words and tables, an export a dossier from which the gate has taken what it shuts: neither has a
/// parameter through which a file's bytes could come. This does not compile once one gets such a parameter.
#[test]
fn look_ups_and_exports_have_no_way_to_a_files_bytes() {
    let _: &[fn(&enrichers::Subjects, &geo::Atlas) -> Vec<domain::Finding>] = enrichers::ALL;
    let _: fn(&exports::Source<'_>, &mut dyn std::io::Write) -> std::io::Result<()> = exports::ALL[0].write;
}
