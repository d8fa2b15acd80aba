//! What is concluded about web protection: applications without WAF, addresses without Anti-DDoS, and in the inventory
//! also the ways around guards. Sources: network semantics §6.1, §6.2, EDGE-6.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rustc_hash::FxHashMap;
use xiezhi_model::service::{apigateway, ddos, ecs, eip, fc, mse, nlb, slb, waf};
use xiezhi_model::{Fact, Head, Inventory, Label, List, Reason, Text};
use xiezhi_net::assume::{Reasons, Truth};
use xiezhi_net::model::{GuardKind, Id, Network, Seen};
use xiezhi_net::reach::Report;
use xiezhi_net::set::Ports;
use xiezhi_net::web::{self, Application, Deciding, Scrubbed, What};

use super::super::evidence::Listed;
use super::super::{Proof, derived, in_words};
use super::convert::{Converter, id_of, is_placeholder};
use super::exposure::{Ways, strangers};
use super::web_bypass::{self, Around, Fronts, reason_of};

pub(super) type Texts = Fact<List<Text>>;

/// What was concluded, in the order of the inventory.
pub(super) struct Concluded {
    instances: Vec<(Texts, Fact<bool>)>,
    classic: Vec<(Texts, Fact<bool>)>,
    network: Vec<Texts>,
    application: Vec<Fact<bool>>,
    eips: Vec<Fact<bool>>,
    groups: Vec<Fact<bool>>,
    triggers: Vec<Fact<bool>>,
    native: Vec<Fact<bool>>,
    gateways: Vec<Fact<bool>>,
    around: FxHashMap<Id, Around>,
    fronts: Fronts,
}

/// Concludes for every application, guard and public address.
pub(super) fn conclude(name: &str, converter: &Converter<'_>, network: &Network, report: &Report) -> Concluded {
    let inventory = converter.inventory;
    let instance_of: FxHashMap<&Id, &Id> =
        network.enis.iter().filter_map(|eni| Some((&eni.id, eni.instance.as_ref()?))).collect();
    let mut by_resource: FxHashMap<Id, Vec<Application>> = FxHashMap::default();
    for application in web::applications(network, report) {
        let resource = match &application.what {
            What::Interface(eni) => instance_of.get(eni).map(|id| (*id).clone()),
            What::Listener(balancer, _) => Some(balancer.clone()),
            What::App(..) => None,
        };
        if let Some(resource) = resource {
            by_resource.entry(resource).or_default().push(application);
        }
    }
    let asked =
        Asked { name, converter, network, by_resource, ways: Ways::of(inventory), scrubbed: Scrubbed::of(network) };
    let balancer = |head: &Head| {
        let id = id_of(head);
        network.balancers.iter().find(|balancer| balancer.id == id)
    };
    let mut addresses: FxHashMap<&Id, BTreeSet<IpAddr>> = FxHashMap::default();
    for eni in &network.enis {
        if let Some(instance) = &eni.instance {
            addresses.entry(instance).or_default().extend(eni.public.iter().map(|own| IpAddr::V4(own.public)));
        }
    }
    Concluded {
        instances: inventory
            .all::<ecs::Instance>()
            .iter()
            .map(|one| {
                let own = addresses.get(&id_of(&one.head)).cloned().unwrap_or_default();
                (asked.unguarded(&one.head), asked.protected(&one.head, &own))
            })
            .collect(),
        classic: inventory
            .all::<slb::LoadBalancer>()
            .iter()
            .map(|one| {
                let own = balancer(&one.head).and_then(|balancer| balancer.public.known());
                let own = own.into_iter().flatten().copied().collect();
                (asked.unguarded(&one.head), asked.protected(&one.head, &own))
            })
            .collect(),
        network: inventory.all::<nlb::LoadBalancer>().iter().map(|one| asked.unguarded(&one.head)).collect(),
        application: inventory
            .all::<xiezhi_model::service::alb::LoadBalancer>()
            .iter()
            .map(|one| asked.inspected(&one.head))
            .collect(),
        eips: inventory
            .all::<eip::Eip>()
            .iter()
            .zip(&network.eips.items)
            .map(|(stated, eip)| {
                if stated.bound_to.is_absent() {
                    return Fact::absent(derived(
                        name,
                        in_words("it is bound to nothing", "未绑定任何资源"),
                        stated.bound_to.origin.label,
                    ));
                }
                asked.protected(&stated.head, &BTreeSet::from([eip.address]))
            })
            .collect(),
        groups: inventory.all::<apigateway::Group>().iter().map(|one| asked.application(&one.head)).collect(),
        triggers: inventory.all::<fc::Trigger>().iter().map(|one| asked.application(&one.head)).collect(),
        native: inventory.all::<apigateway::NativeGateway>().iter().map(|one| asked.application(&one.head)).collect(),
        gateways: inventory.all::<mse::Gateway>().iter().map(|one| asked.application(&one.head)).collect(),
        around: web_bypass::around(name, converter, network, report),
        fronts: Fronts::of(name, converter, network, |head| asked.unseen(head)),
    }
}

