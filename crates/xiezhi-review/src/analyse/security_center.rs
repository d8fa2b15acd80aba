//! What Security Center knows of each server of ECS and ENS and of each container group: whether it sees it, its agent,
//! its failed baseline items and vulnerabilities.
//! Source: Sas DescribeCloudCenterInstances, one entry for each server.

use rustc_hash::FxHashMap;
use xiezhi_model::service::sas::Asset;
use xiezhi_model::service::{eci, ecs, ens};
use xiezhi_model::{Fact, Head, Inventory, Origin, Reason, Resource, State};

use super::evidence::Listed;
use super::{Analysis, Proof, derived, in_words};

/// See the module.
pub(super) struct SecurityCenter;

const NAME: &str = "security-center";

impl Analysis for SecurityCenter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let seen = Seen::of(inventory);
        let servers = seen.of_each::<ecs::Instance>(inventory);
        let edge_servers = seen.of_each::<ens::Instance>(inventory);
        let groups: Vec<Known> =
            inventory.all::<eci::ContainerGroup>().iter().map(|group| seen.group(&group.head)).collect();
        for (instance, known) in inventory.all_mut::<ecs::Instance>().iter_mut().zip(servers) {
            instance.security_agent = known.agent;
            instance.baseline_risks = known.baseline_risks;
        }
        for (instance, known) in inventory.all_mut::<ens::Instance>().iter_mut().zip(edge_servers) {
            instance.security_agent = known.agent;
        }
        for (group, known) in inventory.all_mut::<eci::ContainerGroup>().iter_mut().zip(groups) {
            group.security_agent = known.agent;
            group.vulnerabilities = known.vulnerabilities;
        }
    }
}

/// What Security Center knows of one server.
struct Known {
    agent: Fact<bool>,
    baseline_risks: Fact<i64>,
    vulnerabilities: Fact<i64>,
}

/// The servers that Security Center sees.
struct Seen {
    /// What it knows of each, by the server's id.
    assets: FxHashMap<String, Known>,
    /// Why a server may be one of those that are listed without an id.
    nameless: Option<Reason>,
    listed: Listed,
}

impl Seen {
    fn of(inventory: &Inventory) -> Self {
        let mut seen = Self { assets: FxHashMap::default(), nameless: None, listed: Listed::of::<Asset>(inventory) };
        for asset in inventory.all::<Asset>() {
            match &asset.instance.state {
                State::Known(id) => {
                    let known = Known {
                        agent: asset.agent_online.clone(),
                        baseline_risks: asset.baseline_risks.clone(),
                        vulnerabilities: asset.vulnerabilities.clone(),
                    };
                    seen.assets.insert(id.to_string(), known);
                }
                State::Absent => {}
                State::Unknown(reason) => seen.nameless = Some(reason.clone()),
            }
        }
        seen
    }

    fn of_each<R: Resource>(&self, inventory: &Inventory) -> Vec<Known> {
        inventory.all::<R>().iter().map(|server| self.conclude(server.head())).collect()
    }

    /// Container groups are listed only where they were asked for beside servers: without any of them in the list, it says
    /// nothing of them. Source: Sas DescribeCloudCenterInstances `MachineTypes`; ECI ids begin with `eci-`.
    fn group(&self, group: &Head) -> Known {
        let listed = self.assets.keys().any(|id| id.starts_with("eci-"));
        if listed {
            self.conclude(group)
        } else {
            unknown(&Reason::NotInEvidence, &derived(NAME, "", self.listed.label))
        }
    }

    fn conclude(&self, server: &Head) -> Known {
        let Some(id) = server.id.value() else {
            // What is not made yet is in no list of servers.
            return unknown(&Reason::NotInEvidence, &derived(NAME, "", server.origin.label));
        };
        if let Some(known) = self.assets.get(id.as_str()) {
            let proof = in_words(
                format!("server {id} in the list of Security Center"),
                format!("云安全中心资产列表中的服务器 {id}"),
            );
            return Known {
                agent: by(&proof, &known.agent),
                baseline_risks: by(&proof, &known.baseline_risks),
                vulnerabilities: by(&proof, &known.vulnerabilities),
            };
        }
        let origin = derived(
            NAME,
            in_words("Security Center does not list the server", "云安全中心资产列表中没有该服务器"),
            self.listed.label,
        );
        match self.listed.gap(server).or(self.nameless.as_ref()) {
            Some(reason) => unknown(reason, &origin),
            None => Known {
                agent: Fact::known(false, origin.clone()),
                baseline_risks: Fact::absent(origin.clone()),
                vulnerabilities: Fact::absent(origin),
            },
        }
    }
}

/// Nothing is known of a server, for that reason.
fn unknown(reason: &Reason, origin: &Origin) -> Known {
    Known {
        agent: Fact::unknown(reason.clone(), origin.clone()),
        baseline_risks: Fact::unknown(reason.clone(), origin.clone()),
        vulnerabilities: Fact::unknown(reason.clone(), origin.clone()),
    }
}

/// The fact as Security Center states it, concluded for the server.
fn by<T: Clone>(proof: &Proof, fact: &Fact<T>) -> Fact<T> {
    Fact { state: fact.state.clone(), origin: derived(NAME, proof.clone(), fact.origin.label) }
}
