//! Why a key did not open, in plain words, with what to do next.

use maud::{Markup, html};
use office::{Aaguid, CardWrong, Refused, TokenWrong, Wrong};
use ui::{Weight, alert};

/// What went wrong with the use of a key.
pub(super) fn of_use(why: Refused) -> Markup {
    let says = match why {
        Refused::TooLate => "It took longer than five minutes. Press the button again.",
        Refused::NotAsked | Refused::Again => {
            "This page was used already, or was opened elsewhere. Press the button again."
        }
        Refused::UnknownKey => {
            "This key is not enrolled here, was removed, or belongs to somebody of another organisation. Use another key of yours, or ask your administrator."
        }
        Refused::AnotherPerson => "This is the key of somebody else. Use your own.",
        Refused::TooOften => {
            "Too many attempts with your keys went wrong. Wait a quarter of an hour and try again; if it stays, ask your administrator to release your sign-in."
        }
        Refused::Wrong(Wrong::Unverified) => {
            "The key did not check who you are. Set a PIN on it, or use a key with a fingerprint."
        }
        Refused::Wrong(Wrong::Counter) => {
            "The key answered as if there were a copy of it. It was not let in, and your administrators can see it. Use your other key and remove this one."
        }
        Refused::Wrong(Wrong::Syncable) => {
            "This key says that it can be copied to other devices by now, which it did not say when it was enrolled. Use another key."
        }
        Refused::Wrong(_) | Refused::Unbound | Refused::TooWeak | Refused::Card(_) | Refused::Token(_) => {
            "The key's answer proves nothing here. Press the button again."
        }
    };
    alert(Weight::Error, "You are not signed in", &html! { p { (says) } })
}

/// Why a new key was not taken. `models` are what the models are called that are taken, where not every model is.
pub(super) fn of_new(why: Refused, models: &[String]) -> Markup {
    if let Refused::Wrong(Wrong::Model(stated)) = why {
        return of_model(stated, models);
    }
    let says = match why {
        Refused::TooLate => "It took longer than five minutes. Press the button again.",
        Refused::Wrong(Wrong::Syncable) => {
            "This key can be copied to other devices, as the passkeys of phones and password managers can. Here only keys are taken that cannot leave their device: a security key, or the built-in key of a computer that is not synchronised."
        }
        Refused::Wrong(Wrong::Unverified) => "The key did not check who you are. Set a PIN on it first.",
        Refused::Wrong(Wrong::Algorithm) => {
            "This key signs in a way that is not taken here, or is enrolled already."
        }
        _ => "The key's answer could not be used. Press the button again.",
    };
    alert(Weight::Error, "The key was not enrolled", &html! { p { (says) } })
}

/// What this model is, which are taken, and what to do.
fn of_model(stated: Option<Aaguid>, models: &[String]) -> Markup {
    let words = html! {
        p {
            "Your organisation takes only certain models of keys. "
            @match stated {
                Some(model) => { "This key says that its model is " code { (model) } ", which is none of them or did not prove to be one." }
                None => { "This key did not say which model it is. Most built-in keys of telephones and computers do not." }
            }
        }
        @if !models.is_empty() {
            p { "These are taken:" }
            ul { @for model in models { li { (ui::text(model)) } } }
        }
        p { "Use a key of one of these models. If you have none, ask your administrator for one, or to have this model put on the list; give them the number above." }
    };
    alert(Weight::Error, "The key was not enrolled", &words)
}

/// Why a card, or the word of another organisation, opens nothing.
pub(crate) fn of_outside(why: Refused) -> Markup {
    let says = match why {
        Refused::TooLate => "It took too long. Begin again.",
        Refused::NotAsked | Refused::Again => {
            "This was used already, or was begun in another browser or another tab. Begin again."
        }
        Refused::AnotherPerson => "This belongs to somebody else. Use your own.",
        Refused::TooOften => "Your sign-in is locked. Ask your administrator to release it.",
        Refused::TooWeak => {
            "This does not prove enough about who you are. Use a stronger means, such as your card or a key."
        }
        Refused::Card(wrong) => of_card(wrong),
        Refused::Token(wrong) => of_token(wrong),
        Refused::Unbound | Refused::UnknownKey | Refused::Wrong(_) => {
            "Nobody is known by this here. Two people of the clearinghouse have to record it first, or you use it with the link that you were given to enrol."
        }
    };
    alert(Weight::Error, "This opened nothing", &html! { p { (says) } })
}

const fn of_card(wrong: CardWrong) -> &'static str {
    match wrong {
        CardWrong::Missing => {
            "No card was shown. Put it into the reader and choose its certificate for authentication when the browser asks."
        }
        CardWrong::Unreadable | CardWrong::Untrusted => {
            "The card's certificate could not be used. Try once more; if it stays, ask whoever issued the card."
        }
        CardWrong::Expired => "The card has expired. Ask whoever issued it for a new one.",
        CardWrong::NotYet => "The card is not valid yet. Ask whoever issued it.",
        CardWrong::UnknownRoot => {
            "The card is of an authority that is not taken here. Ask your administrator which cards are."
        }
        CardWrong::Revoked => "The card was revoked by whoever issued it.",
        CardWrong::StaleList | CardWrong::Unlisted => {
            "It cannot be found out just now whether the card was revoked, so it opens nothing. Use your key, or tell the operator of this house."
        }
        CardWrong::Purpose => {
            "This certificate of the card is not for signing in. Choose the one for authentication when the browser asks."
        }
        CardWrong::Nameless => {
            "The card says who you are by a name only. A card is known here by its FASC-N or its UUID."
        }
    }
}

const fn of_token(wrong: TokenWrong) -> &'static str {
    match wrong {
        TokenWrong::Unreachable => {
            "The other organisation does not answer. Try again in a while, or use your key."
        }
        TokenWrong::Refused => "The other organisation did not let you in, or you broke off there.",
        TokenWrong::State | TokenWrong::Nonce => {
            "This was begun in another browser or another tab. Begin again."
        }
        TokenWrong::Moment | TokenWrong::TooOld => {
            "The other organisation saw you too long ago. Begin again, and sign in there anew."
        }
        TokenWrong::Lacking => {
            "The other organisation does not say of you what is demanded here. Ask your administrator."
        }
        TokenWrong::Unreadable
        | TokenWrong::Algorithm
        | TokenWrong::UnknownKey
        | TokenWrong::Signature
        | TokenWrong::Issuer
        | TokenWrong::Audience
        | TokenWrong::Nameless
        | TokenWrong::Purpose => {
            "What the other organisation says could not be believed. Tell the operator of this house."
        }
    }
}
