//! What is written can be read again, exactly, whatever the values hold.

use cybertip::{Profile, file_details_to_xml, to_xml};
use proptest::prelude::*;

use crate::strategies::{statement, submission};
use crate::support::{accepted, accepted_file};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    // PROVES: R-08
    #[test]
    fn a_report_reads_back_as_it_was_written(report in submission()) {
        let xml = to_xml(&report);
        prop_assert_eq!(accepted(&xml, Profile::Current).value, report, "{}", xml);
    }

    // PROVES: R-08
    #[test]
    fn a_file_statement_reads_back_as_it_was_written(file in statement()) {
        let xml = file_details_to_xml(&file);
        prop_assert_eq!(accepted_file(&xml, Profile::Current).value, file, "{}", xml);
    }
}
