//! EIP answers (the product code is `vpc`).

use xiezhi_model::service::eip::Eip;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::map::eip::{bound_type, eip_mode};
use crate::terraform::map::vpc::only;
use crate::words::{lower, values};

/// The calls about EIPs.
pub const CALLS: &[Call] = &[Call::listing("vpc", "DescribeEipAddresses", "EipAddresses.EipAddress", Eip::SCHEMA, eip)];

fn eip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AllocationId"), |e: &mut Eip| {
        e.head.name = f.opt_text("Name");
        e.address = f.text("IpAddress");
        e.bound_type = bound_type(f.opt_text("InstanceType"));
        e.bound_to = f.opt_text("InstanceId");
        e.load_balancer = only(f, &e.bound_type, "slb-instance", f.link("InstanceId"));
        e.private_ip = f.opt_text("PrivateIpAddress");
        e.mode = eip_mode(f.text_or("Mode", "NAT", "VPC DescribeEipAddresses"));
        e.bandwidth = f.int("Bandwidth");
        e.bandwidth_package = f.opt_text("BandwidthPackageId");
        e.deletion_protection = f.bool("DeletionProtection");
        e.security_protection = f.opt_texts("SecurityProtectionTypes.SecurityProtectionType");
        e.locks = f.opt_records("OperationLocks.LockReason", |l| lower(l.text("LockReason"))).map(values);
    });
}
