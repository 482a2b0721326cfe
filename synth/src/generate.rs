//! The same documents as files, for whoever wants to look at them or feed another tool.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use domain::{FileId, ReportId};

use crate::places;
use crate::plan::{Plan, SyntheticReport};

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Generated {
    /// Reports, one folder each.
    pub reports: u64,
    /// Files in them.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
}

/// Writes a folder per report (`report.xml`, and `file-001.bin` with `file-001.xml` for each file) and the table of
/// addresses, `places.csv`. The ids in the statements are placeholders: report number plus one, file number.
///
/// # Errors
/// When a folder or file cannot be written.
pub fn generate(plan: &Plan, out: &Path, reports: Range<u64>, places_as_of: &str) -> io::Result<Generated> {
    fs::create_dir_all(out)?;
    fs::write(out.join("places.csv"), places::table(places_as_of))?;
    let mut done = Generated::default();
    for index in reports {
        write_one(&plan.report(index), &out.join(format!("{index:08}")), &mut done)?;
    }
    Ok(done)
}

fn write_one(report: &SyntheticReport, folder: &Path, done: &mut Generated) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("report.xml"), &report.xml)?;
    let id = ReportId::try_from(report.index + 1).map_err(io::Error::other)?;
    for (number, file) in (1_u128..).zip(&report.files) {
        let name = format!("file-{number:03}");
        let statement = file.statement(id, FileId::from_random(number.to_be_bytes()));
        // Never the name that the report gives: it may be hostile.
        fs::write(folder.join(format!("{name}.bin")), file.bytes)?;
        fs::write(folder.join(format!("{name}.xml")), cybertip::file_details_to_xml(&statement))?;
        done.files += 1;
        done.bytes += file.bytes.len() as u64;
    }
    done.reports += 1;
    Ok(())
}
