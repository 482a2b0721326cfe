//! Strangers' languages: bytes to domain values and back, one folder each. Everything here is pure: no clock, no
//! files, no network, no decisions. A moment is an argument; a bound is a named constant.
//!
//! | module | language |
//! | --- | --- |
//! | [`csv`] | the sheets that investigators build by hand |
//! | [`cybertip`] | the XML of the provider reporting API |
//! | [`le_download`] | the report JSON that law enforcement's tools read |
//! | [`package`] | the zip that an agency downloads, with its signed manifest |
//! | [`report_full`] | our own complete report JSON |

pub mod csv;
pub mod cybertip;
pub mod le_download;
pub mod package;
pub mod report_full;
