//! Resource Orchestration Service in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ros_*.html.markdown`.

use xiezhi_model::service::ros::{Stack, StackInstance};
use xiezhi_model::{Fact, List, State, Text};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of ROS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ros_stack", kind: Some(Stack::SCHEMA), read: stack },
    Block { name: "alicloud_ros_stack_instance", kind: Some(StackInstance::SCHEMA), read: instance },
];

const INSTANCE: &str = "terraform-provider-alicloud r/ros_stack_instance";

/// A text that stands in the configuration itself or at an address.
fn body_or_url(f: &Fields<'_>, body: &str, url: &str) -> Fact<Text> {
    let here = f.opt_text(body);
    if here.is_absent() { f.opt_text(url) } else { here }
}

fn stack(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |stack: &mut Stack| {
        stack.head.name = f.text("stack_name");
        stack.notification_urls = match f.opt_texts("notification_urls") {
            none if none.is_absent() => f.known(List::complete(vec![])),
            urls => urls,
        };
        let template = body_or_url(f, "template_body", "template_url");
        stack.template = match &template.state {
            State::Known(_) => Fact::known(true, template.origin),
            State::Absent => Fact::known(false, template.origin),
            State::Unknown(reason) => Fact::unknown(reason.clone(), template.origin),
        };
        stack.policy = body_or_url(f, "stack_policy_body", "stack_policy_url");
        stack.policy_during_update =
            body_or_url(f, "stack_policy_during_update_body", "stack_policy_during_update_url");
    });
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, documented(INSTANCE).absent(), |instance: &mut StackInstance| {
        instance.head.name = f.text("stack_group_name");
        instance.retained = f.bool_or("retain_stacks", false, INSTANCE);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_stack_tells_its_notices_and_policies() {
        let estate = blocks(&[
            ("alicloud_ros_stack.s", r#"{"stack_name":"s","template_url":"oss://b/t","stack_policy_body":"{}"}"#),
            ("alicloud_ros_stack_instance.i", r#"{"stack_group_name":"g"}"#),
        ]);
        let stack = only::<Stack>(&estate);
        assert_eq!(stack.notification_urls.value().unwrap().items.len(), 0);
        assert_eq!(stack.template.value(), Some(&true));
        assert_eq!(stack.policy.value().unwrap(), "{}");
        assert!(stack.policy_during_update.is_absent());
        assert_eq!(only::<StackInstance>(&estate).retained.value(), Some(&false));
    }
}
