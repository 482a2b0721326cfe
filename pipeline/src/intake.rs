//! The door for providers: a stranger's bytes become a report, file by file, and are durable before they are answered.
//! Answers are in the codes of the reporting API; what a fault was stays with us under an incident number.

mod close;
mod documents;
mod login;
mod refused;
mod upload;

pub use close::{finish, retract};
pub use documents::{Described, Opened, Received, file_info, submit};
pub use login::{Login, authenticate};
pub use refused::Refused;
pub use upload::{Attached, PartHeaders, Upload, begin_upload};
