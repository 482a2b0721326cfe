//! Rows that begin with a leaf of their own, one leaf a row. So a row that was slipped in is found though no act ever spoke
//! of its thing: there are more rows than leaves that tell of a beginning. It takes a count, and no memory.
//!
//! None of these rows is ever deleted, and whoever adds a table here makes sure that nothing else leaves such a leaf. Rows that
//! lean on one of these, and are of its report, are told with it: of another report there may be none.

/// A table, and with what its rows begin.
#[derive(Debug)]
pub struct Birth {
    /// The table.
    pub table: &'static str,
    /// Kinds of events: each is the beginning of one row. None of rows that there must not be.
    pub kinds: &'static [&'static str],
    /// How many such rows there are.
    pub count: &'static str,
}

/// Every table of which rows and beginnings are counted.
pub const BIRTHS: &[Birth] = &[
    Birth {
        table: "report",
        kinds: &["report-opened"],
        count: "-- births::report
            SELECT COUNT(*) FROM report",
    },
    Birth {
        table: "delivery",
        kinds: &["report-delivered"],
        count: "-- births::delivery
            SELECT COUNT(*) FROM delivery",
    },
    Birth {
        table: "casefile",
        kinds: &["case-opened"],
        count: "-- births::casefile
            SELECT COUNT(*) FROM casefile",
    },
    Birth {
        table: "case_process",
        kinds: &["process-recorded"],
        count: "-- births::case_process
            SELECT COUNT(*) FROM case_process",
    },
    Birth {
        table: "case_custody",
        kinds: &["custody-recorded"],
        count: "-- births::case_custody
            SELECT COUNT(*) FROM case_custody",
    },
    Birth {
        table: "case_cji",
        kinds: &["cji-labelled"],
        count: "-- births::case_cji
            SELECT COUNT(*) FROM case_cji",
    },
    Birth {
        table: "case_passing",
        kinds: &["cji-passed-on"],
        count: "-- births::case_passing
            SELECT COUNT(*) FROM case_passing",
    },
    Birth {
        table: "outcome",
        kinds: &["outcome-recorded"],
        count: "-- births::outcome
            SELECT COUNT(*) FROM outcome",
    },
    Birth {
        table: "agency_transfer",
        kinds: &["agency-transfer-offered", "report-referred"],
        count: "-- births::agency_transfer
            SELECT COUNT(*) FROM agency_transfer",
    },
    Birth {
        table: "report_return",
        kinds: &["report-returned"],
        count: "-- births::report_return
            SELECT COUNT(*) FROM report_return",
    },
    Birth {
        table: "preservation_letter",
        kinds: &["letter-recorded"],
        count: "-- births::preservation_letter
            SELECT COUNT(*) FROM preservation_letter",
    },
    Birth {
        table: "provider_destruction",
        kinds: &["provider-destruction-asked"],
        count: "-- births::provider_destruction
            SELECT COUNT(*) FROM provider_destruction",
    },
    Birth {
        table: "ground",
        kinds: &["ground-recorded"],
        count: "-- births::ground
            SELECT COUNT(*) FROM ground",
    },
    Birth {
        table: "ground_file",
        kinds: &[],
        count: "-- births::ground_file
            SELECT COUNT(*) FROM ground_file JOIN ground ON ground.id = ground_file.ground_id
            WHERE ground.report_id <> ground_file.report_id",
    },
    Birth {
        table: "notice",
        kinds: &[],
        count: "-- births::notice
            SELECT COUNT(*) FROM notice WHERE NOT EXISTS (
                SELECT 1 FROM ground WHERE ground.id = notice.ground_id AND ground.report_id = notice.report_id)",
    },
    Birth {
        table: "viewing_item",
        kinds: &[],
        count: "-- births::viewing_item
            SELECT COUNT(*) FROM viewing_item JOIN viewing_session ON viewing_session.id = viewing_item.session_id
            WHERE viewing_session.report_id <> viewing_item.report_id",
    },
    Birth {
        table: "foreign_request",
        kinds: &["foreign-request-opened"],
        count: "-- births::foreign_request
            SELECT COUNT(*) FROM foreign_request",
    },
    Birth {
        table: "viewing_session",
        kinds: &["viewing-recorded"],
        count: "-- births::viewing_session
            SELECT COUNT(*) FROM viewing_session",
    },
    Birth {
        table: "media_view",
        kinds: &["view-asked"],
        count: "-- births::media_view
            SELECT COUNT(*) FROM media_view",
    },
    Birth {
        table: "portal_request",
        kinds: &["request-opened"],
        count: "-- births::portal_request
            SELECT COUNT(*) FROM portal_request",
    },
    Birth {
        table: "destruction",
        kinds: &["destruction-asked"],
        count: "-- births::destruction
            SELECT COUNT(*) FROM destruction",
    },
];
