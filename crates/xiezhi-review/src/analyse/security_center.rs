//! What Security Center knows of each server of ECS and ENS: whether it sees it, its agent, its failed baseline items.
//! Source: Sas DescribeCloudCenterInstances, one entry for each server.

use rustc_hash::FxHashMap;
use xiezhi_model::service::sas::Asset;
use xiezhi_model::service::{ecs, ens};
use xiezhi_model::{Fact, Head, Inventory, Reason, Resource, State};

use super::evidence::Listed;
use super::{Analysis, derived, in_words};

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
        for (instance, (agent, risks)) in inventory.all_mut::<ecs::Instance>().iter_mut().zip(servers) {
            instance.security_agent = agent;
            instance.baseline_risks = risks;
        }
        for (instance, (agent, _)) in inventory.all_mut::<ens::Instance>().iter_mut().zip(edge_servers) {
            instance.security_agent = agent;
        }
    }
}

/// The servers that Security Center sees.
struct Seen {
    /// The agent of each, and its failed baseline items, by the server's id.
    assets: FxHashMap<String, (Fact<bool>, Fact<i64>)>,
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
                    seen.assets.insert(id.to_string(), (asset.agent_online.clone(), asset.baseline_risks.clone()));
                }
                State::Absent => {}
                State::Unknown(reason) => seen.nameless = Some(reason.clone()),
            }
        }
        seen
    }

    fn of_each<R: Resource>(&self, inventory: &Inventory) -> Vec<(Fact<bool>, Fact<i64>)> {
        inventory.all::<R>().iter().map(|server| self.conclude(server.head())).collect()
    }

    fn conclude(&self, server: &Head) -> (Fact<bool>, Fact<i64>) {
        let Some(id) = server.id.value() else {
            // What is not made yet is in no list of servers.
            let origin = derived(NAME, "", server.origin.label);
            return (
                Fact::unknown(Reason::NotInEvidence, origin.clone()),
                Fact::unknown(Reason::NotInEvidence, origin),
            );
        };
        if let Some((agent, risks)) = self.assets.get(id.as_str()) {
            let proof = in_words(
                format!("server {id} in the list of Security Center"),
                format!("云安全中心资产列表中的服务器 {id}"),
            );
            let agent = Fact { state: agent.state.clone(), origin: derived(NAME, proof.clone(), agent.origin.label) };
            let risks = Fact { state: risks.state.clone(), origin: derived(NAME, proof, risks.origin.label) };
            return (agent, risks);
        }
        let origin = derived(
            NAME,
            in_words("Security Center does not list the server", "云安全中心资产列表中没有该服务器"),
            self.listed.label,
        );
        match self.listed.gap(server).or(self.nameless.as_ref()) {
            Some(reason) => (Fact::unknown(reason.clone(), origin.clone()), Fact::unknown(reason.clone(), origin)),
            None => (Fact::known(false, origin.clone()), Fact::absent(origin)),
        }
    }
}
