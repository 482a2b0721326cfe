//! Normal forms: two selectors that mean the same have equal bytes. What has no normal form is no selector.

use std::net::IpAddr;

use phonenumber::country;

/// Longer values identify nothing that people type.
const MAX_VALUE_BYTES: usize = 2_083;

/// `local@host`, lower case, the host in punycode.
pub fn email(given: &str) -> Option<String> {
    let given = bounded(given)?;
    let given = given.strip_prefix("mailto:").unwrap_or(given);
    let (local, host) = given.rsplit_once('@')?;
    if local.is_empty() || local.contains(char::is_whitespace) {
        return None;
    }
    Some(format!("{}@{}", local.to_lowercase(), host_name(host)?))
}

/// E.164. A number without a calling code is read as North American when it has ten digits, as the providers' own
/// forms do; any other has no normal form, because a wrong country links strangers.
pub fn phone(given: &str, calling_code: Option<&str>) -> Option<String> {
    let number = phone_number(given, calling_code)?;
    Some(number.format().mode(phonenumber::Mode::E164).to_string())
}

/// The country of a telephone number, ISO 3166-1 alpha-2, where its digits tell.
pub fn phone_country(given: &str, calling_code: Option<&str>) -> Option<String> {
    phone_number(given, calling_code)?.country().id().map(|id| id.as_ref().to_owned())
}

fn phone_number(given: &str, calling_code: Option<&str>) -> Option<phonenumber::PhoneNumber> {
    let given = bounded(given)?;
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    if !(7..=15).contains(&digits.len()) {
        return None;
    }
    let code: Option<String> = calling_code
        .map(|code| code.chars().filter(char::is_ascii_digit).collect())
        .filter(|c: &String| !c.is_empty());
    let (region, text) = match code {
        _ if given.starts_with('+') => (None, format!("+{digits}")),
        Some(code) => (None, format!("+{code}{}", digits.trim_start_matches('0'))),
        None if digits.len() == 10 || (digits.len() == 11 && digits.starts_with('1')) => {
            (Some(country::US), digits)
        }
        None => return None,
    };
    phonenumber::parse(region, text).ok()
}

/// The canonical address; an IPv4 address written as IPv6 is the IPv4 address. Brackets, a zone and a port fall away.
pub fn ip(given: &str) -> Option<IpAddr> {
    let given = bounded(given)?;
    let inner = match given.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None if given.matches(':').count() == 1 => given.split(':').next().unwrap_or(given),
        None => given,
    };
    let inner = inner.split('%').next().unwrap_or(inner);
    inner.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// Host, port, path and query; the scheme, a fragment, a closing slash and trailing punctuation fall away, since
/// people copy addresses with and without them.
pub fn url(given: &str) -> Option<String> {
    let given = bounded(given)?.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '>', '"', '\'']);
    let parsed = match url::Url::parse(given) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => parsed,
        Ok(parsed) if parsed.has_host() && parsed.scheme().len() > 1 => parsed,
        _ => url::Url::parse(&format!("https://{given}")).ok()?,
    };
    let host = parsed.host_str()?.to_lowercase();
    if !host.contains('.') && !host.contains(':') {
        return None;
    }
    let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = parsed.path().trim_end_matches('/');
    let query = parsed.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{host}{port}{path}{query}"))
}

/// `kind:value`: separators fall away, letters are lower case.
pub fn device(kind: &str, given: &str) -> Option<String> {
    let value: String = bounded(given)?.chars().filter(|c| c.is_alphanumeric()).collect();
    if value.is_empty() {
        return None;
    }
    Some(format!("{}:{}", kind.trim().to_lowercase(), value.to_lowercase()))
}

/// `service:id`. The id keeps its letter case: to many services it matters.
pub fn account(service: &str, given: &str) -> Option<String> {
    Some(format!("{}:{}", service.trim().to_lowercase(), bounded(given)?))
}

