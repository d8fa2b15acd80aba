//! `xiezhi ask` about the network of a ROS template: routes, gateways and public addresses as the template declares them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::run;
use std::path::Path;

fn stack() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates/stack").to_str().unwrap().to_owned()
}

/// The template with one text put for another.
fn changed(from: &str, to: &str) -> tempfile::TempDir {
    let text = std::fs::read_to_string(Path::new(&stack()).join("stack.yaml")).unwrap();
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stack.yaml"), text.replacen(from, to, 1)).unwrap();
    folder
}

#[test]
fn the_internet_reaches_what_has_an_address_and_nothing_stays_open() {
    let (_, text, notes) = run(&["exposed", &stack()]);
    assert_eq!(notes, "");
    assert!(text.starts_with("Ways in from the internet that are proven: 2; that stay open: 0."), "{text}");
    assert!(text.contains("Bastion  [yes]") && text.contains("ports: tcp/22"), "{text}");
    assert!(text.contains("through: EIP Eip") && text.contains("ports: tcp/443"), "{text}");
    assert!(run(&["reach", "Database", &stack()]).1.starts_with("No: the internet does not reach Database."));
}

#[test]
fn a_route_to_the_nat_gateway_makes_a_private_tier_and_its_own_table_is_named() {
    let (_, text, _) = run(&["separated", &stack()]);
    assert!(text.contains("route to the internet: BackTable route 1") && text.contains("tier: private"), "{text}");
}

#[test]
fn whether_a_declared_ipv4_gateway_is_on_cannot_be_told_from_a_template() {
    let gateway = "  Gateway:\n    Type: ALIYUN::VPC::Ipv4Gateway\n    Properties: { VpcId: { Ref: Vpc } }\n  Front:";
    let folder = changed("  Front:", gateway);
    let (_, text, _) = run(&["exposed", folder.path().to_str().unwrap()]);
    assert!(text.starts_with("Nothing is proven to be reached; 2 targets stay open"), "{text}");
}

#[test]
fn a_table_whose_routes_cannot_be_read_leaves_what_hangs_on_it_open() {
    let folder = changed(
        "RouteTableId: { 'Fn::GetAtt': [BackTable, RouteTableId] }\n      DestinationCidrBlock",
        "RouteTableId: { Ref: SomeParameter }\n      DestinationCidrBlock",
    );
    let (_, text, _) = run(&["separated", folder.path().to_str().unwrap()]);
    assert!(!text.contains("tier: private"), "{text}");
}
