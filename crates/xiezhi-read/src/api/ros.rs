//! Resource Orchestration Service (`ros`) answers.

use xiezhi_model::service::ros::Stack;
use xiezhi_model::{Link, List};

use super::Call;
use crate::fields::{Fields, documented};
use crate::sink::Sink;

/// The calls of ROS.
pub const CALLS: &[Call] = &[
    Call::listing("ros", "ListStacks", "Stacks", Stack::SCHEMA, stack),
    Call::answer("ros", "GetStack", detail),
    Call::answer("ros", "GetStackPolicy", policy),
];

fn stack(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("StackId"), |stack: &mut Stack| {
        stack.head.name = f.text("StackName");
        stack.template = documented("ROS CreateStack: a stack is made from a template").known(true);
    });
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("StackId"), |stack: &mut Stack| {
        stack.head.name = f.text("StackName");
        stack.notification_urls = match f.opt_texts("NotificationURLs") {
            none if none.is_absent() => f.known(List::complete(vec![])),
            urls => urls,
        };
    });
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("StackId").map(Link::id);
    sink.on(&target, |stack: &mut Stack| stack.policy = f.opt_text("StackPolicyBody"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_stack_without_notices_and_policy_says_so() {
        let estate = answers(&[
            (
                "ros:ListStacks",
                "",
                r#"{"TotalCount":1,"Stacks":[{"StackId":"s-1","StackName":"net","RegionId":"cn-hangzhou"}]}"#,
            ),
            ("ros:GetStack", "StackId=s-1", r#"{"StackId":"s-1","StackName":"net","NotificationURLs":[]}"#),
            ("ros:GetStackPolicy", "StackId=s-1", r#"{"RequestId":"r"}"#),
        ]);
        let stack = only::<Stack>(&estate);
        assert_eq!(stack.notification_urls.value().unwrap().items.len(), 0);
        assert!(stack.policy.is_absent(), "{:?}", stack.policy);
        assert_eq!(stack.template.value(), Some(&true));
    }
}
