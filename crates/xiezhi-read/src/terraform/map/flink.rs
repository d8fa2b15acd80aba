//! Realtime Compute in Terraform. Source: terraform-provider-alicloud, `website/docs/r/realtime_compute_vvp_instance.html.markdown`.

use xiezhi_model::List;
use xiezhi_model::service::flink::Workspace;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Realtime Compute.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_realtime_compute_vvp_instance", kind: Some(Workspace::SCHEMA), read: workspace }];

/// The resource has one zone and no argument for another: it makes workspaces of one zone.
fn workspace(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |workspace: &mut Workspace| {
        workspace.head.name = f.text("vvp_instance_name");
        workspace.zones = f.text("zone_id").map(|zone| List::complete(vec![zone]));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_workspace_lies_in_the_zone_that_it_names() {
        let estate = blocks(&[("alicloud_realtime_compute_vvp_instance.w", r#"{"zone_id":"cn-hangzhou-h"}"#)]);
        let zones = only::<Workspace>(&estate).zones.value().unwrap();
        assert_eq!((zones.items.len(), zones.more.is_some()), (1, false));
    }
}
