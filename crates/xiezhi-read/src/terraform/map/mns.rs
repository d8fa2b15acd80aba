//! Simple Message Queue in Terraform. Source: terraform-provider-alicloud, `website/docs/r/message_service_endpoint.html.markdown`
//! and `message_service_endpoint_acl.html.markdown`.

use xiezhi_model::service::mns::Endpoint;
use xiezhi_model::{Link, State};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Simple Message Queue.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_message_service_endpoint", kind: Some(Endpoint::SCHEMA), read: endpoint },
    Block { name: "alicloud_message_service_endpoint_acl", kind: None, read: range },
];

/// A region has one endpoint of the one type that there is.
fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone();
    sink.put(f, region, |endpoint: &mut Endpoint| endpoint.enabled = f.bool("endpoint_enabled"));
}

/// The service starts with `0.0.0.0/0`, which a configuration can take away only by importing it: the ranges that are
/// declared are never all that may be there.
fn range(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone().map(Link::id);
    let (items, more) = match f.text("cidr").state {
        State::Known(range) => (vec![range], xiezhi_model::Reason::NotInEvidence),
        State::Absent => (vec![], xiezhi_model::Reason::NotInEvidence),
        State::Unknown(reason) => (vec![], reason),
    };
    sink.append(&region, |endpoint: &mut Endpoint| &mut endpoint.admitted, items, Some(more));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn an_endpoint_that_is_switched_off_is_read() {
        let estate = blocks(&[(
            "alicloud_message_service_endpoint.public",
            r#"{"endpoint_enabled":false,"endpoint_type":"public"}"#,
        )]);
        assert_eq!(only::<Endpoint>(&estate).enabled.value(), Some(&false));
    }
}
