//! The face for law-enforcement agencies: sign-in behind the use banner, inbox, report page, package, and the API that
//! an agency's own system polls. A handler takes, asks `pipeline`, and shows. Deliberately absent: media, and anything
//! that was not made available to the viewer's agency: it is answered as if it did not exist.

mod report;
mod show;
