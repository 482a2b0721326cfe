//! Reports that arrive in the same moment are held against each other too.

use domain::Stage;
use jiff::SignedDuration;
use pipeline::worker;
use policy::access::pipeline_read;
use store::selector;
use testkit::both_engines;

use crate::{filed, furnished, run, stage, submission, tools};

both_engines! {
    fn two_reports_that_walk_at_the_same_moment_are_linked(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (one, other) = (filed(&house, submission("2001:db8:1::7")).await, filed(&house, submission("2001:db8:1::7")).await);
            let leases = house.claim("w", 2, SignedDuration::from_mins(2)).await.unwrap();
            let tools = tools();
            while stage(&house, one).await != Stage::Triaged {
                // Each reads before the other records.
                let (a, b) = tokio::join!(
                    worker::step(&house, &tools, &leases[0]),
                    worker::step(&house, &tools, &leases[1]),
                );
                assert_eq!(a.unwrap(), b.unwrap());
            }
            let links = house.read("test::links", move |view| selector::links(view, &pipeline_read(), one));
            let links = links.await.unwrap();
            assert!(!links.is_empty() && links.iter().all(|link| link.other == other), "{links:?}");
        });
    }
}
