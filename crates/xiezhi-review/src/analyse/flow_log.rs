//! Which VPCs an active flow log records, and whether it delivers. Source: VPC DescribeFlowLogs (`Status`,
//! `ResourceType`, `ProjectName`, `LogStoreName`); network semantics §12.3: coverage is an active log on the VPC.

use xiezhi_model::service::vpc::{FlowLog, Vpc};
use xiezhi_model::{Fact, Inventory, Label, Reason, State};

use super::evidence::{Listed, called, why};
use super::{Analysis, derived, in_words};

/// See the module.
pub(crate) struct FlowLogs;

impl Analysis for FlowLogs {
    fn name(&self) -> &'static str {
        "flow logs"
    }

    fn run(&self, inventory: &mut Inventory) {
        let listed = Listed::of::<FlowLog>(inventory);
        let concluded: Vec<(Fact<bool>, Fact<bool>)> = inventory
            .all::<Vpc>()
            .iter()
            .map(|vpc| {
                let logs: Vec<&FlowLog> = inventory.all::<FlowLog>().iter().filter(|log| may_record(log)).collect();
                let asked = Asked { analysis: self.name(), inventory, listed: &listed, vpc, logs };
                (asked.any(active), asked.any(delivered))
            })
            .collect();
        for (vpc, (active, delivered)) in inventory.all_mut::<Vpc>().iter_mut().zip(concluded) {
            vpc.flow_log_active = active;
            vpc.flow_log_delivered = delivered;
        }
    }
}

/// Whether a flow log can be one of a whole VPC.
fn may_record(log: &FlowLog) -> bool {
    !log.vpc.is_absent() && log.resource_type.value().is_none_or(|kind| kind == "vpc")
}

/// What a flow log says of itself: yes, no, or why nobody can tell.
fn active(log: &FlowLog) -> Result<bool, Reason> {
    log.active.value().copied().ok_or_else(|| why(&log.active).unwrap_or(Reason::NotInEvidence))
}

fn delivered(log: &FlowLog) -> Result<bool, Reason> {
    let named = |fact: &Fact<xiezhi_model::Text>| match &fact.state {
        State::Known(name) => Ok(!name.is_empty()),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let parts = [active(log), named(&log.project), named(&log.logstore)];
    if parts.contains(&Ok(false)) {
        return Ok(false);
    }
    parts.into_iter().find(Result::is_err).unwrap_or(Ok(true))
}

struct Asked<'a> {
    analysis: &'static str,
    inventory: &'a Inventory,
    listed: &'a Listed,
    vpc: &'a Vpc,
    logs: Vec<&'a FlowLog>,
}

impl Asked<'_> {
    fn any(&self, says: impl Fn(&FlowLog) -> Result<bool, Reason>) -> Fact<bool> {
        let mut doubt = self.listed.gap(&self.vpc.head).cloned();
        let mut label = self.listed.label;
        for log in &self.logs {
            label = label.weakest(log.active.origin.label);
            let records = match &log.vpc.state {
                State::Known(link) => match self.inventory.follow_as::<Vpc>(Some(&log.head), &link.target) {
                    Some(target) if target.head == self.vpc.head => Ok(true),
                    Some(_) => Ok(false),
                    // A VPC that is not in evidence is another one, unless it is named in a way that nobody can follow.
                    None if self.vpc.head.id.value().is_some() => Ok(false),
                    None => Err(Reason::unresolved(link.target.as_str())),
                },
                State::Absent => Ok(false),
                State::Unknown(reason) => Err(reason.clone()),
            };
            match (records, says(log)) {
                (Ok(true), Ok(true)) => {
                    let (log_name, vpc) = (called(&log.head), called(&self.vpc.head));
                    let proof =
                        in_words(format!("flow log {log_name} records {vpc}"), format!("流日志 {log_name} 记录 {vpc}"));
                    let label = log.active.origin.label.weakest(log.vpc.origin.label);
                    return Fact::known(true, derived(self.analysis, proof, label));
                }
                (Ok(false), _) | (_, Ok(false)) => {}
                (Err(reason), _) | (_, Err(reason)) => doubt = doubt.or(Some(reason)),
            }
        }
        let vpc = called(&self.vpc.head);
        let proof = in_words(format!("no active flow log records {vpc}"), format!("没有启用的流日志记录 {vpc}"));
        match doubt {
            Some(reason) => Fact::unknown(reason, derived(self.analysis, proof, Label::Inference)),
            None => Fact::known(false, derived(self.analysis, proof, label)),
        }
    }
}
