//! ActionTrail in Terraform. Source: terraform-provider-alicloud, `website/docs/r/actiontrail_trail.html.markdown`.

use xiezhi_model::service::actiontrail::Trail;

use crate::api::actiontrail::{all_regions, events, named_role, project};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of ActionTrail.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_actiontrail_trail", kind: Some(Trail::SCHEMA), read: trail },
    Block { name: "alicloud_actiontrail", kind: Some(Trail::SCHEMA), read: trail },
];

const PAGE: &str = "terraform-provider-alicloud r/actiontrail_trail";

fn trail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(if f.has("trail_name") { "trail_name" } else { "name" });
    sink.put(f, name.clone(), |trail: &mut Trail| {
        trail.head.name = name;
        trail.enabled = f.flag_or("status", &["Enable"], &["Disable", "Fresh"], true, PAGE);
        // Both are computed by the service, and the documented defaults changed between provider versions: omitted,
        // they are not known before the trail exists.
        trail.all_regions = all_regions(f.text("trail_region"));
        trail.regions = f.text("trail_region");
        trail.events = events(f.text("event_rw"));
        trail.organization = f.bool_or("is_organization_trail", false, PAGE);
        trail.bucket = f.link("oss_bucket_name");
        trail.bucket_prefix = f.opt_text("oss_key_prefix");
        trail.project = project(f.opt_text("sls_project_arn"));
        // The older block names one role, and not by ARN.
        let bucket_role = if f.has("role_name") { "role_name" } else { "oss_write_role_arn" };
        trail.bucket_role = named_role(f.link(bucket_role));
        trail.project_role = named_role(f.link("sls_write_role_arn"));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn an_omitted_region_or_event_type_is_unknown_and_the_bucket_may_be_a_reference() {
        let inventory = blocks(&[(
            "alicloud_actiontrail_trail.t",
            r#"{"trail_name":"t","oss_bucket_name":{"$ref":"alicloud_oss_bucket.b.id"}}"#,
        )]);
        let trail: &Trail = only(&inventory);
        assert_eq!(trail.enabled.value(), Some(&true));
        assert!(trail.all_regions.reason().is_some() && trail.events.reason().is_some());
        assert_eq!(trail.bucket.value().map(|link| link.target.as_str()), Some("main#alicloud_oss_bucket.b"));
        assert!(trail.project.is_absent());
    }
}
