//! Surfaces that share an origin: a fault in one of them is then a way into the other (SC-7).

use domain::Profile;

use crate::config::{Listener, Surface};

/// One sentence for every two surfaces that browsers cannot tell apart. A demo shares one origin on purpose.
pub(super) fn shared(profile: Profile, listeners: &[(String, Listener)]) -> Vec<String> {
    if profile == Profile::SyntheticDemo {
        return Vec::new();
    }
    let mut origins: Vec<(String, Vec<Surface>)> = Vec::new();
    for (name, listener) in listeners {
        // Listeners of one host name are one site, whatever their ports are.
        let origin = listener.host.clone().unwrap_or_else(|| name.clone()).to_ascii_lowercase();
        match origins.iter_mut().find(|(known, _)| *known == origin) {
            Some((_, surfaces)) => surfaces.extend(&listener.surfaces),
            None => origins.push((origin, listener.surfaces.clone())),
        }
    }
    let mut warnings = Vec::new();
    for (origin, mut surfaces) in origins {
        surfaces.sort();
        surfaces.dedup();
        if surfaces.len() > 1 {
            let names: Vec<&str> = surfaces.iter().map(|surface| surface.name()).collect();
            let names = names.join(", ");
            warnings.push(format!(
                "{names} share the origin {origin}: give each a listener and a host name of its own"
            ));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listener(host: Option<&str>, surfaces: &[Surface]) -> (String, Listener) {
        let host = host.map(str::to_owned);
        ("one".to_owned(), Listener { host, surfaces: surfaces.to_vec(), ..Listener::default() })
    }

    #[test]
    fn surfaces_of_one_origin_are_named_outside_the_demo() {
        let all = [listener(None, &Surface::ALL)];
        let warned = shared(Profile::Hotline, &all);
        assert!(warned.len() == 1 && warned[0].contains("providers, agencies, staff"), "{warned:?}");
        assert_eq!(shared(Profile::SyntheticDemo, &all), Vec::<String>::new());
        let apart = [
            listener(Some("desk.example"), &[Surface::Staff]),
            listener(Some("agencies.example"), &[Surface::Agencies]),
        ];
        assert_eq!(shared(Profile::Hotline, &apart), Vec::<String>::new());
        let one_name = [
            listener(Some("desk.example"), &[Surface::Staff]),
            listener(Some("DESK.example"), &[Surface::Agencies]),
        ];
        assert_eq!(shared(Profile::Hotline, &one_name).len(), 1);
    }
}
