//! A package or a document of one as an answer: streamed, never held in memory.

use axum::response::Response;
use pipeline::package::{Download, Fault};

use crate::session::SignedIn;
use crate::{report_page, shell};

/// Answers somebody who asked on a page.
pub(crate) fn taken(who: &SignedIn, taken: Result<Download, Fault>) -> Response {
    match taken {
        Ok(download) => web::allowed_by(answer(download), pipeline::allowed(&who.session.viewer).take),
        Err(Fault::Trouble(trouble)) => report_page::refusal(who, &trouble),
        Err(fault) => shell::broken(who, &crate::incident(&who.agencies.house, &fault)),
    }
}

fn answer(download: Download) -> Response {
    let (name, content_type) = (download.name().to_owned(), download.content_type());
    web::download((&name, content_type), Box::new(download), |mut download| async {
        let piece = download.next().await;
        (download, piece)
    })
}
