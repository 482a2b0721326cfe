//! The API for agencies' own systems: `/agency/v1`. Every endpoint is described once, as data, and from that description
//! come its route, the check of everything that is asked, and its part of the OpenAPI document; so the three cannot say
//! different things. A handler is given values of the described shape, asks a story below, and answers in a described
//! shape. Deliberately absent: pages, and a second description written by hand.

mod assignment;
mod cases;
mod describe;
mod destruction;
mod document;
mod door;
mod endpoint;
mod feed;
mod form;
mod hashes;
mod outcome;
mod package;
mod referrals;
mod refuse;
mod report;
mod router;
mod schema;
mod token;
mod webhooks;

pub use router::{AgencyApi, router};
