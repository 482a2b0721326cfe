//! The answers that pages are made of.

use axum::body::{Body, HttpBody as _};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;
use policy::Denial;
use policy::access::Why;
use workspace::presence::Broken;

/// Names the rule, the policy and the source that allowed an answer.
const ALLOWED_BY: HeaderName = HeaderName::from_static("clearinghouse-allowed-by");

/// A page with its status.
#[must_use]
pub fn page(status: StatusCode, markup: Markup) -> Response {
    let mut response = (status, markup.into_string()).into_response();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// Bytes of an answer that is whole in memory, as its body is sent; nothing of one that is still being made.
#[must_use]
pub fn weight(answer: &Response) -> u64 {
    answer.body().size_hint().exact().unwrap_or_default()
}

/// Put beside an answer whose status does not say that it refuses, because its clients expect another: the status that it
/// stands for.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub StatusCode);

/// Sends the browser on, after a POST, to a path of ours.
#[must_use]
pub fn redirect(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Says in a header which policy allowed an answer: `R-36; 18 USC 2258A(g)(2)(A)(ii); agency-system-read`. A refusal marks
/// nothing.
#[must_use]
pub fn allowed_by(mut response: Response, decided: Result<&'static Why, Denial>) -> Response {
    let said = decided.ok().map(|why| format!("{}; {}; {}", why.rule, why.source, why.policy));
    if let Some(value) = said.and_then(|said| HeaderValue::from_str(&said).ok()) {
        response.headers_mut().insert(ALLOWED_BY, value);
    }
    response
}

/// A file under a name and of a type, piece by piece: `next` answers nothing after the last. When it fails, the connection
/// breaks off: nobody takes a part for the whole. What failed here is ours to mend; a reader who goes before the end, or who
/// is let in no longer, is not, and is told apart.
pub fn download<Source, Next>(
    (name, content_type): (&str, &'static str),
    source: Source,
    next: impl Fn(Source) -> Next + Send + 'static,
) -> Response
where
    Source: Send + 'static,
    Next: Future<Output = (Source, Result<Option<Bytes>, Broken>)> + Send + 'static,
{
    let pieces = stream::unfold(Some((source, Reader { is_there: true })), move |asked| {
        let asked = asked.map(|(source, reader)| (Box::pin(next(source)), reader));
        async move {
            let (piece, mut reader) = asked?;
            let (source, piece) = piece.await;
            if !matches!(piece, Ok(Some(_))) {
                reader.is_there = false;
            }
            match piece {
                Ok(Some(piece)) => Some((Ok(piece), Some((source, reader)))),
                Ok(None) => None,
                Err(broken) => {
                    told(&broken);
                    Some((Err(broken), None))
                }
            }
        }
    });
    // Boxed: a body is handed on by value, layer after layer, and what makes the pieces may be large.
    let mut response = Body::from_stream(Box::pin(pieces)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

/// Why we broke a download off. That somebody is let in no longer is somebody's decision, which the ledger has.
fn told(broken: &Broken) {
    match broken {
        Broken::Gone => tracing::info!("a download was ended: {broken}"),
        Broken::Failed(fault) => tracing::error!(error = %fault, "a download broke off"),
    }
}

/// Whoever reads a download, until it ended: dropped before, they went.
struct Reader {
    is_there: bool,
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.is_there {
            tracing::debug!("the reader of a download went before its end; nothing of ours failed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use http_body_util::BodyExt as _;

    use super::*;

    /// Lines of a log, as the operator reads them.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged of a download of these pieces, of which somebody reads so many.
    fn logged(pieces: Vec<Result<Bytes, Broken>>, read: usize) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(move || writer.clone());
        let reading = async {
            let answer = download(("dull.zip", "application/zip"), pieces.into_iter(), |mut left| async {
                let piece = left.next().transpose();
                (left, piece)
            });
            let mut body = answer.into_body();
            for _ in 0..read {
                // What fails ends the connection, which is not asked here.
                drop(body.frame().await);
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        tracing::subscriber::with_default(log.finish(), || runtime.block_on(reading));
        let told = lines.0.lock().unwrap().clone();
        String::from_utf8(told).unwrap()
    }

    #[test]
    fn only_what_is_ours_to_mend_is_logged_as_an_error() {
        let piece = || Ok(Bytes::from_static(b"dull"));
        let went = logged(vec![piece(), piece()], 1);
        assert!(went.contains("DEBUG") && went.contains("went before its end"), "{went}");
        assert_eq!(logged(vec![piece(), piece()], 3), "", "one that came to its end is no news");
        let ended = logged(vec![piece(), Err(Broken::Gone)], 2);
        assert!(ended.contains("INFO") && ended.contains("let in no longer"), "{ended}");
        let ours = logged(vec![piece(), Err(Broken::Failed("the vault is silent".into()))], 2);
        assert!(ours.contains("ERROR") && ours.contains("the vault is silent"), "{ours}");
        for whole in [ended, ours] {
            assert_eq!(whole.lines().count(), 1, "once: {whole}");
        }
    }
}
