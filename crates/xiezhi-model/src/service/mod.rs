//! The kinds of resources, one file per service.
//!
//! To add a kind: declare it in its service's file with `resource!` and name it in [`KINDS`]. To add a field: one line
//! in the struct, one line in each adapter of `xiezhi-read` that can fill it.

pub mod account;
pub mod ack;
pub mod actiontrail;
pub mod adb;
pub mod alb;
pub mod alidns;
pub mod apigateway;
pub mod bastionhost;
pub mod cas;
pub mod cdn;
pub mod cen;
pub mod clickhouse;
pub mod cloudfw;
pub mod cloudsso;
pub mod config;
pub mod cr;
pub mod csg;
pub mod ddos;
pub mod dms;
pub mod dts;
pub mod eci;
pub mod ecs;
pub mod eip;
pub mod elasticsearch;
pub mod emr;
pub mod ens;
pub mod esa;
pub mod ess;
pub mod expressconnect;
pub mod fc;
pub mod flink;
pub mod gpdb;
pub mod gwlb;
pub mod hbase;
pub mod hbr;
pub mod hologram;
pub mod kafka;
pub mod kms;
pub mod lindorm;
pub mod maxcompute;
pub mod mns;
pub mod mongodb;
pub mod mse;
pub mod nas;
pub mod nat;
pub mod nlb;
pub mod oceanbase;
pub mod oss;
pub mod ots;
pub mod pai;
pub mod polardb;
pub mod port;
pub mod privatelink;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod resourcedirectory;
pub mod rocketmq;
pub mod ros;
pub mod sae;
pub mod sas;
pub mod sddp;
pub mod slb;
pub mod sls;
pub mod vpc;
pub mod vpn;
pub mod waf;

use crate::Schema;

