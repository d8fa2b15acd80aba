//! Resource Orchestration Service: stacks.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A stack.
    Stack = "ros.stack", Regional {
        /// Where events of the stack are sent. Source: ROS GetStack `NotificationURLs`.
        notification_urls: List<Text>,
        /// Whether a template says what it is made of.
        template: bool,
        /// The policy that says which resources an update may touch; absent when there is none. Source: ROS GetStackPolicy `StackPolicyBody`.
        policy: Text,
        /// The policy that holds instead of it during one update; absent when there is none. Source: ROS UpdateStack `StackPolicyDuringUpdateBody`.
        policy_during_update: Text,
    }
}

resource! {
    /// A stack of a stack group, in one account and region.
    StackInstance = "ros.stack-instance", Regional {
        /// Whether the stack outlives its removal from the group. Source: ROS DeleteStackInstances `RetainStacks`.
        retained: bool,
    }
}

resource! {
    /// A parameter of a template.
    Parameter = "ros.parameter", Regional {
        /// Whether its value is shown as stars. Source: ROS, "Parameters", `NoEcho`.
        no_echo: bool,
        /// What the console asks for; `ALIYUN::ECS::Instance::Password` and its like are not shown. Source: ROS, "Parameters", `AssociationProperty`.
        association: Text,
    }
}
