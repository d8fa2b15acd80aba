use super::*;
use crate::testing::{answers, only, text};

#[test]
fn both_ends_of_a_task_are_told() {
    let estate = answers(&[(
        "dts:DescribeDtsJobs",
        "",
        r#"{"DtsJobList":[{"DtsJobId":"j","JobType":"SYNC","SourceEndpoint":{"Region":"cn-hangzhou","SslSolutionEnum":"DISABLE"},
            "DestinationEndpoint":{"Region":"ap-southeast-1","SslSolutionEnum":"ENABLE_WITH_CERTIFICATE"}}]}"#,
    )]);
    let job = only::<Job>(&estate);
    assert_eq!((job.source_ssl.value(), job.destination_ssl.value()), (Some(&false), Some(&true)));
    assert_eq!((text(&job.job_type), text(&job.destination_region)), ("sync", "ap-southeast-1"));
}
