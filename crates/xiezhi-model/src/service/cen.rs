//! Cloud Enterprise Network (CEN) and its transit routers.

use crate::record::{record, resource};
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// A CEN instance.
    Cen = "cen.cen", Global {
        /// What is attached to it. Source: CEN DescribeCenAttachedChildInstances.
        children: List<Child>,
    }
}

record! {
    /// What is attached to a CEN instance.
    Child = "cen.cen.child" {
        /// `vpc`, `vbr`, `ccn`. Source: CEN DescribeCenAttachedChildInstances `ChildInstanceType`.
        child_type: Text,
        /// The id (or `set#address`).
        child: Text,
        /// The region. Source: CEN DescribeCenAttachedChildInstances `ChildInstanceRegionId`.
        region: Text,
        /// The account that owns it. Source: CEN DescribeCenAttachedChildInstances `ChildInstanceOwnerId`.
        owner: Text,
    }
}

resource! {
    /// A transit router.
    TransitRouter = "cen.transit-router", Regional {
        /// The CEN instance. Source: CEN ListTransitRouters `CenId`.
        cen: Link<Cen>,
        /// `basic` or `enterprise`. Source: CEN ListTransitRouters `Type`.
        router_type: Text,
        /// The attachments of leased lines (VBR). Source: CEN ListTransitRouterVbrAttachments.
        vbrs: List<Link<Attachment>>,
        /// The attachments of IPsec connections. Source: CEN ListTransitRouterVpnAttachments.
        vpns: List<Link<Attachment>>,
        /// The attachments of Express Connect Routers. Source: CEN ListTransitRouterEcrAttachments.
        ecrs: List<Link<Attachment>>,
    }
}

resource! {
    /// An attachment of a transit router.
    Attachment = "cen.attachment", Regional {
        /// The transit router. Source: CEN ListTransitRouterVpcAttachments `TransitRouterId`.
        transit_router: Link<TransitRouter>,
        /// `vpc`, `vbr`, `vpn`, `ecr` or `peer`.
        attached_type: Text,
        /// The VPC, when it is one. Source: CEN ListTransitRouterVpcAttachments `VpcId`.
        vpc: Link<Vpc>,
        /// What else is attached: the id (or `set#address`) of the VBR, VPN connection, router.
        attached: Text,
        /// The zones of a VPC attachment. Source: CEN ListTransitRouterVpcAttachments `ZoneMappings`.
        zones: List<AttachmentZone>,
        /// Bandwidth of a link between regions in Mbit/s. Source: CEN ListTransitRouterPeerAttachments `Bandwidth`.
        bandwidth: i64,
        /// `attached`, `attaching` …. Source: CEN ListTransitRouterVpcAttachments `Status`.
        status: Text,
        /// Whether the transit router writes its routes into the tables of the VPC. Source: CEN ListTransitRouterVpcAttachments `AutoPublishRouteEnabled`.
        publishes_routes: bool,
    }
}

record! {
    /// What an attachment has in one zone.
    AttachmentZone = "cen.attachment.zone" {
        /// The zone id.
        zone: Text,
        /// The vSwitch.
        vswitch: Link<VSwitch>,
    }
}

resource! {
    /// A route table of a transit router.
    RouteTable = "cen.route-table", Regional {
        /// The transit router.
        transit_router: Link<TransitRouter>,
        /// The attachments it forwards for. Source: CEN ListTransitRouterRouteTableAssociations.
        attachments: List<Link<Attachment>>,
        /// The attachments whose routes code makes it learn; absent where the entries themselves are listed. Source:
        /// terraform-provider-alicloud r/cen_transit_router_route_table_propagation.
        learns: List<Link<Attachment>>,
        /// The entries. Source: CEN ListTransitRouterRouteEntries.
        routes: List<Route>,
    }
}

record! {
    /// One entry of a transit router's table.
    Route = "cen.route-table.route" {
        /// The destination prefix.
        destination: Text,
        /// `active`, `rejected`, `prohibited`, `standby`, `candidate`: only active ones forward. Source: CEN ListTransitRouterRouteEntries.
        status: Text,
        /// `attachment` or `blackhole`.
        hop_type: Text,
        /// The attachment it leads to; absent for `blackhole`.
        attachment: Link<Attachment>,
    }
}

resource! {
    /// The health check of a leased line (VBR) in a CEN instance.
    VbrHealthCheck = "cen.vbr-health-check", Regional {
        /// The CEN instance. Source: CEN DescribeCenVbrHealthCheck `CenId`.
        cen: Link<Cen>,
        /// The id (or `set#address`) of the VBR. Source: CEN DescribeCenVbrHealthCheck `VbrInstanceId`.
        vbr: Text,
    }
}
