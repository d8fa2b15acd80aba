//! Which VPCs active flow logs record, and whether they deliver. Source: VPC DescribeFlowLogs (`Status`, `ResourceType`,
//! `TrafficType`, `ProjectName`, `LogStoreName`); network semantics §12.3: coverage is an active log of everything, or of
//! what was dropped, on the VPC, or one on each of its vSwitches.

use xiezhi_model::service::vpc::{FlowLog, VSwitch, Vpc};
use xiezhi_model::{Fact, Head, Inventory, Label, Link, Reason, Resource, State};

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
                let asked = Asked { analysis: self.name(), inventory, listed: &listed, vpc };
                (asked.any(active), asked.any(delivered))
            })
            .collect();
        for (vpc, (active, delivered)) in inventory.all_mut::<Vpc>().iter_mut().zip(concluded) {
            vpc.flow_log_active = active;
            vpc.flow_log_delivered = delivered;
        }
    }
}

/// What a flow log says of itself: yes, no, or why nobody can tell.
fn active(log: &FlowLog) -> Result<bool, Reason> {
    let on = log.active.value().copied().ok_or_else(|| why(&log.active).unwrap_or(Reason::NotInEvidence));
    // A log of what was allowed shows no refused attempt.
    let all = match (&log.traffic.state, log.traffic.value().map(xiezhi_model::Text::as_str)) {
        (_, Some("all" | "drop")) => Ok(true),
        (_, Some("allow")) => Ok(false),
        (_, Some(other)) => Err(Reason::not_understood(format!("the traffic type `{other}`"))),
        (State::Unknown(reason), None) => Err(reason.clone()),
        (_, None) => Err(Reason::NotInEvidence),
    };
    match (on, all) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Ok(true), Ok(true)) => Ok(true),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    }
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
}

/// Whether a link leads to a resource; why nobody can tell otherwise.
fn leads<R: Resource>(inventory: &Inventory, from: &Head, link: &Fact<Link<R>>, to: &Head) -> Result<bool, Reason> {
    match &link.state {
        State::Known(link) => match inventory.follow_as::<R>(Some(from), &link.target) {
            Some(found) => Ok(found.head() == to),
            // What is not in evidence is another one, unless it is named in a way that nobody can follow.
            None if to.id.value().is_some() => Ok(false),
            None => Err(Reason::unresolved(link.target.as_str())),
        },
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// A log that records something, or why there may be one.
enum Found<'a> {
    Yes(&'a FlowLog),
    No,
    Open(Reason),
}

impl<'a> Asked<'a> {
    /// The log of which something is true and that records what `records` says.
    fn log(
        &self,
        says: impl Fn(&FlowLog) -> Result<bool, Reason>,
        records: impl Fn(&FlowLog) -> Result<bool, Reason>,
    ) -> Found<'a> {
        let mut found = Found::No;
        for log in self.inventory.all::<FlowLog>() {
            match (records(log), says(log)) {
                (Ok(true), Ok(true)) => return Found::Yes(log),
                (Ok(false), _) | (_, Ok(false)) => {}
                (Err(reason), _) | (_, Err(reason)) => found = Found::Open(reason),
            }
        }
        found
    }

    fn any(&self, says: impl Fn(&FlowLog) -> Result<bool, Reason>) -> Fact<bool> {
        let inventory = self.inventory;
        let mut doubt = self.listed.gap(&self.vpc.head).cloned();
        let labels = inventory.all::<FlowLog>().iter().map(|log| log.active.origin.label);
        let label = labels.fold(self.listed.label, Label::weakest);
        let vpc = called(&self.vpc.head);
        let of_vpc = |log: &FlowLog| {
            let whole = log.resource_type.value().is_none_or(|kind| kind == "vpc");
            if whole { leads(inventory, &log.head, &log.vpc, &self.vpc.head) } else { Ok(false) }
        };
        match self.log(&says, of_vpc) {
            Found::Yes(log) => {
                let log_name = called(&log.head);
                let proof =
                    in_words(format!("flow log {log_name} records {vpc}"), format!("流日志 {log_name} 记录 {vpc}"));
                let label = log.active.origin.label.weakest(log.vpc.origin.label);
                return Fact::known(true, derived(self.analysis, proof, label));
            }
            Found::Open(reason) => doubt = doubt.or(Some(reason)),
            Found::No => {}
        }
        match self.every_vswitch(&says) {
            Ok(true) => {
                let proof = in_words(
                    format!("a flow log records each vSwitch of {vpc}"),
                    format!("{vpc} 的每个交换机均有流日志记录"),
                );
                return Fact::known(true, derived(self.analysis, proof, label));
            }
            Ok(false) => {}
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
        let proof = in_words(format!("no active flow log records {vpc}"), format!("没有启用的流日志记录 {vpc}"));
        match doubt {
            Some(reason) => Fact::unknown(reason, derived(self.analysis, proof, Label::Inference)),
            None => Fact::known(false, derived(self.analysis, proof, label)),
        }
    }

    /// Whether each vSwitch of the VPC has a log of its own. One without decides.
    fn every_vswitch(&self, says: impl Fn(&FlowLog) -> Result<bool, Reason>) -> Result<bool, Reason> {
        let inventory = self.inventory;
        let (mut any, mut doubt) = (false, Listed::of::<VSwitch>(inventory).gap(&self.vpc.head).cloned());
        for vswitch in inventory.all::<VSwitch>() {
            match leads(inventory, &vswitch.head, &vswitch.vpc, &self.vpc.head) {
                Ok(true) => any = true,
                Ok(false) => continue,
                Err(reason) => {
                    doubt = doubt.or(Some(reason));
                    continue;
                }
            }
            let of_it = |log: &FlowLog| leads(inventory, &log.head, &log.vswitch, &vswitch.head);
            match self.log(&says, of_it) {
                Found::Yes(_) => {}
                Found::No => return Ok(false),
                Found::Open(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        // Without vSwitches in evidence a log of one may be the log of each.
        let smaller = inventory.all::<FlowLog>().iter().any(|log| !log.vswitch.is_absent());
        match doubt {
            Some(reason) if any || smaller => Err(reason),
            _ => Ok(any),
        }
    }
}