/// `service:name`, lower case, without a leading `@`.
pub fn screen_name(service: &str, given: &str) -> Option<String> {
    let name = bounded(given)?.trim_start_matches('@').to_lowercase();
    if name.is_empty() {
        return None;
    }
    Some(format!("{}:{name}", service.trim().to_lowercase()))
}

/// `algorithm:hex`, for the digests whose length is known; perceptual hashes are no exact selectors.
pub fn hash(algorithm: &str, given: &str) -> Option<String> {
    let hex = bounded(given)?.to_lowercase();
    let name: String =
        algorithm.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let digits = match name.as_str() {
        "md5" => 32,
        "sha1" => 40,
        "sha256" => 64,
        _ => return None,
    };
    let whole = hex.len() == digits && hex.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| format!("{name}:{hex}"))
}

fn host_name(host: &str) -> Option<String> {
    match url::Host::parse(host.trim_end_matches('.')).ok()? {
        url::Host::Domain(name) if name.contains('.') => Some(name),
        url::Host::Domain(_) => None,
        address => Some(address.to_string()),
    }
}

fn bounded(given: &str) -> Option<&str> {
    let given = given.trim();
    (!given.is_empty() && given.len() <= MAX_VALUE_BYTES).then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_one_form_whatever_its_letters_and_script() {
        assert_eq!(email(" Dull.Name@MAIL.example ").as_deref(), Some("dull.name@mail.example"));
        assert_eq!(email("x@bücher.example").as_deref(), Some("x@xn--bcher-kva.example"));
        for wrong in ["", "x", "@mail.example", "a b@mail.example", "x@localhost"] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_phone_number_has_one_form_however_it_is_written() {
        for (given, code) in [
            ("(202) 555-0123", None),
            ("1-202-555-0123", None),
            ("+1 202 555 0123", None),
            ("2025550123", Some("+1")),
        ] {
            assert_eq!(phone(given, code).as_deref(), Some("+12025550123"), "{given}");
        }
        assert_eq!(phone("5550123", None), None);
        assert_eq!(phone("12", Some("+1")), None);
    }

    #[test]
    fn an_address_has_one_form_in_both_families() {
        let text = |given: &str| ip(given).map(|ip| ip.to_string());
        assert_eq!(text("2001:DB8:0:0::7").as_deref(), Some("2001:db8::7"));
        assert_eq!(text("::ffff:192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(text("192.0.2.1:443").as_deref(), Some("192.0.2.1"));
        assert_eq!(text("[2001:db8::7%eth0]:443").as_deref(), Some("2001:db8::7"));
        assert_eq!(text("999.0.2.1"), None);
    }

    #[test]
    fn a_web_address_has_one_form_however_it_was_copied() {
        for given in [
            "https://Photos.example/album/7",
            "http://photos.example/album/7/",
            "photos.example/album/7.",
            "https://photos.example:443/album/7#top",
        ] {
            assert_eq!(url(given).as_deref(), Some("photos.example/album/7"), "{given}");
        }
        assert_eq!(url("https://photos.example/a?id=1").as_deref(), Some("photos.example/a?id=1"));
        assert_eq!(url("word"), None);
        assert_eq!(url("javascript:alert(1)"), None);
    }

    #[test]
    fn accounts_of_two_services_differ_and_a_name_does_not_mind_letters() {
        assert_eq!(account("Example Chat", "User-77").as_deref(), Some("example chat:User-77"));
        assert_eq!(screen_name("Example Chat", "@Dull_Name").as_deref(), Some("example chat:dull_name"));
        assert_eq!(device("IMEI", "49-015420-323751-8").as_deref(), Some("imei:490154203237518"));
    }

    #[test]
    fn only_whole_digests_are_hashes() {
        assert_eq!(hash("SHA-256", &"AB".repeat(32)), Some(format!("sha256:{}", "ab".repeat(32))));
        assert_eq!(hash("MD5", "abc"), None);
        assert_eq!(hash("PDQ", &"ab".repeat(32)), None);
    }
}
