//! What the people of a provider may do on the provider's pages: sign in, keep the contact fields and the credentials,
//! and file a report by hand. Whoever is not of the provider finds nothing here.

mod contacts;
mod credentials;
mod forms;
mod member;
mod requests;

pub use contacts::{ContactCard, contact_card, contact_of_report, record_contact};
pub use credentials::{Issued, add_credential, credentials, note_use, revoke_credential, rotate_credential};
pub use forms::{
    Answers, FormReport, cancel_report, describe_file, discard_form, file, form, form_of_report, forms,
    login, open_report, save_form, start_form,
};
pub use member::{Member, member, sign_in_with_link};
pub use requests::{ACKNOWLEDGED, Request, acknowledge, requests};
pub use store::contact::{Contact, Stamp, Version};
pub use store::credential::{Listed, MOST_LIVE};
pub use store::evidence::File;
pub use store::form::Form;
