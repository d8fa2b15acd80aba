use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_tracking_task_has_no_destination() {
    let estate = blocks(&[("alicloud_dts_subscription_job.j", r#"{"source_endpoint_region":"cn-hangzhou"}"#)]);
    let job = only::<Job>(&estate);
    assert!(job.destination_ssl.is_absent() && job.source_ssl.reason().is_some());
    assert_eq!(text(&job.source_region), "cn-hangzhou");
}
