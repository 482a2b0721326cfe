//! The door for providers: a stranger's bytes become a report, file by file, and are durable before they are answered.
//! Answers are in the codes of the reporting API; what a fault was stays with us under an incident number.

mod close;
mod documents;
mod forget;
mod login;
mod once;
mod refused;
mod transfers;
mod upload;

pub use close::{Filed, finish, finish_and_judge, retract};
pub use documents::{Described, Opened, Received, file_info, submit, submit_once};
pub(crate) use forget::forget;
pub use login::{Login, authenticate};
pub use refused::Refused;
pub use transfers::{
    Announced, Appending, Standing, TransferRefused, Transfers, begin_transfer, drop_transfer,
};
pub use upload::{Attached, Conditions, Expected, PartHeaders, Upload, begin_upload, begin_upload_on};