/// Writes what was concluded into the inventory.
pub(super) fn fill(inventory: &mut Inventory, concluded: Concluded) {
    let Concluded { instances, classic, network, application, eips, groups, triggers, .. } = concluded;
    let (native, gateways, mut around, fronts) =
        (concluded.native, concluded.gateways, concluded.around, concluded.fronts);
    for (one, (ports, ddos)) in inventory.all_mut::<ecs::Instance>().iter_mut().zip(instances) {
        (one.web_unguarded, one.ddos_protected) = (ports, ddos);
    }
    for (one, (ports, ddos)) in inventory.all_mut::<slb::LoadBalancer>().iter_mut().zip(classic) {
        (one.web_unguarded, one.ddos_protected) = (ports, ddos);
    }
    inventory.all_mut::<nlb::LoadBalancer>().iter_mut().zip(network).for_each(|(one, ports)| one.web_unguarded = ports);
    let balancers = inventory.all_mut::<xiezhi_model::service::alb::LoadBalancer>().iter_mut();
    balancers.zip(application).for_each(|(one, waf)| one.waf = waf);
    inventory.all_mut::<eip::Eip>().iter_mut().zip(eips).for_each(|(one, ddos)| one.ddos_protected = ddos);
    inventory.all_mut::<apigateway::Group>().iter_mut().zip(groups).for_each(|(one, waf)| one.waf = waf);
    inventory.all_mut::<fc::Trigger>().iter_mut().zip(triggers).for_each(|(one, waf)| one.waf = waf);
    inventory.all_mut::<apigateway::NativeGateway>().iter_mut().zip(native).for_each(|(one, waf)| one.waf = waf);
    inventory.all_mut::<mse::Gateway>().iter_mut().zip(gateways).for_each(|(one, waf)| one.waf = waf);
    web_bypass::fill(inventory, &mut around);
    fronts.fill(inventory);
}

fn text(ports: &Ports, protocol: &str) -> Vec<Text> {
    ports
        .iter()
        .map(|(first, last)| match first == last {
            true => Text::from(format!("{protocol}/{first}")),
            false => Text::from(format!("{protocol}/{first}-{last}")),
        })
        .collect()
}

struct Asked<'a> {
    name: &'a str,
    converter: &'a Converter<'a>,
    network: &'a Network,
    by_resource: FxHashMap<Id, Vec<Application>>,
    ways: Ways<'a>,
    scrubbed: Scrubbed,
}

