//! Lindorm and TSDB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/lindorm_*.html.markdown`,
//! `tsdb_instance.html.markdown`.

use xiezhi_model::service::lindorm::{Instance, TimeSeries};
use xiezhi_model::{Fact, Link, State};

use crate::api::lindorm::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{first_of, said};
use crate::terraform::Block;

/// The resource types of Lindorm and TSDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_lindorm_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_lindorm_instance_v2", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_lindorm_public_network", kind: None, read: public_network },
    Block { name: "alicloud_tsdb_instance", kind: Some(TimeSeries::SCHEMA), read: time_series },
];

const INSTANCE: &str = "terraform-provider-alicloud r/lindorm_instance";
const PUBLIC: &str = "terraform-provider-alicloud r/lindorm_public_network";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text(first_of(f, &["instance_name", "instance_alias"]));
        instance.vpc = said(f.link("vpc_id"));
        let vswitch: Fact<Link<xiezhi_model::service::vpc::VSwitch>> = f.link("vswitch_id");
        // The vSwitch is required: an instance is always made in a VPC.
        instance.network = match &vswitch.state {
            State::Unknown(reason) if instance.vpc.value().is_none() => f.unknown(reason.clone()),
            State::Absent if instance.vpc.value().is_none() => f.unknown(xiezhi_model::Reason::NotInEvidence),
            _ => f.known("vpc".into()),
        };
        instance.public_endpoint = documented(PUBLIC).known(false);
        instance.white_list = f.texts("ip_white_list");
        let zones = [f.opt_text("multi_zone_combination"), f.opt_text("standby_zone_id")];
        let unresolved = zones.iter().find_map(|zone| zone.reason().cloned());
        instance.multi_zone = match unresolved {
            _ if zones.iter().any(|zone| zone.value().is_some()) => f.known(true),
            Some(reason) => f.unknown(reason),
            None => documented(INSTANCE).known(false),
        };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn public_network(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.public_endpoint = f.bool("enable_public_network");
    });
}

fn time_series(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut TimeSeries| instance.head.name = f.text("instance_alias"));
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
