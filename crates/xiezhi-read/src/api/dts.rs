//! DTS answers.

use xiezhi_model::service::dts::Job;
use xiezhi_model::{Fact, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of DTS.
pub const CALLS: &[Call] = &[
    // Without `JobType` the answer holds migration tasks only: no single answer lists every task. Source: DTS DescribeDtsJobs.
    Call::each("dts", "DescribeDtsJobs", "DtsJobList", job),
    Call::answer("dts", "DescribeDtsJobDetail", job),
];

/// Whether an endpoint speaks TLS: `DISABLE`, or one of the `ENABLE_…` words. Source: DTS DescribeDtsJobs `SslSolutionEnum`.
pub(crate) fn ssl(stated: Fact<Text>) -> Fact<bool> {
    stated.try_map(|word| match word.to_ascii_uppercase() {
        word if word == "DISABLE" || word == "DISABLED" => Ok(false),
        word if word.starts_with("ENABLE") => Ok(true),
        word => Err(Reason::not_understood(format!("the TLS setting `{word}`"))),
    })
}

fn job(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tracks = f.plain("JobType").is_some_and(|kind| kind.eq_ignore_ascii_case("SUBSCRIBE"));
    sink.put(f, f.text("DtsJobId"), |job: &mut Job| {
        job.head.name = f.text("DtsJobName");
        job.job_type = f.word("JobType");
        job.source_ssl = ssl(f.text("SourceEndpoint.SslSolutionEnum"));
        job.source_region = f.text("SourceEndpoint.Region");
        job.destination_ssl = if tracks { f.absent() } else { ssl(f.text("DestinationEndpoint.SslSolutionEnum")) };
        job.destination_region = if tracks { f.absent() } else { f.text("DestinationEndpoint.Region") };
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
