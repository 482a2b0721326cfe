//! Prints what is derived from the description of the reporting language: `language` (the reference page) or
//! `xsd PROFILE` (the served schema).

use std::io::{Write, stdout};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = match words[..] {
        ["language"] => cybertip::reference_page(),
        ["xsd", profile] => cybertip::xsd(profile.parse()?),
        _ => return Err("say `language` or `xsd PROFILE`".into()),
    };
    Ok(stdout().write_all(text.as_bytes())?)
}
