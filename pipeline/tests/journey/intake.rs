//! The provider's door: who may, what is answered, and what stays behind.

use cybertip::response::ResponseCode;
use domain::ReportId;
use jiff::SignedDuration;
use pipeline::intake::{self, Login, PartHeaders, Refused};
use pipeline::worker;
use testkit::both_engines;

use crate::{PASSWORD, filed, furnished, login, opened, run, stage, submission};

async fn code<T: std::fmt::Debug>(answer: impl Future<Output = Result<T, Refused>>) -> ResponseCode {
    answer.await.unwrap_err().code
}

/// The codes of upload, finish and retract for one report.
async fn codes(house: &store::House, login: &Login, number: ReportId) -> [ResponseCode; 3] {
    let upload = async { intake::begin_upload(house, login, Some(number)).await.map(|_| ()) };
    [
        code(upload).await,
        code(intake::finish(house, login, number)).await,
        code(intake::retract(house, login, number)).await,
    ]
}

both_engines! {
    fn an_unknown_name_and_a_wrong_secret_are_the_same_answer(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            for (name, secret) in [("dull", "wrong"), ("nobody", PASSWORD), ("", ""), ("dull", "")] {
                let refused = intake::authenticate(&house, name, secret).await.unwrap_err();
                assert_eq!(refused, Refused::of(ResponseCode::AuthenticationRequired), "{name}");
            }
            assert_eq!(login(&house).await.username, "dull");
        });
    }

    fn a_read_only_login_neither_submits_nor_changes(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let reader = intake::authenticate(&house, "dull-reader", PASSWORD).await.unwrap();
            let number = opened(&house, &login(&house).await, submission("2001:db8:1::7")).await;
            assert_eq!(codes(&house, &reader, number).await, [ResponseCode::MayNotUpdate; 3]);
        });
    }

    fn each_state_answers_its_own_code(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let login = login(&house).await;
            let finished = filed(&house, submission("2001:db8:1::7")).await;
            assert_eq!(codes(&house, &login, finished).await, [ResponseCode::AlreadyFinished; 3]);
            let retracted = opened(&house, &login, submission("2001:db8:1::7")).await;
            intake::retract(&house, &login, retracted).await.unwrap();
            assert_eq!(codes(&house, &login, retracted).await, [ResponseCode::AlreadyRetracted; 3]);
            let unknown = ReportId::try_from(77).unwrap();
            assert_eq!(codes(&house, &login, unknown).await, [ResponseCode::NoSuchReport; 3]);
        });
    }

    // PROVES: R-13
    fn an_unfinished_report_expires_at_its_time_and_not_before(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let login = login(&house).await;
            let number = opened(&house, &login, submission("2001:db8:1::7")).await;
            house.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
            assert_eq!(worker::sweep(&house).await.unwrap(), 0);
            house.advance(SignedDuration::from_secs(2));
            assert_eq!(worker::sweep(&house).await.unwrap(), 1);
            assert_eq!(stage(&house, number).await, domain::Stage::Expired);
            assert_eq!(codes(&house, &login, number).await, [ResponseCode::NoSuchReport; 3]);
        });
    }

    fn an_upload_that_is_dropped_leaves_its_report_as_it_was(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let login = login(&house).await;
            let number = opened(&house, &login, submission("2001:db8:1::7")).await;
            let mut upload = intake::begin_upload(&house, &login, Some(number)).await.unwrap();
            upload.push(vec![7; 4_096].into()).await.unwrap();
            drop(upload);
            assert_eq!(intake::finish(&house, &login, number).await.unwrap(), []);
        });
    }

    fn a_file_whose_report_was_closed_meanwhile_is_refused(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let login = login(&house).await;
            let number = opened(&house, &login, submission("2001:db8:1::7")).await;
            let mut upload = intake::begin_upload(&house, &login, None).await.unwrap();
            upload.push(b"a dull test card".as_slice().into()).await.unwrap();
            intake::finish(&house, &login, number).await.unwrap();
            let refused = upload.finish(&login, number, PartHeaders::default()).await.unwrap_err();
            assert_eq!((refused.code, refused.report), (ResponseCode::AlreadyFinished, Some(number)));
        });
    }
}
