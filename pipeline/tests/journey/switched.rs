//! A provider is switched off while its reports are on their way: what it finished arrives, what it only opened expires.

use cybertip::response::ResponseCode;
use domain::{Stage, SwitchReason};
use jiff::SignedDuration;
use pipeline::intake::{authenticate, finish};
use pipeline::provider::{ProviderViewer, receipt};
use pipeline::worker;
use store::provider;
use store::testing::TestHouse;
use testkit::both_engines;

use crate::furnished;
use crate::{
    PASSWORD, administer, dull, filed, holders, login, nobody_waits, opened, run, stage, submission, tools,
};

/// Why the provider's credential is not let in; nothing while it is.
async fn shut(house: &TestHouse) -> Option<ResponseCode> {
    authenticate(house, "dull", PASSWORD).await.err().map(|refused| refused.code)
}

both_engines! {
    // PROVES: R-13 R-15 R-20 R-71
    fn what_a_provider_finished_is_worked_and_arrives_and_what_it_only_opened_expires(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let known = login(&house).await;
            let viewer = ProviderViewer::credential(known.provider.clone(), known.credential.clone());
            let finished = filed(&house, submission("2001:db8:1::7")).await;
            let open = opened(&house, &known, submission("2001:db8:1::8")).await;
            let before = receipt(&house, &viewer, finished).await.unwrap().to_json();

            administer(&house, |act| provider::disable(act, &dull(), SwitchReason::WrongHands).map(drop)).await;
            assert_eq!(shut(&house).await, Some(ResponseCode::NotAuthorised));
            // A wrong secret is told no more than before.
            let guessed = authenticate(&house, "dull", "another").await.unwrap_err().code;
            assert_eq!(guessed, ResponseCode::AuthenticationRequired);
            worker::drain(&house, &tools()).await.unwrap();
            nobody_waits(&house).await;
            assert!(!holders(&house, finished).await.is_empty());
            assert_eq!(receipt(&house, &viewer, finished).await.unwrap().to_json(), before);

            // By its own clock, and not a second earlier.
            house.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
            worker::sweep(&house).await.unwrap();
            assert_eq!(stage(&house, open).await, Stage::Open);
            administer(&house, |act| provider::restore(act, &dull(), SwitchReason::Mended)).await;
            assert_eq!(shut(&house).await, None);
            let late = opened(&house, &known, submission("2001:db8:1::9")).await;
            administer(&house, |act| provider::disable(act, &dull(), SwitchReason::Asked).map(drop)).await;
            house.advance(SignedDuration::from_secs(1));
            worker::sweep(&house).await.unwrap();
            assert_eq!(stage(&house, open).await, Stage::Expired);

            // Switched on in time, it goes on where it was.
            administer(&house, |act| provider::restore(act, &dull(), SwitchReason::Mistake)).await;
            finish(&house, &login(&house).await, late).await.unwrap();
            worker::drain(&house, &tools()).await.unwrap();
            assert!(!holders(&house, late).await.is_empty());
        });
    }
}
