//! What a finish takes along of an ordinary report: the same words as a later look, for its sender only.

use domain::{Relevance, TriState};
use policy::access;
use store::{Refusal, report};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, reads, reads_own, statement};
use crate::{refusal, run};

both_engines! {
    fn a_finish_takes_along_the_standing_words_of_the_report_and_its_files(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"dull bytes").await;
            for viewed in [TriState::No, TriState::Yes] {
                desk.describe(domain::FileStatement { viewed, ..statement(report, &file) }).await.unwrap();
            }
            let (finished, readings) = desk
                .act(move |act| report::finish_and_read(act, &provider_id(PROVIDERS[0]), report))
                .await
                .unwrap();
            let readings = readings.unwrap();
            let (submission, statements) = readings.open(&reads_own(PROVIDERS[0])).unwrap();
            let own = access::pipeline_read();
            let later = desk.read(move |view| report::submission(view, &own, report)).await.unwrap();
            assert_eq!((submission, finished.files.len()), (later, 1));
            let said: Vec<_> = statements.iter().map(|one| (&one.file, one.viewed, one.relevance)).collect();
            assert_eq!(said, [(&file, TriState::Yes, Relevance::Reported)]);
            assert_eq!(refusal(readings.open(&reads_own(PROVIDERS[1]))), Some(Refusal::NotFound));
            assert_eq!(refusal(readings.open(&reads("icac-us-mn"))), Some(Refusal::NotFound));
        });
    }

    fn a_report_with_many_files_is_finished_all_the_same_and_nothing_of_it_taken_along(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            for at in 0..17_u8 {
                desk.attached(report, &[at]).await;
            }
            let (finished, readings) = desk
                .act(move |act| report::finish_and_read(act, &provider_id(PROVIDERS[0]), report))
                .await
                .unwrap();
            assert_eq!((finished.files.len(), readings.is_none()), (17, true));
        });
    }
}
