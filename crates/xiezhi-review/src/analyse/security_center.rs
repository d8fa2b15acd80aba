//! What Security Center knows of each ECS instance: whether it sees it, its agent, its failed baseline items. Source:
//! Sas DescribeCloudCenterInstances, one entry for each server.

use rustc_hash::FxHashMap;
use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::sas::Asset;
use xiezhi_model::{Fact, Inventory, Reason, State};

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
        let listed = Listed::of::<Asset>(inventory);
        let mut assets: FxHashMap<&str, &Asset> = FxHashMap::default();
        let mut nameless = None;
        for asset in inventory.all::<Asset>() {
            match &asset.instance.state {
                State::Known(id) => {
                    assets.insert(id.as_str(), asset);
                }
                State::Absent => {}
                State::Unknown(reason) => nameless = Some(reason.clone()),
            }
        }
        let concluded: Vec<(Fact<bool>, Fact<i64>)> = inventory
            .all::<Instance>()
            .iter()
            .map(|instance| {
                let Some(id) = instance.head.id.value() else {
                    // What is not made yet is in no list of servers.
                    let origin = derived(NAME, "", instance.head.origin.label);
                    return (
                        Fact::unknown(Reason::NotInEvidence, origin.clone()),
                        Fact::unknown(Reason::NotInEvidence, origin),
                    );
                };
                if let Some(asset) = assets.get(id.as_str()) {
                    let proof = in_words(
                        format!("server {id} in the list of Security Center"),
                        format!("云安全中心资产列表中的服务器 {id}"),
                    );
                    let origin = |fact: &Fact<bool>| derived(NAME, proof.clone(), fact.origin.label);
                    let agent = Fact { state: asset.agent_online.state.clone(), origin: origin(&asset.agent_online) };
                    let risks = Fact {
                        state: asset.baseline_risks.state.clone(),
                        origin: derived(NAME, proof.clone(), asset.baseline_risks.origin.label),
                    };
                    return (agent, risks);
                }
                let origin = derived(
                    NAME,
                    in_words("Security Center does not list the server", "云安全中心资产列表中没有该服务器"),
                    listed.label,
                );
                match listed.gap(&instance.head).or(nameless.as_ref()) {
                    Some(reason) => {
                        (Fact::unknown(reason.clone(), origin.clone()), Fact::unknown(reason.clone(), origin))
                    }
                    None => (Fact::known(false, origin.clone()), Fact::absent(origin)),
                }
            })
            .collect();
        for (instance, (agent, risks)) in inventory.all_mut::<Instance>().iter_mut().zip(concluded) {
            instance.security_agent = agent;
            instance.baseline_risks = risks;
        }
    }
}
