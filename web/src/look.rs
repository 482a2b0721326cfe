//! The page on which a picture is seen, the same in every face: what `look.js` hides when its time is over or somebody
//! looks away, and the headers that let a page show a picture of that one origin and leave it by itself. Who may look is
//! decided below.

use axum::response::Response;
use http::{HeaderValue, header};
use maud::{Markup, html};

use crate::headers::pages_policy_showing;

/// A picture that is seen for a while.
pub struct Look<'a> {
    /// Where pictures are served.
    pub origin: &'a str,
    /// What opens this one, once.
    pub secret: &'a str,
    /// What is read where it cannot be seen.
    pub alt: &'a str,
    /// What stands below it.
    pub caption: &'a str,
    /// How long it is seen.
    pub seconds: i64,
}

impl Look<'_> {
    /// The picture.
    #[must_use]
    pub fn figure(&self) -> Markup {
        html! {
            p { "It is gone after " (self.seconds) " seconds, and as soon as you leave this window." }
            figure #picture .house-look data-seconds=(self.seconds) {
                img src={ (self.origin) "/media/" (self.secret) } alt=(self.alt) referrerpolicy="no-referrer" draggable="false";
                p #picture-hidden hidden role="status" { "Hidden. Go back to the file to ask again." }
                figcaption { (self.caption) }
            }
        }
    }

    /// Lets its page show it, and lead to `back` when its time is over, without script too.
    #[must_use]
    pub fn on(&self, mut page: Response, back: &str) -> Response {
        let headers = page.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, pages_policy_showing(self.origin)),
            (header::REFRESH, format!("{}; url={back}", self.seconds)),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        page
    }
}
