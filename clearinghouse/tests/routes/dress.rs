//! How every answer must be dressed (security-practice 6), written down a second time: what `web` sets is held against
//! this table, never against itself.

use axum::http::HeaderMap;

use super::list::Answers;

const ALWAYS: [(&str, &str); 8] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-frame-options", "DENY"),
    ("x-dns-prefetch-control", "off"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// What a page of ours may never use.
const NEVER_USED: [&str; 10] = [
    "camera",
    "microphone",
    "geolocation",
    "usb",
    "serial",
    "hid",
    "payment",
    "display-capture",
    "clipboard-read",
    "browsing-topics",
];

/// What tells a stranger more than they need, or lets another origin read along.
const NEVER_SENT: [&str; 9] = [
    "server",
    "x-powered-by",
    "via",
    "accept-ch",
    "critical-ch",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "sourcemap",
    "x-debug",
];

/// The content policy of a kind, as its directives.
fn policy(answers: Answers) -> &'static [&'static str] {
    match answers {
        Answers::Pages | Answers::Assets => &[
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
            "report-to csp",
        ],
        Answers::PlainPages => &[
            "default-src 'none'",
            "script-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "report-to csp",
        ],
        Answers::Machines | Answers::PublicRecord => &["default-src 'none'", "frame-ancestors 'none'"],
        Answers::Media => &["sandbox", "default-src 'none'"],
    }
}

/// Everything that is wrong with the headers of an answer.
pub fn faults(answers: Answers, headers: &HeaderMap) -> Vec<String> {
    let mut wrong = Vec::new();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (name, value) in ALWAYS {
        if headers.get_all(name).iter().count() != 1 || text(name) != value {
            wrong.push(format!("{name} is {:?}", text(name)));
        }
    }
    let shared = match answers {
        Answers::Media => &["same-site"][..],
        Answers::PublicRecord => &["cross-origin", "same-origin"],
        _ => &["same-origin"],
    };
    if !shared.contains(&text("cross-origin-resource-policy")) {
        wrong.push(format!("cross-origin-resource-policy is {:?}", text("cross-origin-resource-policy")));
    }
    let kept = match answers {
        Answers::Assets => "no-cache",
        Answers::PublicRecord => "public",
        _ => "no-store",
    };
    // What is not there is not kept either.
    if !text("cache-control").starts_with(kept) && text("cache-control") != "no-store" {
        wrong.push(format!("cache-control is {:?}", text("cache-control")));
    }
    for name in NEVER_USED {
        if !text("permissions-policy").contains(&format!("{name}=()")) {
            wrong.push(format!("permissions-policy allows {name}"));
        }
    }
    let tells = matches!(answers, Answers::Pages | Answers::PlainPages | Answers::Assets);
    if (text("reporting-endpoints") == "csp=\"/content-policy\"") != tells {
        wrong.push(format!("reporting-endpoints is {:?}", text("reporting-endpoints")));
    }
    for name in NEVER_SENT {
        if headers.contains_key(name) {
            wrong.push(format!("{name} is sent"));
        }
    }
    wrong.extend(of_policy(answers, headers));
    wrong.extend(of_cookies(headers));
    wrong.extend(of_redirect(text("location")));
    wrong
}

fn of_policy(answers: Answers, headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all("content-security-policy");
    let policies: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
    let [one] = policies[..] else { return vec![format!("{} content policies", policies.len())] };
    let directives: Vec<&str> = one.split(';').map(str::trim).collect();
    let missing = policy(answers).iter().filter(|wanted| {
        !directives
            .iter()
            .any(|given| given == *wanted || (**wanted == "sandbox" && given.starts_with("sandbox")))
    });
    let mut wrong: Vec<String> = missing.map(|wanted| format!("the content policy lacks {wanted}")).collect();
    for word in ["unsafe", "http:", "data:", "*", "blob:"] {
        if one.contains(word) {
            wrong.push(format!("the content policy has {word}: {one}"));
        }
    }
    wrong
}

fn of_cookies(headers: &HeaderMap) -> Vec<String> {
    let cookies = headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap_or_default());
    let is_sound = |cookie: &str| {
        let mut parts = cookie.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let marks: Vec<&str> = parts.collect();
        let has_all =
            ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"].iter().all(|mark| marks.contains(mark));
        let lasts = marks.iter().any(|mark| {
            mark.starts_with("Domain")
                || mark.starts_with("Expires")
                || (mark.starts_with("Max-Age") && *mark != "Max-Age=0")
        });
        name.starts_with("__Host-") && has_all && !lasts
    };
    cookies.filter(|cookie| !is_sound(cookie)).map(|_| "a cookie is not host-bound".to_owned()).collect()
}

/// A redirect leads to a path of ours, whatever was asked. The way to a federation's own door is an address of another
/// host, and only that one may be.
fn of_redirect(location: &str) -> Vec<String> {
    let ours = location.is_empty() || (location.starts_with('/') && !location.starts_with("//"));
    if ours { Vec::new() } else { vec![format!("leads to {location}")] }
}
