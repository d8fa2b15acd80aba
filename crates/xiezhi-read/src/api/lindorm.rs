//! Lindorm and TSDB (`hitsdb`) answers.

use xiezhi_model::service::lindorm::{Instance, TimeSeries};
use xiezhi_model::{Batch, Link, Reason};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{link_if_said, network_of, ports_of, target, together};
use crate::white_list;

/// The calls of Lindorm and TSDB.
pub const CALLS: &[Call] = &[
    Call::listing("hitsdb", "GetLindormInstanceList", "InstanceList", Instance::SCHEMA, instance),
    Call::answer("hitsdb", "GetLindormInstance", instance),
    Call::answer("hitsdb", "GetLindormInstanceEngineList", engines),
    Call::answer("hitsdb", "GetInstanceIpWhiteList", white_lists),
    Call::listing("hitsdb", "DescribeHiTSDBInstanceList", "InstanceList", TimeSeries::SCHEMA, time_series),
    Call::answer("hitsdb", "DescribeHiTSDBInstance", time_series_detail),
];

/// What the white lists say, once they have been read to their end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| instance.white_list_open = white_list::open(&instance.white_list));
    batch.for_each(|instance: &mut TimeSeries| instance.white_list_open = white_list::open(&instance.white_list));
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceAlias");
        if f.has("RegionId") {
            instance.head.region = f.text("RegionId");
        }
        instance.vpc = link_if_said(f, "VpcId");
        instance.network = network_of(f, &instance.vpc, "VpcId");
        // Lindorm encrypts at rest by nothing else. Source: Lindorm, "Enable transparent data encryption".
        instance.tde = f.bool("EnableStoreTDE");
        // Only the detail answer states the combination; it is empty for an instance of one zone.
        if f.has("MultiZoneCombination") {
            instance.multi_zone = f.known(!f.opt_text("MultiZoneCombination").is_absent());
        }
    });
}

fn time_series(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut TimeSeries| instance.head.name = f.text("InstanceAlias"));
}

/// The detail names the public address while there is one.
fn time_series_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut TimeSeries| {
        instance.head.name = f.text("InstanceAlias");
        instance.public_endpoint = match f.has("PublicConnectionString") {
            true => f.known(!f.opt_text("PublicConnectionString").is_absent()),
            false => f.unknown(Reason::NotInEvidence),
        };
    });
}

/// `NetType` 0 is the internet, 2 the VPC. Source: Lindorm GetLindormInstanceEngineList.
fn engines(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let mut public = false;
    let mut doubt = (!f.has("EngineList")).then_some(Reason::NotInEvidence);
    let (mut open, mut inside) = (Vec::new(), Vec::new());
    for engine in f.each("EngineList") {
        open.push(ports_of(&engine, "NetInfoList", ("NetType", "0"), true, "Port"));
        inside.push(ports_of(&engine, "NetInfoList", ("NetType", "0"), false, "Port"));
        for address in engine.each("NetInfoList") {
            match address.plain("NetType") {
                Some("0") => public = true,
                Some("2") => {}
                _ => doubt = Some(Reason::not_understood("the network type of a Lindorm address")),
            }
        }
    }
    let public = match (public, doubt) {
        (true, _) => f.known(true),
        (false, Some(reason)) => f.unknown(reason),
        (false, None) => f.known(false),
    };
    let instance = target(f, sink, "InstanceId");
    let (public_ports, private_ports) = (together(f, open), together(f, inside));
    sink.on(&instance, |instance: &mut Instance| {
        instance.public_endpoint = public;
        instance.public_ports = public_ports;
        instance.private_ports = private_ports;
    });
}

/// Both products answer this call; TSDB instances are called `ts-…`.
fn white_lists(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.texts("IpList");
    let instance = target::<Instance>(f, sink, "InstanceId");
    let time_series = instance.value().map(|link| link.target.starts_with("ts-"));
    if time_series != Some(false) {
        let series = instance.clone().map(|link| Link::id(link.target));
        sink.on(&series, |series: &mut TimeSeries| series.white_list = list.clone());
    }
    if time_series != Some(true) {
        sink.on(&instance, |instance: &mut Instance| instance.white_list = list);
    }
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
