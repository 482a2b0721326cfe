//! `sender-notes.md`: how to read this sender's report, in the sender's own approved words. What one sender means by
//! "viewed" or by an incident time is not what another means, and cases have gone wrong over it.

use std::fmt::Write;

use domain::{Dossier, ExtendedRetention, FrameworkAttestation, LegalContact, StampedProfile};

use crate::files::Files;
use crate::package::words;

/// The page: UTF-8, the same bytes for the same dossier.
#[must_use]
pub fn sender_notes(dossier: &Dossier<impl Files>) -> Vec<u8> {
    let mut page = String::new();
    // INVARIANT: writing to a String cannot fail.
    write(&mut page, dossier).expect("a string takes every write");
    page.into_bytes()
}

fn write(page: &mut String, dossier: &Dossier<impl Files>) -> std::fmt::Result {
    writeln!(page, "# How to read a report of this sender\n")?;
    writeln!(page, "- Report: {}", dossier.report)?;
    writeln!(page, "- Sender: `{}`", words::on_one_line(&dossier.provider_name))?;
    let Some(stamped) = &dossier.sender_profile else {
        writeln!(page, "- Profile: none was approved when this report was finished\n")?;
        return writeln!(page, "{UNDESCRIBED}");
    };
    let StampedProfile { version, approved_at, profile } = stamped;
    writeln!(
        page,
        "- Profile: version {version}, approved by the clearinghouse {}\n",
        words::utc(*approved_at)
    )?;
    writeln!(page, "{DESCRIBED}\n")?;
    told(page, "What \"viewed\" means", &profile.viewed)?;
    told(page, "Which moment the incident time is", &profile.incident_time)?;
    writeln!(page, "## What each address event means\n")?;
    for event in &profile.events {
        writeln!(page, "- {}: {}", words::on_one_line(&event.event), words::on_one_line(&event.means))?;
    }
    writeln!(page)?;
    told(page, "How long the sender keeps what", &profile.retention)?;
    if let Some(ExtendedRetention { until, purpose }) = &profile.extended_retention {
        writeln!(page, "It keeps reported contents beyond its year, until {until}; purpose: {purpose}.\n")?;
    }
    if let Some(FrameworkAttestation { version, attested_on }) = &profile.cybersecurity {
        let version = words::on_one_line(version);
        writeln!(page, "It attests to preserving in line with NIST CSF {version} ({attested_on}).\n")?;
    }
    legal(page, &profile.legal_process)?;
    gaps(page, &profile.known_gaps)
}

/// A sender's text under its heading, as a quotation: nothing in it reads as ours.
fn told(page: &mut String, heading: &str, text: &str) -> std::fmt::Result {
    writeln!(page, "## {heading}\n")?;
    let mut lines = text.lines().map(words::on_one_line).filter(|line| !line.trim().is_empty()).peekable();
    if lines.peek().is_none() {
        writeln!(page, "> Not said.")?;
    }
    for line in lines {
        writeln!(page, "> {line}")?;
    }
    writeln!(page)
}

fn legal(page: &mut String, contact: &LegalContact) -> std::fmt::Result {
    writeln!(page, "## Where legal process goes\n")?;
    let LegalContact { team, email, phone, url } = contact;
    let lines = [("Team", team), ("Mailbox", email), ("Telephone", phone), ("Guide", url)];
    for (label, line) in lines.into_iter().filter(|(_, line)| !line.trim().is_empty()) {
        writeln!(page, "- {label}: `{}`", words::on_one_line(line).replace('`', "'"))?;
    }
    writeln!(page)
}

fn gaps(page: &mut String, gaps: &[String]) -> std::fmt::Result {
    writeln!(page, "## What is known to be missing or wrong\n")?;
    for gap in gaps {
        writeln!(page, "- {}", words::on_one_line(gap))?;
    }
    if gaps.is_empty() {
        writeln!(page, "- The sender names nothing.")?;
    }
    Ok(())
}

const DESCRIBED: &str = "\
These are the sender's own words about all of its reports. What stands in the report itself goes before them.";

const UNDESCRIBED: &str = "\
Nobody has written down how this sender reports. Before you rely on it, ask the sender:

- Did a person see the whole file, this very file, before the report? Some senders say \"viewed\" of an earlier file
  with the same hash.
- Which moment is the incident time: the upload, the newest post, the discovery, the opening of the account?
- Does an address belong to the upload, or to a log-in that may be days older?
- How long does it keep what is not in the report?";
