//! Endpoints of managed services and their allow-lists (section 7), one packet at a time.

use std::net::IpAddr;

use super::Walk;
use super::filters::Decision;
use super::matching::{Judge, unknown};
use crate::assume::{Assumption, Truth};
use crate::model::{Id, IpVersion, Seen, Service, ServiceEndpoint};
use crate::path::{Entry, Target, Trace};
use crate::set::Flow;

impl Judge<'_> {
    /// Section 7: a public endpoint of a managed service, and its allow-list.
    pub(super) fn through_endpoint(&self, service: &Service, endpoint: &ServiceEndpoint, flow: &Flow) -> Option<Trace> {
        if flow.protocol != 6 || flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return None;
        }
        let mut walk = Walk::new();
        walk.hop(&service.id, flow, || {
            let public = match &endpoint.public {
                Seen::Known(public) => Truth::known(*public),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            };
            Decision::new(public, "DB-3", Some(&endpoint.id))
        });
        walk.hop(&service.id, flow, || Decision::new(self.listens(endpoint, flow.port), "DB-3", Some(&endpoint.id)));
        walk.hop(&service.id, flow, || Decision::new(self.allowed(endpoint, flow.source), "DB-1", Some(&endpoint.id)));
        Some(walk.end(
            Some(Entry::Endpoint(service.id.clone(), endpoint.id.clone())),
            Target::Endpoint(service.id.clone(), endpoint.id.clone()),
        ))
    }

    /// DB-3: whether an endpoint has a port; one that is not in evidence is assumed to be the product's documented one.
    pub(super) fn listens(&self, endpoint: &ServiceEndpoint, port: u16) -> Truth {
        let among = |ports: &[(u16, u16)]| ports.iter().any(|(low, high)| *low <= port && port <= *high);
        match &endpoint.ports {
            Seen::Known(ports) => Truth::known(among(ports)),
            Seen::Absent => Truth::No,
            Seen::Missing(what) if among(&endpoint.usual) => {
                self.choose(Assumption::DefaultPort, Truth::Yes, unknown(what.clone()))
            }
            Seen::Missing(what) => unknown(what.clone()),
        }
    }

    /// DB-1: the union of IP groups, or the private address of a member of a linked group.
    pub(super) fn allowed(&self, endpoint: &ServiceEndpoint, client: IpAddr) -> Truth {
        let listed = match &endpoint.allow {
            Seen::Known(nets) if nets.iter().any(|net| net.trunc().contains(&client)) => Truth::Yes,
            Seen::Known(_) if endpoint.bare.contains(&IpVersion::of(client)) => self.readings.of(Assumption::BareEntry),
            Seen::Known(_) => Truth::No,
            Seen::Absent => return Truth::Yes,
            Seen::Missing(what) => unknown(what.clone()),
        };
        let linked = match &endpoint.allow_groups {
            _ if self.is_internet(client) => Truth::No,
            Seen::Absent => Truth::No,
            Seen::Missing(what) => unknown(what.clone()),
            Seen::Known(groups) => {
                let member = |group: &Id| {
                    self.estate
                        .members(group)
                        .iter()
                        .any(|eni| eni.addresses.iter().any(|own| IpAddr::V4(*own) == client))
                };
                match self.estate.net.enis.missing.first() {
                    _ if groups.iter().any(member) => Truth::Yes,
                    Some(what) if !groups.is_empty() => unknown(what.clone()),
                    _ => Truth::No,
                }
            }
        };
        listed.or(linked)
    }
}
