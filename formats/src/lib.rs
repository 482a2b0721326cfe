//! Strangers' languages: bytes to domain values and back, one folder each. Everything here is pure: no clock, no
//! files, no network, no decisions. A moment is an argument; a bound is a named constant.
//!
//! | module | language |
//! | --- | --- |
//! | [`cybertip`] | the XML of the provider reporting API |

pub mod cybertip;