/// Every kind of resource, in order of name.
pub const KINDS: &[&Schema] = &[
    account::Account::SCHEMA,
    ack::Cluster::SCHEMA,
    ack::NodePool::SCHEMA,
    actiontrail::Trail::SCHEMA,
    adb::Cluster::SCHEMA,
    alb::Acl::SCHEMA,
    alb::Listener::SCHEMA,
    alb::LoadBalancer::SCHEMA,
    alb::Rule::SCHEMA,
    alb::ServerGroup::SCHEMA,
    alb::TlsPolicy::SCHEMA,
    alidns::Domain::SCHEMA,
    alidns::Record::SCHEMA,
    apigateway::Acl::SCHEMA,
    apigateway::Api::SCHEMA,
    apigateway::Group::SCHEMA,
    apigateway::Instance::SCHEMA,
    apigateway::LogConfig::SCHEMA,
    apigateway::NativeDomain::SCHEMA,
    apigateway::NativeGateway::SCHEMA,
    bastionhost::Instance::SCHEMA,
    cas::Certificate::SCHEMA,
    cdn::Domain::SCHEMA,
    cen::Attachment::SCHEMA,
    cen::Cen::SCHEMA,
    cen::RouteTable::SCHEMA,
    cen::TransitRouter::SCHEMA,
    cen::VbrHealthCheck::SCHEMA,
    clickhouse::Cluster::SCHEMA,
    cloudfw::Asset::SCHEMA,
    cloudfw::CenFirewall::SCHEMA,
    cloudfw::ExpressFirewall::SCHEMA,
    cloudfw::Firewall::SCHEMA,
    cloudfw::NatFirewall::SCHEMA,
    cloudfw::NatPolicy::SCHEMA,
    cloudfw::Policy::SCHEMA,
    cloudfw::TransitFirewall::SCHEMA,
    cloudfw::VpcPolicy::SCHEMA,
    cloudsso::AccessConfiguration::SCHEMA,
    cloudsso::Assignment::SCHEMA,
    cloudsso::Directory::SCHEMA,
    config::Pack::SCHEMA,
    config::Recorder::SCHEMA,
    config::Rule::SCHEMA,
    cr::Instance::SCHEMA,
    cr::Repository::SCHEMA,
    csg::FileShare::SCHEMA,
    cdn::DynamicDomain::SCHEMA,
    ddos::Domain::SCHEMA,
    ddos::Instance::SCHEMA,
    ddos::OriginInstance::SCHEMA,
    ddos::PortRule::SCHEMA,
    ddos::PublicAddress::SCHEMA,
    dms::Instance::SCHEMA,
    dts::Job::SCHEMA,
    eci::ContainerGroup::SCHEMA,
    ecs::AutoSnapshotPolicy::SCHEMA,
    ecs::Command::SCHEMA,
    ecs::Disk::SCHEMA,
    ecs::Image::SCHEMA,
    ecs::Instance::SCHEMA,
    ecs::KeyPair::SCHEMA,
    ecs::LaunchTemplate::SCHEMA,
    ecs::NetworkInterface::SCHEMA,
    ecs::PortList::SCHEMA,
    ecs::PrefixList::SCHEMA,
    ecs::RegionSettings::SCHEMA,
    ecs::SecurityGroup::SCHEMA,
    ecs::Snapshot::SCHEMA,
    eip::Eip::SCHEMA,
    elasticsearch::Instance::SCHEMA,
    emr::Cluster::SCHEMA,
    ens::ForwardEntry::SCHEMA,
    ens::Instance::SCHEMA,
    ens::NatGateway::SCHEMA,
    ens::Network::SCHEMA,
    ens::NetworkAcl::SCHEMA,
    ens::SecurityGroup::SCHEMA,
    esa::HttpsRule::SCHEMA,
    esa::Record::SCHEMA,
    esa::Site::SCHEMA,
    ess::ScalingConfiguration::SCHEMA,
    ess::ScalingGroup::SCHEMA,
    expressconnect::BorderRouter::SCHEMA,
    expressconnect::PhysicalConnection::SCHEMA,
    expressconnect::RouterInterface::SCHEMA,
    fc::CustomDomain::SCHEMA,
    fc::Function::SCHEMA,
    fc::Service::SCHEMA,
    fc::Trigger::SCHEMA,
    flink::Workspace::SCHEMA,
    gpdb::Instance::SCHEMA,
    gwlb::Listener::SCHEMA,
    gwlb::LoadBalancer::SCHEMA,
    gwlb::ServerGroup::SCHEMA,
    hbase::Cluster::SCHEMA,
    hbr::Backup::SCHEMA,
    hbr::Vault::SCHEMA,
    hologram::Backup::SCHEMA,
    hologram::Instance::SCHEMA,
    kafka::Instance::SCHEMA,
    kms::Instance::SCHEMA,
    kms::Key::SCHEMA,
    kms::Secret::SCHEMA,
    lindorm::Instance::SCHEMA,
    lindorm::TimeSeries::SCHEMA,
    maxcompute::Project::SCHEMA,
    mns::Endpoint::SCHEMA,
    mongodb::Instance::SCHEMA,
    mse::Cluster::SCHEMA,
    mse::Gateway::SCHEMA,
    nas::AccessPoint::SCHEMA,
    nas::AccessRule::SCHEMA,
    nas::FileSystem::SCHEMA,
    nas::MountTarget::SCHEMA,
    nat::ForwardEntry::SCHEMA,
    nat::Gateway::SCHEMA,
    nat::SnatEntry::SCHEMA,
    nlb::Listener::SCHEMA,
    nlb::LoadBalancer::SCHEMA,
    nlb::ServerGroup::SCHEMA,
    nlb::TlsPolicy::SCHEMA,
    oceanbase::Cluster::SCHEMA,
    oceanbase::Tenant::SCHEMA,
    oss::AccessPoint::SCHEMA,
    oss::Bucket::SCHEMA,
    oss::Object::SCHEMA,
    ots::Instance::SCHEMA,
    ots::Table::SCHEMA,
    pai::Service::SCHEMA,
    polardb::Cluster::SCHEMA,
    polardb::DistributedInstance::SCHEMA,
    privatelink::Endpoint::SCHEMA,
    privatelink::Service::SCHEMA,
    ram::Group::SCHEMA,
    ram::OidcProvider::SCHEMA,
    ram::PasswordPolicy::SCHEMA,
    ram::Policy::SCHEMA,
    ram::Attachment::SCHEMA,
    ram::Role::SCHEMA,
    ram::SamlProvider::SCHEMA,
    ram::ServiceCredential::SCHEMA,
    ram::User::SCHEMA,
    rds::Instance::SCHEMA,
    rds::RegionSettings::SCHEMA,
    redis::Instance::SCHEMA,
    resourcedirectory::ControlPolicy::SCHEMA,
    resourcedirectory::Directory::SCHEMA,
    resourcedirectory::Member::SCHEMA,
    resourcedirectory::ResourceGroup::SCHEMA,
    rocketmq::Instance::SCHEMA,
    ros::Parameter::SCHEMA,
    ros::Stack::SCHEMA,
    ros::StackInstance::SCHEMA,
    sae::Application::SCHEMA,
    sas::Alert::SCHEMA,
    sas::Asset::SCHEMA,
    sas::BruteForceRule::SCHEMA,
    sas::Center::SCHEMA,
    sas::ImageVulnerability::SCHEMA,
    sas::Vulnerability::SCHEMA,
    sddp::Asset::SCHEMA,
    sddp::Center::SCHEMA,
    slb::Acl::SCHEMA,
    slb::Certificate::SCHEMA,
    slb::Listener::SCHEMA,
    slb::LoadBalancer::SCHEMA,
    slb::ServerGroup::SCHEMA,
    slb::TlsPolicy::SCHEMA,
    sls::Alert::SCHEMA,
    sls::CollectionPolicy::SCHEMA,
    sls::Logstore::SCHEMA,
    sls::Project::SCHEMA,
    vpc::FlowLog::SCHEMA,
    vpc::GatewayEndpoint::SCHEMA,
    vpc::HaVip::SCHEMA,
    vpc::Ipv4Gateway::SCHEMA,
    vpc::Ipv6Address::SCHEMA,
    vpc::Ipv6Gateway::SCHEMA,
    vpc::NetworkAcl::SCHEMA,
    vpc::PeerConnection::SCHEMA,
    vpc::PrefixList::SCHEMA,
    vpc::RouteTable::SCHEMA,
    vpc::Vpc::SCHEMA,
    vpc::VSwitch::SCHEMA,
    vpn::Connection::SCHEMA,
    vpn::Gateway::SCHEMA,
    vpn::SslServer::SCHEMA,
    waf::Domain::SCHEMA,
    waf::Instance::SCHEMA,
    waf::ProtectedObject::SCHEMA,
    waf::Rule::SCHEMA,
    waf::Template::SCHEMA,
];

/// The kind with that name.
pub fn kind(name: &str) -> Option<&'static Schema> {
    KINDS.iter().copied().find(|schema| schema.kind == name)
}
