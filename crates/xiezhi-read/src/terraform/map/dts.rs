//! DTS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/dts_*_job.html.markdown`.

use xiezhi_model::service::dts::Job;

use crate::api::dts::ssl;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of DTS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_dts_synchronization_job", kind: Some(Job::SCHEMA), read: sync },
    Block { name: "alicloud_dts_migration_job", kind: Some(Job::SCHEMA), read: migration },
    Block { name: "alicloud_dts_subscription_job", kind: Some(Job::SCHEMA), read: subscription },
];

fn common(f: &Fields<'_>, job: &mut Job, kind: &'static str) {
    job.head.name = f.text("dts_job_name");
    job.job_type = f.known(kind.into());
    job.source_ssl = ssl(f.text("source_endpoint_ssl"));
    job.source_region = f.text("source_endpoint_region");
}

fn two_ends(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &'static str) {
    sink.put(f, f.text("id"), |job: &mut Job| {
        common(f, job, kind);
        job.destination_ssl = ssl(f.text("destination_endpoint_ssl"));
        job.destination_region = f.text("destination_endpoint_region");
    });
}

fn sync(f: &Fields<'_>, sink: &mut Sink<'_>) {
    two_ends(f, sink, "sync");
}

fn migration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    two_ends(f, sink, "migration");
}

fn subscription(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |job: &mut Job| {
        common(f, job, "subscribe");
        job.destination_ssl = f.absent();
        job.destination_region = f.absent();
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
