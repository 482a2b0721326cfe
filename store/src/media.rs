//! Who may see media, and every asking to see a file: a capability that serves once, within a minute, in one
//! session of one person. What was asked, refused and served is in the ledger.

pub mod notice;
mod permission;
mod view;

pub use permission::{Permission, grant, history, live, permissions, revoke};
pub use view::{
    Again, Asked, CAPABILITY_LASTS, Manner, Served, Shut, VIEW_LASTS, View as FileView, ask, close, find,
    refuse, serve, served_between,
};
