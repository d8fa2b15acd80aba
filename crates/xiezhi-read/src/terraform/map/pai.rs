//! Platform for AI in Terraform. Source: terraform-provider-alicloud, `website/docs/r/pai_service.html.markdown`.

use xiezhi_model::service::pai::Service;

use crate::api::fc::inside;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Platform for AI.
pub const BLOCKS: &[Block] = &[Block { name: "alicloud_pai_service", kind: Some(Service::SCHEMA), read: service }];

/// How many copies run stands in the configuration of the service (JSON); where they run, EAS decides. Source: PAI, "Parameters
/// of model services" `metadata.instance`.
fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let config = f.text("service_config");
    sink.put(f, f.text("id"), |service: &mut Service| {
        service.head.name = inside(&config, |config| config.text("name"));
        service.replicas = inside(&config, |config| config.int("metadata.instance"));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn the_copies_of_a_service_are_counted_in_its_configuration() {
        let estate = blocks(&[(
            "alicloud_pai_service.s",
            r#"{"service_config":"{\"name\":\"score\",\"metadata\":{\"instance\":1,\"cpu\":1}}"}"#,
        )]);
        let service = only::<Service>(&estate);
        assert_eq!(service.replicas.value(), Some(&1));
        assert!(service.zones.reason().is_some(), "EAS chooses the zones");
    }
}
