//! PrivateLink: endpoints and endpoint services.

use crate::record::{record, resource};
use crate::service::ecs::{NetworkInterface, SecurityGroup};
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// An endpoint: the consumer's side.
    Endpoint = "privatelink.endpoint", Regional {
        /// The VPC. Source: PrivateLink ListVpcEndpoints `VpcId`.
        vpc: Link<Vpc>,
        /// `interface`, `gatewayloadbalancer` or `reverse`. Source: PrivateLink ListVpcEndpoints `EndpointType`.
        endpoint_type: Text,
        /// The service; unknown when only its name is given. Source: PrivateLink ListVpcEndpoints `ServiceId`.
        service: Link<Service>,
        /// The service's name. Source: PrivateLink ListVpcEndpoints `ServiceName`.
        service_name: Text,
        /// The security groups. Source: PrivateLink ListVpcEndpointSecurityGroups.
        security_groups: List<Link<SecurityGroup>>,
        /// The zones it has addresses in. Source: PrivateLink ListVpcEndpointZones `Zones`.
        zones: List<Text>,
        /// Its network interfaces in the VPC. Source: PrivateLink ListVpcEndpointZones `Zones[].EniId`.
        interfaces: List<Link<NetworkInterface>>,
        /// Where it has an interface of its own. Source: PrivateLink ListVpcEndpointZones `Zones`.
        places: List<EndpointPlace>,
        /// The policy as JSON; absent when there is none. Source: PrivateLink GetVpcEndpointAttribute `PolicyDocument`.
        policy: Text,
        /// `connected`, `pending`, `disconnected` …. Source: PrivateLink ListVpcEndpoints `ConnectionStatus`.
        connection: Text,
    }
}

record! {
    /// Where an endpoint has an interface.
    EndpointPlace = "privatelink.endpoint.place" {
        /// The zone id. Source: PrivateLink ListVpcEndpointZones `ZoneId`.
        zone: Text,
        /// The vSwitch. Source: PrivateLink ListVpcEndpointZones `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The private address. Source: PrivateLink ListVpcEndpointZones `EniIp`.
        address: Text,
    }
}

resource! {
    /// An endpoint service: the provider's side.
    Service = "privatelink.service", Regional {
        /// Whether connections are accepted without asking. Source: PrivateLink ListVpcEndpointServices `AutoAcceptEnabled`.
        auto_accept: bool,
        /// What it consists of: `slb`, `alb`, `nlb`, `gwlb`. Source: PrivateLink ListVpcEndpointServices `ServiceResourceType`.
        resource_type: Text,
        /// The ids (or `set#address`) of the load balancers behind it. Source: PrivateLink ListVpcEndpointServiceResources `ResourceId`.
        resources: List<Text>,
        /// The zones of those. Source: PrivateLink ListVpcEndpointServiceResources `ZoneId`.
        zones: List<Text>,
        /// The accounts that may connect; `*` is everybody. Source: PrivateLink ListVpcEndpointServiceUsers.
        users: List<Text>,
    }
}
