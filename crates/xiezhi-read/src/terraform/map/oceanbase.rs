//! OceanBase in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ocean_base_instance.html.markdown`.

use xiezhi_model::service::oceanbase::Cluster;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of OceanBase.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_ocean_base_instance", kind: Some(Cluster::SCHEMA), read: cluster }];

/// The resource has no argument for TLS, backups or tenants: those are known from answers only.
fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("instance_name");
        cluster.ssl = f.unknown(xiezhi_model::Reason::NotInEvidence);
        cluster.backups = f.unknown(xiezhi_model::Reason::NotInEvidence);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_cluster_is_there_and_a_configuration_cannot_say_how_it_is_protected() {
        let estate = blocks(&[("alicloud_ocean_base_instance.ob", r#"{"instance_name":"orders","series":"normal"}"#)]);
        let cluster = only::<Cluster>(&estate);
        assert_eq!(cluster.head.name.value().unwrap(), "orders");
        assert_eq!(cluster.ssl.reason(), Some(&xiezhi_model::Reason::NotInEvidence));
    }
}
