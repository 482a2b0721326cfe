//! The face for electronic service providers: the seven endpoints of the CyberTipline reporting API under `/ispws`,
//! to the letter, so that clients that already speak it need no change. A handler takes the request, asks `pipeline`,
//! and answers. Deliberately absent: any judgement, any storing; a provider sees nothing of another provider.

mod api;
mod ispws;
pub mod portal;
pub mod sandbox;

pub use ispws::{FinishErrorRoot, Provider, Settings, StatusMode, router};
