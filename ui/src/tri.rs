//! Yes, no, or nobody said.

use maud::{Markup, Render, html};

/// An answer with three values, because "not said" is not "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tri {
    /// It was said to be so.
    Yes,
    /// It was said not to be so.
    No,
    /// Nothing was said.
    Unknown,
}

impl From<Option<bool>> for Tri {
    fn from(said: Option<bool>) -> Self {
        match said {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

impl Render for Tri {
    fn render(&self) -> Markup {
        match self {
            Self::Yes => html! { "Yes" },
            Self::No => html! { "No" },
            Self::Unknown => html! { span .house-unknown { "Unknown" } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_said_is_not_no() {
        let shown = |said: Option<bool>| Tri::from(said).render().into_string();
        assert_eq!(shown(Some(true)), "Yes");
        assert_eq!(shown(Some(false)), "No");
        assert_eq!(shown(None), "<span class=\"house-unknown\">Unknown</span>");
    }
}
