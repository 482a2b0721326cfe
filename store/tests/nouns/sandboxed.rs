//! What only a sandbox does to reports: end one before its time, and begin its numbers beyond another's.

use domain::{ReportId, Stage};
use store::{Refusal, number, report};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id};
use crate::{refusal, run};

async fn expire(desk: &Desk, provider: &str, report: ReportId) -> store::Result<()> {
    let provider = provider_id(provider);
    desk.act(move |act| report::expire(act, &provider, report)).await
}

both_engines! {
    fn one_report_expires_before_its_time_and_no_other(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [early, other] = [desk.opened().await, desk.opened().await];
            desk.attached(early, b"to be forgotten").await;
            assert_eq!(refusal(expire(&desk, PROVIDERS[1], early).await), Some(Refusal::NotFound));
            expire(&desk, PROVIDERS[0], early).await.unwrap();
            assert_eq!(desk.stage(early).await, Stage::Expired);
            assert_eq!(refusal(desk.finish(early).await), Some(Refusal::Expired));
            assert_eq!(refusal(expire(&desk, PROVIDERS[0], early).await), Some(Refusal::Expired));
            desk.finish(other).await.unwrap();
            assert_eq!(refusal(expire(&desk, PROVIDERS[0], other).await), Some(Refusal::AlreadyFinished));
        });
    }

    fn numbers_begin_where_they_must_and_never_go_back(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let at = |number: u64| ReportId::try_from(number).unwrap();
            desk.act(move |act| number::begin_at(act, at(20_000_001))).await.unwrap();
            desk.act(move |act| number::begin_at(act, at(5))).await.unwrap();
            assert_eq!(number::next(&desk.house).await.unwrap(), at(20_000_001));
            assert_eq!(number::next(&desk.house).await.unwrap(), at(20_000_002));
        });
    }
}
