//! CloudMonitor (`cms`) answers.

use xiezhi_model::Link;
use xiezhi_model::service::ecs::Instance;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of CloudMonitor.
pub const CALLS: &[Call] = &[Call::each("cms", "DescribeMonitoringAgentStatuses", "NodeStatusList.NodeStatus", agent)];

/// The words of an agent that does not report. Source: CloudMonitor DescribeMonitoringAgentStatuses `Status`.
const SILENT: &[&str] = &["stopped", "installing", "install_faild", "install_failed", "abnormal", "not_installed"];

fn agent(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let instance = f.text("InstanceId").map(Link::id);
    sink.on(&instance, |instance: &mut Instance| {
        instance.monitor_agent = f.flag("Status", &["running"], SILENT);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn an_agent_that_does_not_run_reports_nothing() {
        let runs = |status: &str| {
            let answer =
                format!(r#"{{"NodeStatusList":{{"NodeStatus":[{{"InstanceId":"i-1","Status":"{status}"}}]}}}}"#);
            let estate = answers(&[("cms:DescribeMonitoringAgentStatuses", "", &answer)]);
            only::<Instance>(&estate).monitor_agent.value().copied()
        };
        assert_eq!(runs("running"), Some(true));
        assert_eq!(runs("not_installed"), Some(false));
        assert_eq!(runs("resting"), None, "a word that nobody documents");
    }
}
