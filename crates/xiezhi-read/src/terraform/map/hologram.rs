//! Hologres in Terraform. Source: terraform-provider-alicloud, `website/docs/r/hologram_instance.html.markdown`.

use xiezhi_model::service::hologram::Instance;

use crate::api::hologram::endpoints;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Hologres.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_hologram_instance", kind: Some(Instance::SCHEMA), read: instance }];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.endpoints = endpoints(f, "endpoints", "type");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
