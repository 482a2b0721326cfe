//! The page around everything: one title, one main part, a way past the navigation.

use maud::{DOCTYPE, Markup, html};

use crate::link::{Link, inside};
use crate::text::{text, visible};

/// Addresses of styles and scripts; who serves them puts the content's digest into each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Assets<'a> {
    /// The picture that stands for these pages in the browser's tabs. Without one a browser asks for a file that is not
    /// there.
    pub icon: Option<&'a str>,
    /// Style sheets, in order.
    pub styles: &'a [&'a str],
    /// Scripts, run after the page has been read; none on pages that work without.
    pub scripts: &'a [&'a str],
    /// Scripts that are ES modules.
    pub modules: &'a [&'a str],
}

/// What a page is made of besides its main part.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// What this page is, first in the window's title.
    pub title: &'a str,
    /// Whose pages these are, last in the title and first on the page.
    pub site: &'a str,
    /// Language of the page's own words, as a BCP 47 tag.
    pub lang: &'a str,
    /// Styles and scripts.
    pub assets: Assets<'a>,
    /// Above everything: a notice that every page of this kind must carry.
    pub banner: Option<Markup>,
    /// Links to the other rooms.
    pub navigation: &'a [Link<'a>],
    /// The `href` of the navigation's current room.
    pub current: Option<&'a str>,
    /// Who is signed in, with the form that signs out.
    pub person: Option<Markup>,
    /// The trail to this page.
    pub breadcrumb: Option<Markup>,
    /// Which kind of installation this is; shown at the end of every page.
    pub profile_note: &'a str,
}

/// The whole document.
pub fn page(page: &Page<'_>, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(page.lang) {
            (head(page))
            body {
                a .usa-skipnav href="#main" { "Skip to main content" }
                @if let Some(banner) = &page.banner { (banner) }
                (header(page))
                main #main .house-main tabindex="-1" {
                    @if let Some(breadcrumb) = &page.breadcrumb { (breadcrumb) }
                    (main)
                }
                footer .house-footer { p { (text(page.profile_note)) } }
            }
        }
    }
}

fn head(page: &Page<'_>) -> Markup {
    let Assets { icon, styles, scripts, modules } = page.assets;
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            // The library would add a style element of its own, which the content policy refuses.
            @if !scripts.is_empty() { meta name="htmx-config" content="{\"includeIndicatorCSS\":false}"; }
            title { (visible(page.title)) " | " (page.site) }
            @if let Some(icon) = icon { link rel="icon" type="image/svg+xml" href=(icon); }
            @for style in styles { link rel="stylesheet" href=(style); }
            @for script in scripts { script src=(script) defer {} }
            @for module in modules { script src=(module) type="module" {} }
        }
    }
}

fn header(page: &Page<'_>) -> Markup {
    html! {
        header .house-header {
            p .house-site { (page.site) }
            @if !page.navigation.is_empty() {
                nav aria-label="Rooms" {
                    ul {
                        @for link in page.navigation {
                            @let current = (page.current == Some(link.href)).then_some("page");
                            li { a href=(inside(link.href)) aria-current=[current] { (text(link.label)) } }
                        }
                    }
                }
            }
            @if let Some(person) = &page.person { div .house-person { (person) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example<'a>(title: &'a str, assets: Assets<'a>) -> Page<'a> {
        Page {
            title,
            site: "House",
            lang: "en",
            assets,
            banner: None,
            navigation: &[Link { href: "/inbox", label: "Inbox" }, Link { href: "/cases", label: "Cases" }],
            current: Some("/inbox"),
            person: None,
            breadcrumb: None,
            profile_note: "Synthetic demo.",
        }
    }

    #[test]
    fn a_page_has_one_title_one_main_part_and_a_way_past_the_navigation() {
        let assets =
            Assets { icon: Some("/i.svg"), styles: &["/a.css"], scripts: &["/h.js"], modules: &["/keys.js"] };
        let expected = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
            <meta name=\"color-scheme\" content=\"light dark\">\
            <meta name=\"htmx-config\" content=\"{&quot;includeIndicatorCSS&quot;:false}\">\
            <title>Inbox | House</title><link rel=\"icon\" type=\"image/svg+xml\" href=\"/i.svg\">\
            <link rel=\"stylesheet\" href=\"/a.css\"><script src=\"/h.js\" defer></script>\
            <script src=\"/keys.js\" type=\"module\"></script></head><body>\
            <a class=\"usa-skipnav\" href=\"#main\">Skip to main content</a>\
            <header class=\"house-header\"><p class=\"house-site\">House</p><nav aria-label=\"Rooms\"><ul>\
            <li><a href=\"/inbox\" aria-current=\"page\">Inbox</a></li>\
            <li><a href=\"/cases\">Cases</a></li></ul></nav></header>\
            <main class=\"house-main\" id=\"main\" tabindex=\"-1\"><h1>Inbox</h1></main>\
            <footer class=\"house-footer\"><p>Synthetic demo.</p></footer></body></html>";
        let main = html! { h1 { "Inbox" } };
        assert_eq!(page(&example("Inbox", assets), &main).into_string(), expected);
    }

    #[test]
    fn a_page_without_scripts_names_none() {
        let shown = page(&example("Tell us", Assets::default()), &html! {}).into_string();
        assert!(!shown.contains("script") && !shown.contains("htmx"));
    }

    #[test]
    fn a_title_from_a_stranger_cannot_close_its_element() {
        let shown = page(&example("</title><script>\u{202e}", Assets::default()), &html! {}).into_string();
        assert!(shown.contains("<title>&lt;/title&gt;&lt;script&gt;[U+202E] | House</title>"));
    }
}