impl Asked<'_> {
    /// Why there may be ways in to a resource beyond those that were found.
    fn unseen(&self, head: &Head) -> Option<Reason> {
        self.converter.blind_near(head).or_else(|| self.ways.gap(head)).cloned()
    }

    fn label(&self, head: &Head) -> Label {
        let inventory = self.converter.inventory;
        let own = self.converter.label(&id_of(head)).unwrap_or(head.origin.label);
        own.weakest(Listed::of::<waf::Instance>(inventory).label)
    }

    /// The web ports that the internet reaches with no WAF that blocks before them.
    fn unguarded(&self, head: &Head) -> Texts {
        let gap = self.network.web.guards.missing.first().map(|what| self.converter.reason_of(what));
        let (mut items, mut doubt, mut proof) = (BTreeSet::new(), None, Vec::new());
        for application in self.by_resource.get(&id_of(head)).into_iter().flatten() {
            for (number, name) in [(6, "tcp"), (17, "udp")] {
                let certain = strangers(&application.certain, number);
                let possible = strangers(&application.possible, number);
                let web::WafPorts { surely, perhaps, mut open } = application.waf_ports();
                let sure = certain.subtract(&surely).subtract(&perhaps);
                let may = possible.subtract(&surely);
                if gap.is_none() {
                    let ports = text(&sure, name);
                    if !ports.is_empty() {
                        let list = ports.join(", ");
                        proof.push(match application.address.filter(|address| !is_placeholder(*address)) {
                            Some(address) => in_words(
                                format!("no WAF that blocks before {address} {list}"),
                                format!("{address} {list} 前没有处于拦截模式的 WAF"),
                            ),
                            None => in_words(
                                format!("no WAF that blocks before its public address {list}"),
                                format!("其公网地址 {list} 前没有处于拦截模式的 WAF"),
                            ),
                        });
                    }
                    items.extend(ports);
                }
                if gap.is_some() && !may.is_empty() {
                    doubt = doubt.or_else(|| gap.clone());
                } else if may != sure {
                    open.extend(if let Truth::Unknown(reasons) = &application.reached {
                        reasons.clone()
                    } else {
                        Reasons::new()
                    });
                    doubt = doubt.or_else(|| Some(reason_of(self.converter, &open)));
                }
            }
        }
        let more = doubt.or_else(|| self.unseen(head));
        if proof.is_empty() {
            proof.push(in_words("no web application without WAF was found", "未发现缺少 WAF 的 Web 应用"));
        }
        Fact::known(
            List { items: items.into_iter().collect(), more },
            derived(self.name, Proof::of(&proof), self.label(head)),
        )
    }

    /// Whether Anti-DDoS beyond the free stands before every one of some addresses.
    fn protected(&self, head: &Head, addresses: &BTreeSet<IpAddr>) -> Fact<bool> {
        let inventory = self.converter.inventory;
        let label = self.label(head).weakest(Listed::of::<ddos::Instance>(inventory).label);
        let label = label.weakest(Listed::of::<ddos::OriginInstance>(inventory).label);
        if addresses.is_empty() {
            let origin = derived(self.name, in_words("it has no public address of its own", "自身没有公网地址"), label);
            return match self.unseen(head) {
                Some(reason) => Fact::unknown(reason, origin),
                None => Fact::absent(origin),
            };
        }
        let told: Vec<(&IpAddr, Truth)> =
            addresses.iter().map(|address| (address, self.scrubbed.before(*address))).collect();
        if told.iter().all(|(_, covered)| covered.is_yes()) {
            return Fact::known(true, derived(self.name, in_words("Anti-DDoS covers it", "已由 DDoS 防护覆盖"), label));
        }
        let mut bare = told.iter().filter(|(_, covered)| covered.is_no()).map(|(address, _)| *address).peekable();
        if bare.peek().is_none() {
            let open: Reasons = told.iter().flat_map(|(_, covered)| web_bypass::reasons(covered)).collect();
            return Fact::unknown(reason_of(self.converter, &open), derived(self.name, "", label));
        }
        let named: Vec<String> = bare.filter(|a| !is_placeholder(**a)).map(ToString::to_string).collect();
        let proof = match named.is_empty() {
            true => in_words(
                "only the free basic protection stands before its public address",
                "其公网地址前只有免费的基础防护",
            ),
            false => {
                let named = named.join(", ");
                in_words(
                    format!("only the free basic protection stands before {named}"),
                    format!("{named} 前只有免费的基础防护"),
                )
            }
        };
        Fact::known(false, derived(self.name, proof, label))
    }

    /// Whether WAF inspects what an application load balancer forwards.
    fn inspected(&self, head: &Head) -> Fact<bool> {
        let id = id_of(head);
        let mut guards = self.network.web.guards.iter();
        let guard = guards.find(|guard| guard.kind == GuardKind::WafNative && guard.resource.as_ref() == Some(&id));
        let label = self.label(head);
        match guard {
            Some(guard) => {
                let origin = derived(self.name, waf_object(&guard.id), label);
                match &guard.running {
                    Seen::Known(on) => Fact::known(*on, origin),
                    Seen::Absent => Fact::unknown(Reason::NotCollected, origin),
                    Seen::Missing(what) => Fact::unknown(self.converter.reason_of(what), origin),
                }
            }
            None => {
                let origin =
                    derived(self.name, in_words("no object of WAF names it", "没有 WAF 防护对象指向它"), label);
                match self.network.web.guards.missing.first() {
                    Some(what) => Fact::unknown(self.converter.reason_of(what), origin),
                    None => Fact::known(false, origin),
                }
            }
        }
    }

    /// Whether WAF stands before every name of an application without an address.
    fn application(&self, head: &Head) -> Fact<bool> {
        let id = id_of(head);
        let label = self.label(head);
        let Some(app) = self.network.web.apps.iter().find(|app| app.id == id) else {
            return Fact::absent(derived(
                self.name,
                in_words("the internet does not call it", "互联网无法调用它"),
                label,
            ));
        };
        let gap = self.network.web.guards.missing.first().map(|what| self.converter.reason_of(what));
        let Some((truth, deciding)) = web::app_behind_waf(app, &self.network.web.guards.items) else {
            return Fact::absent(derived(
                self.name,
                in_words("it has no name on the internet", "它在互联网上没有域名"),
                label,
            ));
        };
        let proof = match deciding {
            Deciding::Guard(guard) => waf_object(&guard),
            Deciding::Every => in_words("WAF stands before every name", "每个域名前都有 WAF"),
            Deciding::Default => {
                in_words("the provider's default domain answers without WAF", "服务商的默认域名不经 WAF 即可访问")
            }
            Deciding::Domain(domain) => in_words(
                format!("no WAF that blocks stands before {domain}"),
                format!("{domain} 前没有处于拦截模式的 WAF"),
            ),
        };
        let origin = derived(self.name, proof, label);
        match (truth, gap) {
            (Truth::Yes, _) => Fact::known(true, origin),
            (Truth::No, None) => Fact::known(false, origin),
            (Truth::No, Some(reason)) => Fact::unknown(reason, origin),
            (Truth::Unknown(reasons), _) => Fact::unknown(reason_of(self.converter, &reasons), origin),
        }
    }
}

fn waf_object(id: &Id) -> Proof {
    in_words(format!("WAF object {id}"), format!("WAF 防护对象 {id}"))
}
