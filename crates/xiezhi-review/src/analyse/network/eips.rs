//! Elastic IP addresses and high-availability virtual addresses (network semantics §3.3).

use std::net::{IpAddr, Ipv4Addr};

use xiezhi_model::service::{ecs, eip, nat, vpc};
use xiezhi_model::{Link, Reason, State};
use xiezhi_net::model::{Binding, Bound, Eip, EipMode, HaVip, Seen};

use super::convert::{Converter, id_of};
use super::interfaces::member;
use super::ways::known;

/// The elastic IP addresses.
pub(super) fn eips(converter: &mut Converter<'_>) -> Vec<Eip> {
    let inventory = converter.inventory;
    inventory
        .all::<eip::Eip>()
        .iter()
        .map(|stated| {
            let id = id_of(&stated.head);
            converter.rests(&id, &stated.bound_to);
            let address = address_of_eip(converter, stated);
            if let IpAddr::V4(v4) = address {
                converter.name_address(&id, v4);
            }
            let bound = match binding(converter, stated) {
                Ok(Some(binding)) => Seen::Known(binding),
                Ok(None) => Seen::Absent,
                Err(reason) => {
                    converter.blind(&stated.head, &reason);
                    Seen::Missing(converter.gap(format!("what {id} is bound to"), &reason))
                }
            };
            let locked = stated.locks.value().is_some_and(|locks| !locks.items.is_empty());
            Eip { id, address, bound, locked }
        })
        .collect()
}

/// The address of an EIP; one that stands for it before the provider assigns it.
pub(super) fn address_of_eip(converter: &mut Converter<'_>, stated: &eip::Eip) -> IpAddr {
    let address: Option<IpAddr> = stated.address.value().and_then(|text| text.parse().ok());
    address.unwrap_or_else(|| converter.placeholder_for(&id_of(&stated.head)).into())
}

fn binding(converter: &Converter<'_>, stated: &eip::Eip) -> Result<Option<Binding>, Reason> {
    let to = match &stated.bound_to.state {
        State::Known(to) => to.clone(),
        State::Absent => return Ok(None),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let kind = known(&stated.bound_type, "what the EIP is bound to")?;
    let private = match &stated.private_ip.state {
        State::Known(text) => {
            Some(text.parse::<Ipv4Addr>().map_err(|_| Reason::not_understood(format!("the address `{text}`")))?)
        }
        State::Absent => None,
        // Which of its addresses the EIP stands for matters to rules that are narrowed to own addresses only.
        State::Unknown(_) => None,
    };
    let head = &stated.head;
    let to = match kind.as_str() {
        "ecs-instance" => Bound::Instance(converter.follow(head, &Link::<ecs::Instance>::id(to))),
        "network-interface" => Bound::Interface(converter.follow(head, &Link::<ecs::NetworkInterface>::id(to))),
        "ha-vip" => Bound::HaVip(converter.follow(head, &Link::<vpc::HaVip>::id(to))),
        "nat" => Bound::Nat(converter.follow(head, &Link::<nat::Gateway>::id(to))),
        "slb-instance" => Bound::Balancer(super::balancers::named(converter, head, &to)),
        "ip-address" => match private {
            Some(address) => Bound::Address(converter.follow(head, &Link::<vpc::Vpc>::id(to)), address),
            None => return Err(Reason::NotInEvidence),
        },
        other => return Err(Reason::not_understood(format!("the EIP binding `{other}`"))),
    };
    let mode = match &stated.mode.state {
        State::Known(word) if word == "cut-through" => EipMode::CutThrough,
        State::Known(word) if word == "multi-bound" => EipMode::Multi,
        State::Known(word) if word == "nat" => EipMode::Nat,
        State::Known(word) => return Err(Reason::not_understood(format!("the EIP mode `{word}`"))),
        State::Absent => EipMode::Nat,
        State::Unknown(reason) => return Err(reason.clone()),
    };
    Ok(Some(Binding { to, private, mode }))
}

/// The high-availability virtual addresses that can be placed.
pub(super) fn havips(converter: &mut Converter<'_>) -> Vec<HaVip> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for stated in inventory.all::<vpc::HaVip>() {
        let id = id_of(&stated.head);
        let vpc = match converter.link(&stated.head, "VPC", &stated.vpc) {
            Seen::Known(vpc) => Some(vpc),
            // A source that names the vSwitch only means the VPC by it.
            Seen::Absent | Seen::Missing(_) => stated.vswitch.value().and_then(|link| {
                let vswitch = inventory.follow_as::<vpc::VSwitch>(Some(&stated.head), &link.target)?;
                converter.link(&vswitch.head, "VPC", &vswitch.vpc).known().cloned()
            }),
        };
        let address = stated.address.value().and_then(|text| text.parse().ok());
        let (Some(vpc), Some(address)) = (vpc, address) else {
            converter.blind(&stated.head, &Reason::NotInEvidence);
            continue;
        };
        let members = converter.seen(&id, "members", &stated.members, |list| match &list.more {
            Some(reason) => Err(reason.clone()),
            None => Ok(list.items.clone()),
        });
        let members = match members {
            Seen::Known(items) => Seen::Known(items.iter().map(|name| member(converter, &stated.head, name)).collect()),
            Seen::Absent => Seen::Absent,
            Seen::Missing(what) => {
                converter.blind(&stated.head, &converter.reason_of(&what));
                Seen::Missing(what)
            }
        };
        all.push(HaVip { id, vpc, address, members });
    }
    all
}
