//! A package or a document of one as an answer: streamed, never held in memory, and only for as long as whoever it is for is
//! let in.

use axum::response::Response;
use domain::ReportId;
use pipeline::package::{Download, Fault};
use workspace::presence::Watch;

use crate::session::SignedIn;
use crate::{report_page, shell};

/// Answers somebody who asked on a page.
pub(crate) fn taken(who: &SignedIn, report: ReportId, taken: Result<Download, Fault>) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match taken {
        Ok(download) => web::allowed_by(
            answer(download, Watch::over(house, viewer, report)),
            pipeline::allowed(viewer).take,
        ),
        Err(Fault::Trouble(trouble)) => report_page::refusal(who, &trouble),
        Err(fault) => shell::broken(who, &crate::incident(house, &fault)),
    }
}

fn answer(download: Download, watch: Watch) -> Response {
    let (name, content_type) = (download.name().to_owned(), download.content_type());
    web::download((&name, content_type), Box::new((download, watch)), |mut pair| async {
        let (download, watch) = &mut *pair;
        let piece = watch.next(download.next()).await;
        (pair, piece)
    })
}
