//! The package that an agency downloads: a zip that ordinary tools open, with a signed list of everything in it.
//!
//! The list comes before the content. Names, lengths and digests of all members are known when a package is planned,
//! so the manifest is made, signed and entered in the ledger before the first byte leaves; the writer then streams
//! the files, holds each to what the manifest promised, and never ends an archive that broke its promise.
//!
//! Same contents, same bytes: no clock, one order, one timestamp, signatures without chance. No entry name has a
//! stranger's text in it. Deliberately absent: opening files, which takes a permit, and the act that records it.
//!
//! ```text
//! texts in the caller's order | manifest.json | manifest.sig | files/<report>-<n>.<ending>
//! ```

mod canonical;
mod envelope;
mod fault;
mod ledger_proof;
mod manifest;
mod outbox;
mod plan;
mod preservation;
mod readme;
mod signature;
pub(crate) mod words;
mod writer;

pub use canonical::canonical;
pub use envelope::Envelope;
pub use fault::Fault;
pub use ledger_proof::ledger_proof;
pub use plan::{Contents, Plan, Texts};
pub use preservation::preservation;
pub use readme::{Line, readme};
pub use signature::check;
pub use words::{file_name, role_warning};
pub use writer::Writer;

/// Version of the package's form. Same contents and same version give the same bytes; raise it with any change of
/// what is written.
pub const EXPORT_VERSION: u32 = 2;
/// The signed list of members.
pub const MANIFEST: &str = "manifest.json";
/// The signature over it, a C2SP signed note.
pub const SIGNATURE: &str = "manifest.sig";
/// The proof that the making-available is in the ledger.
pub const LEDGER_PROOF: &str = "ledger-proof.txt";
